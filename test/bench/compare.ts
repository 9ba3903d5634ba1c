/** What one run of a side gave, by figure, e.g. messages per second. */
export type Figures = Readonly<Record<string, number>>

export interface Comparison {
  /** Medians. */
  readonly ours: number
  readonly peer: number
  /** The median of the ratios of the rounds, ours by the peer's: what slows the machine slows both of a round. */
  readonly ratio: number
}

/** Runs both by turns, so that a machine shared with others treats them alike, after rounds that only warm up. */
export async function interleave<F extends Figures>(
  rounds: number,
  ours: () => F | Promise<F>,
  peer: () => F | Promise<F>,
  { warmUps = 1 }: { warmUps?: number } = {},
): Promise<{ readonly [K in keyof F]: Comparison }> {
  const pairs: { ours: F; peer: F }[] = []
  for (let round = -warmUps; round < rounds; round += 1) {
    // Who goes second may find the garbage of the first: they take turns at that too.
    const oursFirst = round % 2 === 0
    const first = await (oursFirst ? ours() : peer())
    const second = await (oursFirst ? peer() : ours())
    if (round >= 0) pairs.push(oursFirst ? { ours: first, peer: second } : { ours: second, peer: first })
  }
  const comparisons = Object.keys(pairs[0]!.ours).map(figure => {
    const values = pairs.map(pair => ({ ours: pair.ours[figure]!, peer: pair.peer[figure]! }))
    const comparison: Comparison = {
      ours: median(values.map(value => value.ours)),
      peer: median(values.map(value => value.peer)),
      ratio: median(values.map(value => value.ours / value.peer)),
    }
    return [figure, comparison]
  })
  return Object.fromEntries(comparisons) as { [K in keyof F]: Comparison }
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle]!
  return (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Calls `work` with one input after the other for about `ms` milliseconds; answers calls per second. */
export function callsPerSecond<T>(work: (input: T) => unknown, inputs: readonly T[], ms: number): number {
  const startedAt = performance.now()
  let calls = 0
  let elapsedMs = 0
  do {
    for (const input of inputs) kept = work(input)
    calls += inputs.length
    elapsedMs = performance.now() - startedAt
  } while (elapsedMs < ms)
  return (calls / elapsedMs) * 1000
}

/** What was made last: were nobody to see it, the optimiser could leave the work out. */
export let kept: unknown
