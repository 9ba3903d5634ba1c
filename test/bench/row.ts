import type { Comparison } from './compare.ts'

/** One line of the table; the ratio says how many times better ours is. */
export interface Row {
  readonly name: string
  readonly ours: string
  readonly peer: string
  readonly ratio: number
  /** The least ratio that is wanted; absent where the figure is only to be known. */
  readonly goal?: number
}

/** A rate per second, of which more is better. */
export function rateRow(name: string, { ours, peer, ratio }: Comparison, goal?: number): Row {
  return { name, ours: perSecond(ours), peer: perSecond(peer), ratio, ...(goal !== undefined && { goal }) }
}

/** A cost, of which less is better. */
export function costRow(name: string, { ours, peer, ratio }: Comparison, unit: string): Row {
  const show = (cost: number) => `${cost.toPrecision(3)} ${unit}`
  return { name, ours: show(ours), peer: show(peer), ratio: 1 / ratio }
}

/** A cost that has a limit, which stands where a peer's would. */
export function limitRow(name: string, cost: number, limit: number, unit: string): Row {
  const show = (value: number) => `${value.toPrecision(3)} ${unit}`
  return { name, ours: show(cost), peer: `≤ ${limit} ${unit}`, ratio: limit / cost, goal: 1 }
}

/** The cells of a row, as texts; those of the heading without one. */
export function cells(row?: Row): readonly string[] {
  if (!row) return ['', 'ours', 'peer', 'ratio', 'goal', '']
  const { name, ours, peer, ratio, goal } = row
  const verdict = goal === undefined ? ['', ''] : [`≥ ${goal}×`, ratio >= goal ? 'met' : 'MISSED']
  if (Number.isNaN(ratio)) return [name, ours, '', '', ...verdict]
  return [name, ours, peer, `${ratio >= 100 ? Math.round(ratio) : ratio.toPrecision(3)}×`, ...verdict]
}

/** E.g. `1.63 M/s`. */
function perSecond(rate: number): string {
  const [by, unit] = rate >= 1e6 ? [1e6, ' M/s'] : rate >= 1e4 ? [1e3, ' k/s'] : [1, ' /s']
  return (rate / by).toPrecision(rate < 1e4 && rate >= 1e3 ? 4 : 3) + unit
}
