import { SmsError } from '../errors.ts'
import { deadlineMs, silenceMs } from './commands.ts'
import type { Answer, CommandOptions } from './contract.ts'
import { BODY_WRITTEN } from './errors.ts'

/** A command somebody waits for. */
export interface Job {
  readonly command: string
  readonly body: string | undefined
  readonly onBody: CommandOptions['onBody']
  /** How long its answer is waited for, in milliseconds, and how long a silence amid it; see `commands.ts`. */
  readonly timeoutMs: number
  readonly silenceMs: number | undefined
  readonly urgent: boolean
  /** True once nobody waits any more. */
  readonly settled: boolean
  resolve(answer: Answer): void
  /** With `bodyWritten` the reason says that it may have been done. */
  reject(error: SmsError, bodyWritten?: boolean): void
}

/** A job and the promise of its answer; `onAbort` is told when its signal calls it off. */
export function createJob(
  command: string,
  { body, onBody, timeoutMs = deadlineMs(command), urgent = false, signal }: CommandOptions,
  onAbort: (job: Job) => void,
): { job: Job; answer: Promise<Answer> } {
  let resolve: (answer: Answer) => void = () => {}
  let reject: (error: SmsError) => void = () => {}
  const answer = new Promise<Answer>((...ends) => ([resolve, reject] = ends))
  let settled = false
  const abort = () => onAbort(job)
  const settle = () => {
    settled = true
    signal?.removeEventListener('abort', abort)
  }
  const job: Job = {
    command,
    body,
    onBody,
    timeoutMs,
    silenceMs: silenceMs(command),
    urgent,
    get settled() {
      return settled
    },
    resolve(answered) {
      if (settled) return
      settle()
      resolve(answered)
    },
    reject(error, bodyWritten = false) {
      if (settled) return
      settle()
      reject(bodyWritten ? inDoubt(error) : error)
    },
  }
  signal?.addEventListener('abort', abort)
  return { job, answer }
}

function inDoubt(error: SmsError): SmsError {
  return new SmsError(error.code, error.message, {
    providerCode: error.providerCode,
    retryable: false,
    cause: BODY_WRITTEN,
  })
}
