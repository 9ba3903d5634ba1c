import type { Readings } from '../providers/modem/checks.ts'

/** What fits under a node: the operator and the signal, as far as they are known. */
export function summary({ network, signal }: Readings): string | undefined {
  const percent = signal?.percent === undefined ? undefined : `${signal.percent} %`
  return [network?.operator, percent].filter(Boolean).join(' ') || undefined
}
