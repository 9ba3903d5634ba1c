import { SmsError } from '../errors.ts'
import type { SentMessage } from '../provider.ts'
import type { StoredMessage, Transition } from '../store/store.ts'
import { readError, readReport, readSettlement } from './answers.ts'
import { ofSameAttempt } from './carrier.ts'
import type { Carrier } from './carrier.ts'
import { concernsCarrier } from './retry.ts'
import { outgoing } from './send.ts'
import { askedAgain, notTaken, reported, taken, unresolved } from './transitions.ts'

/** Asks the carrier once what became of a message, and commits the answer. Never rejects. */
export async function askOnce(message: StoredMessage, carrier: Carrier): Promise<void> {
  const { clock } = carrier
  const ask = message.record.state === 'unknown' ? settle : query
  let apply: Transition
  try {
    apply = await ask(message, carrier)
  } catch (thrown) {
    // What we called off was not asked; its lease brings it again.
    if (carrier.isClosed()) return
    const answered = !concernsCarrier(readError(thrown, 'SMS_PROVIDER'))
    apply = current => askedAgain(current, clock.now(), answered)
  }
  await carrier.commit(message, ofSameAttempt(message, apply))
}

async function settle(message: StoredMessage, { provider, clock, call }: Carrier): Promise<Transition> {
  if (!provider.settle) return current => unresolved(current, clock.now())
  const settlement = readSettlement(
    await call(async signal => provider.settle!(outgoing(message, clock.now()), { signal })),
  )
  if (settlement.outcome === 'taken')
    return current => taken(current, settlement.receipt, clock.now(), provider.asksForReports ?? false)
  if (settlement.outcome === 'open') return current => askedAgain(current, clock.now(), true)
  const error = new SmsError('SMS_SERVER', 'the carrier did not take the message')
  return current => notTaken(current, error, clock.now())
}

async function query(message: StoredMessage, { provider, clock, call }: Carrier): Promise<Transition> {
  const report = readReport(await call(async signal => provider.queryStatus?.(sent(message), { signal })))
  return current => {
    const nowMs = clock.now()
    const next = (report && reported(current, report, nowMs)) ?? current
    return next.job === 'ask' ? askedAgain(next, nowMs, true) : next
  }
}

/** What `queryStatus` and `cancel` need to know of a message. */
export function sent(message: StoredMessage): SentMessage {
  const { id, to = '', providerMessageId } = message.record
  return { id, to, ...(providerMessageId !== undefined && { providerMessageId }) }
}
