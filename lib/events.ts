/** Tells those who hear; while they cannot yet, or no longer, events wait. */
export interface Events<E> {
  /** The returned function ends it. */
  on<N extends keyof E>(event: N, hear: (value: E[N]) => void): () => void
  emit<N extends keyof E>(event: N, value: E[N]): void
  open(): void
  close(): void
}

/** Events that wait; beyond this the oldest are let go, as history has them. */
const MAX_WAITING = 10_000

/** `copies` makes what each hearer gets for its own; `onError` is told when one of them throws. */
export function createEvents<E extends object>(
  copies: { readonly [N in keyof E]: (value: E[N]) => E[N] },
  onError: (event: keyof E) => void,
): Events<E> {
  const hearers = new Map<keyof E, Set<(value: never) => void>>()
  let waiting: (() => void)[] = []
  let isOpen = false

  function tell<N extends keyof E>(event: N, value: E[N]): void {
    for (const hear of (hearers.get(event) ?? []) as Iterable<(value: E[N]) => void>) {
      try {
        hear(copies[event](value))
      } catch {
        onError(event)
      }
    }
  }

  return {
    on(event, hear) {
      const hears = hearers.get(event) ?? new Set()
      hearers.set(event, hears.add(hear))
      return () => void hears.delete(hear)
    },
    emit(event, value) {
      if (isOpen) return tell(event, value)
      waiting.push(() => tell(event, value))
      if (waiting.length > MAX_WAITING) waiting.shift()
    },
    open() {
      isOpen = true
      const due = waiting
      waiting = []
      for (const tellNow of due) tellNow()
    },
    close() {
      isOpen = false
    },
  }
}
