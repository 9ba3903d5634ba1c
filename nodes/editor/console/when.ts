import { language } from './texts.ts'

/** A time as people write it: without the day where that is today. */
export function shortTime(iso: string, now = new Date()): string {
  const time = new Date(iso)
  const isToday = time.toDateString() === now.toDateString()
  const format: Intl.DateTimeFormatOptions = isToday
    ? { hour: '2-digit', minute: '2-digit', second: '2-digit' }
    : { day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit' }
  return time.toLocaleString(language(), format)
}

/** A time in full. */
export const fullTime = (iso: string): string =>
  new Date(iso).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'medium' })

/** Calls `run` at once, and what is asked for meanwhile once more, at most every `ms`. */
export function throttled(ms: number, run: () => void): () => void {
  let isWaiting = false
  let isWanted = false
  const go = (): void => {
    isWanted = false
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      if (isWanted) go()
    }, ms)
    run()
  }
  return () => {
    if (isWaiting) isWanted = true
    else go()
  }
}
