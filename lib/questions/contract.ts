import type { Composition, Failure, Via } from '../compose.ts'
import type { SmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import type { Question } from './book.ts'
import type { Judge, Verdict } from './judge.ts'

/** Questions to people, and who waits for their answers: they outlive deploys and restarts. */
export interface Questions {
  /**
   * A node is there to ask, and to hear how its questions of before end. Only when it knows them does anything that
   * comes in go elsewhere.
   */
  attach(owner: string, asker: Asker): Attached
  /** Whether a message that comes in through a provider may be an answer. */
  awaits(providerNode: string): boolean
  /**
   * Offers what came in to the open questions, the oldest first; resolves to whether one has taken it, after the flow
   * has it. Never rejects.
   */
  take(record: SmsRecord): Promise<boolean>
  /** The flows have started: questions of nodes that are not there any more are dropped. */
  flowsStarted(): void
  /** Ends every waiting and what still tries to write; what is open goes on after the next start. */
  close(): void
}

/** The node that asks. */
export interface Asker {
  /** How long each try waits for an answer. */
  readonly timeoutMs: number
  /** How often a question is repeated. */
  readonly retries: number
  /** The text of a repetition; empty: the same again. */
  readonly retryText: string
  readonly judge: Judge
  /** Hands an end to the flow. The question is forgotten when that is done: should the process end before, it comes again. */
  ended(question: Question, end: End): void | Promise<void>
  /** Told how many of its questions are open. */
  open(count: number): void
}

/** How a question ended; `asked` is the record of its latest message, where there is one. */
export type End =
  | (Verdict & { readonly answer: SmsRecord; readonly asked: SmsRecord | undefined })
  | { readonly end: 'timedOut'; readonly asked: SmsRecord | undefined }
  | { readonly end: 'failed'; readonly error: SmsError; readonly asked: SmsRecord | undefined }

export interface Attached {
  /**
   * Asks each recipient; resolves when the questions are on their way, to those that cannot be asked. `opened` is told
   * of each question before anything can become of it. Rejects with `SmsError` where nobody can be asked.
   */
  ask(wanted: Wanted, via: Via, opened: (question: Question) => void): Promise<readonly Failure[]>
  /** The node closes: its questions wait for the next of its id, or are dropped where there will be none. */
  close(removed: boolean): void
}

export interface Wanted extends Omit<Composition, 'onDoubt'> {
  /** Plain data that `ended` gets back, also after a restart. */
  readonly copy: Readonly<Record<string, unknown>>
}
