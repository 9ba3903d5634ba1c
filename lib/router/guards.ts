import type { Clock } from '../clock.ts'
import { SmsError } from '../errors.ts'
import { createAllowList } from '../inbox/filter.ts'
import { quote } from '../quote.ts'
import { createBudget } from './budget.ts'
import type { GuardedMessage, Verdict } from './facts.ts'
import { createFlood } from './flood.ts'
import { createCategories, readList } from './lists.ts'
import { createZone, endOfWindow, isWithin } from './local-time.ts'
import { readWindow } from './conditions.ts'

/** Asks all guards of a router about messages that are about to be stored; see `Router.admit`. */
export type Guards = (messages: readonly GuardedMessage[]) => Promise<readonly Verdict[]>

export interface GuardEffects {
  readonly clock: Clock
  /** Durable notes of the router. Reject with `SMS_STORE`. */
  readonly notes: {
    get(key: string): Promise<string | undefined>
    set(key: string, value: string): Promise<void>
  }
  /** Told once when the flood breaker opens, and for how long. */
  readonly onFlood: (error: SmsError, pauseMs: number) => void
}

/**
 * Guards as the flow file has them, every field optional: `allow` (numbers, or beginnings with `*`), `perRecipient` and
 * `perDay` (messages a day), `floodMessages`, `floodMinutes`, `floodPause` (minutes), `quietFrom`, `quietTo`, `quiet`
 * (`hold` or `refuse`), `timeZone`, `exempt` (categories). Throws `SMS_CONFIG`.
 */
export function createGuards(given: unknown, { clock, notes, onFlood }: GuardEffects): Guards {
  const fields = readFields(given)
  const isAllowed = createAllowList(readList(fields['allow']).join(','))
  const isExempt = createCategories(readList(fields['exempt']))
  const zone = createZone(readList(fields['timeZone'])[0])
  const quiet = readWindow(fields['quietFrom'], fields['quietTo'])
  const holds = fields['quiet'] !== 'refuse'
  const perRecipient = readNumber(fields['perRecipient'], 'messages to one recipient a day')
  const perDay = readNumber(fields['perDay'], 'messages a day')
  const budget =
    perRecipient === undefined && perDay === undefined
      ? undefined
      : createBudget({
          ...notes,
          ...(perRecipient !== undefined && { perRecipient }),
          ...(perDay !== undefined && { perDay }),
        })
  const flood = readFlood()
  let turn: Promise<unknown> = Promise.resolve()

  function readFlood() {
    const messages = readNumber(fields['floodMessages'], 'messages that are a flood')
    if (messages === undefined) return undefined
    const minutes = readNumber(fields['floodMinutes'], 'minutes of a flood') ?? 1
    const pauseMs = (readNumber(fields['floodPause'], 'minutes of rest after a flood') ?? 10) * 60_000
    return createFlood({ messages, withinMs: minutes * 60_000, pauseMs }, clock, () => {
      const text = `more than ${messages} messages within ${minutes} min: is there a loop? None goes for ${pauseMs / 60_000} min`
      onFlood(blocked(text), pauseMs)
    })
  }

  /** What can be said without counting. */
  function first({ to, atMs }: GuardedMessage): Verdict {
    if (!isAllowed(to)) return { refused: blocked(`${to} is not among the recipients that are allowed`) }
    if (!quiet || !isWithin(quiet, zone(atMs).minute)) return undefined
    if (holds) return { holdUntilMs: endOfWindow(quiet, atMs, zone) }
    return { refused: blocked('these are quiet hours') }
  }

  async function admit(messages: readonly GuardedMessage[]): Promise<readonly Verdict[]> {
    const verdicts = messages.map(message => (isExempt(message.category) ? undefined : first(message)))
    const counted = messages.flatMap((message, index) => {
      const verdict = verdicts[index]
      return isExempt(message.category) || (verdict && 'refused' in verdict) ? [] : [index]
    })
    const left: number[] = []
    for (const index of counted) {
      if (flood && !flood.take()) {
        verdicts[index] = { refused: blocked(`too many messages: none goes for ${minutes(flood.openMs())} more min`) }
      } else left.push(index)
    }
    if (!budget || left.length === 0) return verdicts
    const recipients = left.map(index => messages[index]!.to)
    const answers = await budget.take(recipients, zone(clock.now()).date)
    for (const [place, index] of left.entries()) {
      if (answers[place] === 'day')
        verdicts[index] = { refused: blocked(`the ${perDay} messages of this day are used up`) }
      if (answers[place] === 'recipient') {
        const who = quote(recipients[place]!)
        verdicts[index] = { refused: blocked(`the ${perRecipient} messages of this day to ${who} are used up`) }
      }
    }
    return verdicts
  }

  return messages => {
    // One after the other, so that no two inputs take the same last place.
    const answer = turn.then(() => admit(messages))
    turn = answer.catch(() => {})
    return answer
  }
}

const FIELDS: ReadonlySet<string> = new Set([
  'allow',
  'perRecipient',
  'perDay',
  'floodMessages',
  'floodMinutes',
  'floodPause',
  'quietFrom',
  'quietTo',
  'quiet',
  'timeZone',
  'exempt',
])

function readFields(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined || given === null || given === '') return {}
  if (typeof given !== 'object' || Array.isArray(given)) throw new SmsError('SMS_CONFIG', 'the guards are an object')
  const unknown = Object.keys(given).find(name => !FIELDS.has(name))
  // A misspelt guard must not let everything through.
  if (unknown !== undefined) throw new SmsError('SMS_CONFIG', `there is no guard ${quote(unknown)}`)
  return given as Readonly<Record<string, unknown>>
}

/** A number above 0; nothing where it is left out. */
function readNumber(given: unknown, name: string): number | undefined {
  const [text] = readList(given)
  if (text === undefined) return undefined
  const number = Number(text)
  if (!(number > 0 && Number.isFinite(number)))
    throw new SmsError('SMS_CONFIG', `${name}: ${quote(text)} is no number above 0`)
  return number
}

const blocked = (reason: string): SmsError => new SmsError('SMS_BLOCKED', reason)

const minutes = (ms: number): number => Math.ceil(ms / 60_000)
