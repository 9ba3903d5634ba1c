/** How a route uses its slots; each makes groups, of which every one becomes a message. */
export const STRATEGIES = ['failover', 'weighted', 'all'] as const
export type Strategy = (typeof STRATEGIES)[number]

/**
 * One list of ways behind another. The first slot says how many messages there are, as it is the one that is meant to be
 * used; a later one that would make several only lends its ways.
 */
export function chained<W>(slots: readonly (readonly (readonly W[])[])[]): readonly (readonly W[])[] {
  const [first, ...later] = slots.filter(groups => groups.length > 0)
  const rest = later.flat(2)
  return (first ?? []).map(group => group.concat(rest))
}

/**
 * Smooth weighted round robin, as nginx has it: each turn everybody gains its weight, the richest is chosen and pays the
 * sum. Over as many turns as the weights add up to each is chosen as often as its weight says, and never in a heap.
 */
export function createTurns(weights: readonly number[]): (isAble: (index: number) => boolean) => number {
  const wealth = weights.map(() => 0)
  return isAble => {
    const able = weights.map((_, index) => index).filter(isAble)
    // Where nobody can send, everybody takes turns as usual.
    const indexes = able.length > 0 ? able : weights.map((_, index) => index)
    let richest = indexes[0]!
    let sum = 0
    for (const index of indexes) {
      sum += weights[index]!
      wealth[index]! += weights[index]!
      if (wealth[index]! > wealth[richest]!) richest = index
    }
    wealth[richest]! -= sum
    return richest
  }
}
