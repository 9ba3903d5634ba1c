import type { Clock } from '../../clock.ts'
import type { StatusReport } from '../../provider.ts'

/** Reports that may come before the answer to the very sending they report on. */
export interface EarlyReports {
  /** Resolves after the commit, or so soon that the server can go on; rejects where it could not be stored. */
  report(report: StatusReport): Promise<unknown>
  /** Runs a sending, and reports after it what nobody knew of while it ran. */
  during<T>(sending: () => Promise<T>): Promise<T>
}

export interface EarlyOptions {
  readonly clock: Clock
  readonly reported: (report: StatusReport) => Promise<boolean>
}

/** A report of a message that is known is stored by then. */
const SOON_MS = 100

/**
 * smsframework tells of a message while it sends it, and answers the sending only when that was taken. Such a report
 * names a message by an id that is not known here before that answer: who waited for it would wait for ever.
 */
export function createEarlyReports({ clock, reported }: EarlyOptions): EarlyReports {
  const early: StatusReport[] = []
  let sendings = 0

  return {
    async report(report) {
      // Ours name it by our own id, too.
      if (report.id !== undefined || sendings === 0) return reported(report)
      const telling = reported(report).then(isNews => {
        if (isNews) return
        early.push(report)
        if (sendings === 0) tellEarly()
      })
      // What fails later was answered already.
      telling.catch(() => {})
      return soonerOf(telling)
    },

    async during(sending) {
      sendings += 1
      try {
        return await sending()
      } finally {
        sendings -= 1
        if (sendings === 0) tellEarly()
      }
    },
  }

  function soonerOf(telling: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(SOON_MS, resolve)
      telling.then(resolve, reject).finally(cancel)
    })
  }

  function tellEarly(): void {
    for (const report of early.splice(0)) void reported(report).catch(() => {})
  }
}
