import { createGateway } from '../../lib/gateway.ts'
import type { Gateway } from '../../lib/gateway.ts'
import type { SmsRecord } from '../../lib/message.ts'
import type { IncomingMessage, Provider, ProviderHost } from '../../lib/provider.ts'
import { createJudge } from '../../lib/questions/judge.ts'
import type { Question } from '../../lib/questions/book.ts'
import type { Asker, Attached, End } from '../../lib/questions/contract.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import type { Store } from '../../lib/store/store.ts'
import { fakeCarrier } from './carrier.ts'
import type { FakeCarrier } from './carrier.ts'
import { createManualClock } from './clock.ts'
import type { ManualClock } from './clock.ts'
import { createFaultyStore } from './faulty-store.ts'
import type { StoreFaults } from './faulty-store.ts'

export const ANN = '+12025550144'
export const BOB = '+12025550178'
export const MINUTE_MS = 60_000

/** A gateway with a carrier and a node that asks, with a clock and a store that tests command. */
export interface QuestionsUnderTest {
  readonly gateway: Gateway
  readonly clock: ManualClock
  readonly faults: StoreFaults
  readonly carrier: FakeCarrier
  /** What became of questions, as `question: end answer`. */
  readonly ends: string[]
  readonly ended: { readonly question: Question; readonly end: End }[]
  /** What went to those who listen to everything. */
  readonly heard: SmsRecord[]
  /** Nobody listens any more. */
  unlisten(): void
  /** How many questions are open, each time that was told. */
  readonly counts: number[]
  ask(text: string, to?: unknown, fields?: object): Promise<readonly object[]>
  /** Somebody texts. */
  text(text: string, from?: string, fields?: Partial<IncomingMessage>): Promise<void>
  /** The node closes and is there again, as with a deploy. */
  redeploy(asker?: Partial<Asker>): Promise<void>
  /** The node is closed; `removed` as Node-RED says it. */
  leave(removed: boolean): void
  /** Loses what is not stored, lets time pass, and starts again. */
  restart(asker?: Partial<Asker>, downMs?: number): Promise<QuestionsUnderTest>
}

export interface QuestionsOptions {
  readonly clock?: ManualClock
  readonly kept?: Store
  readonly asker?: Partial<Asker>
  readonly provider?: Partial<Provider>
}

export async function createQuestionsUnderTest(options: QuestionsOptions = {}): Promise<QuestionsUnderTest> {
  const { clock = createManualClock(), kept = createMemoryStore() } = options
  const { store, faults } = createFaultyStore(kept, clock)
  const gateway = createGateway({ store, clock, random: () => 0, log: () => {} })
  let host: ProviderHost | undefined
  const carrier = fakeCarrier({ start: given => void (host = given), ...options.provider })
  const stop = gateway.use('p', carrier)
  const ends: string[] = []
  const ended: { question: Question; end: End }[] = []
  const heard: SmsRecord[] = []
  const counts: number[] = []

  const asker = (fields: Partial<Asker> = {}): Asker => ({
    timeoutMs: MINUTE_MS,
    retries: 0,
    retryText: '',
    judge: createJudge({ match: '', matchType: 'any', refuse: 'no' }),
    ended(question, end) {
      ended.push({ question, end })
      const how = 'answer' in end ? ` ${end.answer.text}` : 'error' in end ? ` ${end.error.code}` : ''
      ends.push(`${question.text}: ${end.end}${how}`)
    },
    open: count => void counts.push(count),
    ...fields,
  })
  let attached: Attached = gateway.questions.attach('node', asker(options.asker))
  gateway.flowsStarted()
  const listening = gateway.inbox.listen(undefined, record => void heard.push(record))
  await clock.advance(0)

  return {
    gateway,
    clock,
    faults,
    carrier,
    ends,
    ended,
    heard,
    counts,
    unlisten: listening,
    async ask(text, to = ANN, fields = {}) {
      const failures = attached.ask(
        { to, text, options: {}, copy: { about: text }, ...fields },
        gateway.find('p')!,
        () => {},
      )
      failures.catch(() => {})
      await clock.advance(0)
      return failures
    },
    async text(text, from = ANN, fields = {}) {
      await host!.received({ from, text, ...fields })
      await clock.advance(0)
    },
    async redeploy(fields) {
      gateway.flowsStopping()
      attached.close(false)
      attached = gateway.questions.attach('node', asker(fields))
      gateway.flowsStarted()
      await clock.advance(0)
    },
    leave: removed => attached.close(removed),
    async restart(fields = options.asker ?? {}, downMs = 0) {
      await clock.advance(0)
      faults.fails = () => true
      listening()
      attached.close(false)
      gateway.questions.close()
      gateway.inbox.close()
      gateway.inbox.end()
      const stopped = stop()
      await clock.advance(2_000)
      await stopped
      gateway.outbox.close()
      clock.setWall(clock.now() + downMs)
      await kept.open(clock.now())
      return createQuestionsUnderTest({ ...options, clock, kept, asker: fields })
    },
  }
}
