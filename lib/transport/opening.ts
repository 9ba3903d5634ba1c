import { SmsError } from '../errors.ts'

/** How an opening ends: by one of these, whichever is called first. */
export interface Opening<T> {
  done(opened: T): void
  fail(error: SmsError): void
}

/**
 * Opens something within `OPEN_MS`. `begin` starts it and returns what undoes it; that is called when `signal` or the
 * time ends it, with `SMS_CANCELLED` or `SMS_CONNECTION`, and so must work at any moment.
 */
export function opening<T>(
  signal: AbortSignal,
  what: string,
  begin: (opening: Opening<T>) => () => void,
  timeoutMs = OPEN_MS,
): Promise<T> {
  if (signal.aborted) return Promise.reject(calledOff(what))
  return new Promise((resolve, reject) => {
    let ended = false
    let givenUp = false
    let undo = () => {}
    const end = (settle: () => void) => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      settle()
    }
    const giveUp = (error: SmsError) =>
      end(() => {
        givenUp = true
        undo()
        reject(error)
      })
    const abort = () => giveUp(calledOff(what))
    const timer = setTimeout(() => {
      giveUp(new SmsError('SMS_CONNECTION', `${what} did not open within ${timeoutMs / 1000} s`))
    }, timeoutMs)
    signal.addEventListener('abort', abort)
    undo = begin({ done: opened => end(() => resolve(opened)), fail: error => end(() => reject(error)) })
    if (givenUp) undo()
  })
}

/** The longest an opening may take, in milliseconds. */
const OPEN_MS = 10_000

const calledOff = (what: string): SmsError => new SmsError('SMS_CANCELLED', `opening ${what} was called off`)
