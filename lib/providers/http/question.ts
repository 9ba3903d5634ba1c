import { SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { HttpClient } from '../../http.ts'
import type { Call, Finding, OutgoingMessage, SentMessage, Settlement, StatusReport } from '../../provider.ts'
import { parseRetryAfter } from '../../retry-after.ts'
import { compileCondition, isFine } from './condition.ts'
import type { Answer } from './condition.ts'
import { compilePointer, textAt } from './pointer.ts'
import type { Reports } from './reports.ts'
import { compileQuestion } from './request.ts'
import type { HttpSettings } from './settings.ts'
import { readAnswer } from './source.ts'
import { accountValues, knownTo } from './values.ts'
import { NAMES } from './placeholders.ts'

/** Asks the carrier about messages, where the settings say how. */
export interface Questions {
  queryStatus(message: SentMessage, call: Call): Promise<StatusReport | undefined>
  /** Only where a message is found by our own id. */
  settle?(message: OutgoingMessage, call: Call): Promise<Settlement>
  /** Asks about a message that does not exist: who knows no secret is told so before that. */
  probe(call: Call): Promise<Finding>
}

const NO_MESSAGE: SentMessage = {
  id: '00000000-0000-7000-8000-000000000000',
  providerMessageId: '00000000-0000-7000-8000-000000000000',
  to: '+10000000000',
}

/** A message that is not there so long after the attempt was not taken. */
const GRACE_MS = 60_000

/** Compiles the questions. Throws `SMS_CONFIG`. */
export function createQuestions(
  settings: HttpSettings,
  reports: Reports,
  http: HttpClient,
  nowMs: () => number,
): Questions | undefined {
  if (settings.statusUrl.trim() === '') return undefined
  const request = compileQuestion(settings, knownTo(settings, new Set([...NAMES, 'providerMessageId'])))
  const findState = compilePointer(settings.statusPath, 'the path of the state')
  if (settings.statusPath.trim() === '') throw new SmsError('SMS_CONFIG', 'the path of the state is missing')
  const isMissing =
    settings.missing.trim() === '' ? undefined : compileCondition(settings.missing, 'the sign of absence')
  const findId = compilePointer(settings.idPath, 'the path of the id')

  async function ask({ id, to, providerMessageId }: SentMessage, { signal }: Call): Promise<Answer> {
    const values = { ...accountValues(settings), id, to, toNoPlus: to.replace(/^\+/, ''), providerMessageId }
    return readAnswer(await http.request({ ...request.render(values), repeatable: true, signal }))
  }

  const needsTheirId = request.names.has('providerMessageId')
  const isByOurId = request.names.has('id') && !needsTheirId

  return {
    async probe(call) {
      const answer = await ask(NO_MESSAGE, call)
      const { host } = new URL(settings.statusUrl)
      refused(answer, host, nowMs())
      // An answer in the carrier's own words; some say «no login» with 200, too.
      const isTheirs = isMissing?.(answer) === 'yes' || reports.stateOf(textAt(findState, answer) ?? '') !== undefined
      return { outcome: isTheirs ? 'worked' : 'reached', facts: { server: `${host} (HTTP ${answer.status})` } }
    },

    async queryStatus(message, call) {
      if (needsTheirId && message.providerMessageId === undefined) return undefined
      const answer = await ask(message, call)
      if (!isFine(answer.status)) return refused(answer, new URL(settings.statusUrl).host, nowMs())
      const state = textAt(findState, answer)
      return state === undefined ? undefined : reports.of({ id: message.id, state, error: undefined })
    },

    ...(isByOurId &&
      ({
        async settle(message, call) {
          const answer = await ask(message, call)
          if (isMissing?.(answer) === 'yes') {
            return { outcome: nowMs() - message.attemptedAtMs >= GRACE_MS ? 'notTaken' : 'open' }
          }
          const state = isFine(answer.status) ? reports.stateOf(textAt(findState, answer) ?? '') : undefined
          if (state === undefined) return { outcome: 'open' }
          const providerMessageId = textAt(findId, answer)
          return {
            outcome: 'taken',
            receipt: {
              ...(providerMessageId && { providerMessageId }),
              state: state === 'delivered' ? 'delivered' : 'accepted',
            },
          }
        },
      } satisfies Partial<Questions>)),
  }
}

/** Undefined where the carrier only does not know the message. */
function refused({ status, headers }: Answer, host: string, nowMs: number): undefined {
  const code = STATUSES.find(([pattern]) => pattern.test(String(status)))?.[1]
  if (code === undefined) return undefined
  const retryAfterMs = parseRetryAfter(headers['retry-after'], nowMs)
  throw new SmsError(code, `${host} answered ${status} when asked about a message`, { retryAfterMs })
}

const STATUSES: readonly (readonly [RegExp, SmsErrorCode])[] = [
  [/^40[13]$/, 'SMS_AUTH'],
  [/^429$/, 'SMS_LIMITS'],
  [/^5/, 'SMS_SERVER'],
]
