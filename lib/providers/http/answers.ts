import { SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { HttpAnswer } from '../../http.ts'
import type { Receipt } from '../../provider.ts'
import { parseRetryAfter } from '../../retry-after.ts'
import { compileCondition, isFine } from './condition.ts'
import type { Answer, Verdict } from './condition.ts'
import type { Excerpt } from './excerpt.ts'
import { compilePointer, textAt } from './pointer.ts'
import type { HttpSettings } from './settings.ts'
import { readAnswer } from './source.ts'
import { compileErrorCodes } from './words.ts'

/** What an answer to a sending means: the receipt. Throws `SmsError` for a refusal, and for what leaves it in doubt. */
export type Judge = (answer: HttpAnswer, host: string, nowMs: number) => Receipt

/** Compiles how answers are understood. Throws `SMS_CONFIG`. */
export function compileJudge(settings: HttpSettings, excerpt: Excerpt): Judge {
  const isTaken = compileCondition(settings.success, 'the condition of success')
  const findId = settings.idPath.trim() === '' ? undefined : compilePointer(settings.idPath, 'the path of the id')
  const findCode = compilePointer(settings.errorPath, 'the path of the error code')
  const meaningOf = compileErrorCodes(settings.errorCodes)

  return (given, host, nowMs) => {
    const answer = readAnswer(given)
    const verdict = isTaken(answer)
    const says = `${host} answered ${answer.status}${excerpt(answer.text)}`
    if (verdict === 'yes') {
      const providerMessageId = findId && (textAt(findId, answer) || undefined)
      // A gate on the way, such as that of a hotel, answers 200 too. Another status was asked for by name.
      if (findId && providerMessageId === undefined && isFine(answer.status))
        throw new SmsError('SMS_UNKNOWN', `${says}, without an id: it may or may not have taken the message`)
      return providerMessageId === undefined ? {} : { providerMessageId }
    }
    const providerCode = codeIn(textAt(findCode, answer), excerpt)
    const code =
      (providerCode === undefined ? undefined : meaningOf(providerCode)) ??
      classify(answer, verdict, settings, providerCode)
    const doubt = code === 'SMS_UNKNOWN' ? ': it may or may not have taken the message' : ''
    throw new SmsError(code, says + doubt, {
      providerCode,
      retryAfterMs: parseRetryAfter(answer.headers['retry-after'], nowMs),
    })
  }
}

function classify(
  { status }: Answer,
  verdict: Verdict,
  { serverErrors }: HttpSettings,
  providerCode: string | undefined,
): SmsErrorCode {
  if (isFine(status)) return verdict === 'no' || providerCode !== undefined ? 'SMS_SEND' : 'SMS_UNKNOWN'
  // 408: the server lost patience with the request, of which it may have read enough.
  if (status >= 400 && status < 500 && status !== 408) return STATUSES[status] ?? 'SMS_REQUEST'
  return status >= 500 && serverErrors === 'retry' ? 'SMS_SERVER' : 'SMS_UNKNOWN'
}

const STATUSES: Readonly<Record<number, SmsErrorCode>> = {
  401: 'SMS_AUTH',
  402: 'SMS_CREDIT',
  403: 'SMS_AUTH',
  407: 'SMS_AUTH',
  429: 'SMS_LIMITS',
}

const LONGEST_CODE = 40

/** Undefined also for what would show a secret. */
function codeIn(found: string | undefined, excerpt: Excerpt): string | undefined {
  if (found === undefined || found === '' || found.length > LONGEST_CODE) return undefined
  return excerpt(found) === '' ? undefined : found
}
