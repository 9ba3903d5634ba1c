import { checkLength, commonOf, draftOf, readContent } from './content.ts'
import type { Composed, Composition, Content, Failure, Via } from './content.ts'
import { SmsError } from './errors.ts'
import type { SmsErrorCode } from './errors.ts'
import type { Sending } from './outbox/draft.ts'
import type * as Phone from './phone.ts'
import type { MessageDraft, Provider } from './provider.ts'
import { composeRouted } from './router/compose-routed.ts'

export type { Composition, Failure, Via } from './content.ts'

/**
 * One sending per recipient, checked as far as it can be before anything is stored; through a router, one for each of
 * the ways it chose. Throws `SmsError` where nothing at all can be sent (no recipient, no text); bad recipients among
 * good ones are `failures`.
 */
export async function compose(wanted: Composition, via: Via, nowMs: number): Promise<Composed> {
  const content = readContent(wanted, nowMs)
  return via.provider.router ? composeRouted(content, via, nowMs) : composeDirect(content, via, nowMs)
}

async function composeDirect(content: Content, { id, provider }: Via, nowMs: number): Promise<Composed> {
  const { recipients, failures } = await readRecipients(content.wanted.to, provider)
  checkLength(content.given, provider)
  const cut = content.cut()
  const sendings: Sending[] = []
  const refused: Failure[] = [...failures]
  for (const to of recipients) {
    try {
      const timed = atItsTime(draftOf(content, cut, to), content.sendAtMs, provider, nowMs)
      provider.check?.(timed.draft)
      sendings.push({
        ...timed,
        lane: id,
        providerName: provider.name,
        parts: cut.parts.length,
        encoding: cut.encoding,
        ...commonOf(content, content.wanted.options),
      })
    } catch (error) {
      if (!(error instanceof SmsError)) throw error
      refused.push({ to, ...error.toJSON() })
    }
  }
  return { sendings, failures: refused }
}

/** The error an input ends with whose recipients, or some of them, failed: the first one's code, and how many. */
export function failuresError(failures: readonly Failure[], of: number): SmsError {
  const [first] = failures
  const code: SmsErrorCode = first?.code ?? 'SMS_PROVIDER'
  const who = of === 1 ? '' : `${failures.length} of ${of} recipients failed: ${first?.to}: `
  return new SmsError(code, `${who}${first?.message}`, { providerCode: first?.providerCode })
}

let phone: Promise<typeof Phone> | undefined

async function readRecipients(
  to: unknown,
  provider: Provider,
): Promise<{ recipients: readonly string[]; failures: readonly Failure[] }> {
  // Loaded here, as the metadata of all countries is 0.5 MB that a flow without SMS nodes should not pay for.
  const { parseRecipients, splitRecipients } = await (phone ??= import('./phone.ts'))
  const named = splitRecipients(to)
  const read = parseRecipients(named.length > 0 ? named : provider.numbers.defaultRecipients, provider.numbers)
  if (read.recipients.length + read.failures.length === 0)
    throw new SmsError('SMS_REQUEST', 'the message names no recipient')
  return read
}

/** A message for later waits here, unless the carrier can hold it: then it goes to the carrier at once. */
function atItsTime(
  draft: MessageDraft,
  sendAtMs: number | undefined,
  provider: Provider,
  nowMs: number,
): Pick<Sending, 'draft' | 'notBeforeMs'> {
  if (sendAtMs === undefined) return { draft }
  if (provider.holdsUntil?.(draft, sendAtMs, nowMs)) return { draft: { ...draft, sendAtMs } }
  return { draft, notBeforeMs: sendAtMs }
}
