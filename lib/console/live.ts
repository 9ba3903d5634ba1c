import type { Clock } from '../clock.ts'
import type { SmsRecord, SmsState } from '../message.ts'
import type { LiveNews } from './views.ts'

export interface Live {
  /** Somebody looks: for a while there is somebody to tell. */
  watched(): void
}

/** What there is to hear; each returned function ends it. */
export interface LiveSource {
  on(event: 'message' | 'received', hear: (record: SmsRecord) => void): () => void
  on(event: 'provider', hear: (report: { readonly id: string }) => void): () => void
}

/** Four times a second is as fast as anybody reads. */
const EVERY_MS = 250
/** A console asks again every fifteen seconds; one that did not has gone. */
const WATCHED_MS = 40_000
const TOGETHER_MS = 20
const MOST = 100

/** Tells news at most four times a second, however many there are; listens to nothing while nobody looks. */
export function createLive(source: LiveSource, clock: Clock, publish: (news: LiveNews) => void): Live {
  let watchedUntilMs = -Infinity
  let toldMs = -Infinity
  let stops: readonly (() => void)[] = []
  let isDue = false
  let news = nothingNew()

  function note(add: () => void): void {
    if (clock.steadyMs() >= watchedUntilMs) {
      for (const stop of stops) stop()
      stops = []
      return
    }
    add()
    if (isDue) return
    isDue = true
    // Not at once: what belongs together happens together.
    clock.after(Math.max(toldMs + EVERY_MS - clock.steadyMs(), TOGETHER_MS), tell)
  }

  function tell(): void {
    const { changed, received, providers, more } = news
    news = nothingNew()
    isDue = false
    toldMs = clock.steadyMs()
    publish({ changed: [...changed], received, providers: [...providers], ...(more && { more }) })
  }

  const listen = () => [
    source.on('message', ({ id, state }) =>
      note(() => {
        if (news.changed.size < MOST || news.changed.has(id)) news.changed.set(id, state)
        else news.more = true
      }),
    ),
    source.on('received', () =>
      note(() => {
        news.received += 1
      }),
    ),
    source.on('provider', ({ id }) => note(() => news.providers.add(id))),
  ]

  return {
    watched() {
      watchedUntilMs = clock.steadyMs() + WATCHED_MS
      if (stops.length === 0) stops = listen()
    },
  }
}

const nothingNew = () => ({
  changed: new Map<string, SmsState>(),
  providers: new Set<string>(),
  received: 0,
  more: false,
})
