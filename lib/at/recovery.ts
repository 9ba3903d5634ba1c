import { readResult } from './results.ts'

/**
 * How a line is made clean after an answer did not come: what still comes is let pass until it is quiet; then `AT` is
 * sent, until it is answered with its one OK, nothing before that and nothing for a while after it. So no late answer can
 * be taken for that of the next command.
 */
export type Recovery =
  | (Counts & { readonly state: 'draining'; readonly noise: number })
  | (Counts & { readonly state: 'probing'; readonly dirty: boolean })
  | (Counts & { readonly state: 'settling' })
  | (Counts & { readonly state: 'clean' })

interface Counts {
  /** How often it began to drain. */
  readonly rounds: number
  /** Probes in a row that nothing answered. */
  readonly unanswered: number
  /** Probes in a row that were answered with an error. */
  readonly refused: number
  /** Commands, probes too, without a final result code: a modem may have lost them, or be about to answer. */
  readonly owed: number
}

export type RecoveryInput =
  /** What is no unsolicited code. */
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'prompt' }
  /** What the state waits for has passed. */
  | { readonly kind: 'elapsed' }

export interface RecoveryStep {
  readonly next: Recovery
  /** `escape` leaves a prompt; `probe` is `AT`; `deaf` says that it will take an unknown time, told once or more. */
  readonly effects: readonly ('escape' | 'probe' | 'deaf')[]
  /** After which the next `elapsed` is due, from now; without one the time that was set goes on. */
  readonly waitMs?: number
}

/** Probes without an answer, after which a modem counts as deaf; each takes `PROBE_MS` and `QUIET_MS`. */
export const DEAF_AFTER = 4
/** Rounds after which it does so too: it talks, but not to us. */
export const DEAF_AFTER_ROUNDS = 10
export const QUIET_MS = 150
const PROBE_MS = 1500
/** How long nothing may come after the OK to a probe: longer while an answer is owed. */
export const SETTLE_MS = 300
const SETTLE_OWED_MS = 1000

/** The first step. A prompt may be open although none was seen, by a program before us too, so it begins with ESC. */
export function beginRecovery(): RecoveryStep {
  return drain({ rounds: 0, unanswered: 0, refused: 0, owed: 1 }, ['escape'])
}

/** The step after an input; when it is `clean` the next command may go. */
export function stepRecovery(recovery: Recovery, input: RecoveryInput): RecoveryStep {
  if (input.kind === 'prompt') return drain(recovery, ['escape'])
  const result = input.kind === 'line' ? readResult(input.text) : undefined
  const now = result ? { ...recovery, owed: Math.max(0, recovery.owed - 1) } : recovery

  if (now.state === 'draining') {
    if (input.kind === 'elapsed') return probe(now)
    // A modem that never falls silent is probed all the same.
    if (now.noise >= NOISE_LINES) return stay(now)
    return { next: { ...now, noise: now.noise + 1 }, effects: [], waitMs: QUIET_MS }
  }
  if (now.state === 'probing') {
    if (input.kind === 'elapsed') return unheard(now)
    if (result) return answered(now, result.code === 'OK')
    return stay(input.text.endsWith('AT') ? now : { ...now, dirty: true })
  }
  // One more: the OK was the answer to something before the probe.
  if (now.state === 'settling' && input.kind === 'line') return drain({ ...now, unanswered: 0 })
  return stay({ ...countsOf(now), state: 'clean' })
}

// Enough for every slot of a SIM in a listing that comes late.
const NOISE_LINES = 600

const stay = (next: Recovery): RecoveryStep => ({ next, effects: [] })
const countsOf = ({ rounds, unanswered, refused, owed }: Counts): Counts => ({ rounds, unanswered, refused, owed })

function drain(counts: Counts, effects: RecoveryStep['effects'] = []): RecoveryStep {
  const rounds = counts.rounds + 1
  const isDeaf = counts.unanswered === DEAF_AFTER || rounds === DEAF_AFTER_ROUNDS
  return {
    next: { ...countsOf(counts), rounds, state: 'draining', noise: 0 },
    effects: isDeaf ? ['deaf', ...effects] : effects,
    waitMs: QUIET_MS,
  }
}

function probe(counts: Counts): RecoveryStep {
  const next: Recovery = { ...countsOf(counts), owed: counts.owed + 1, state: 'probing', dirty: false }
  return { next, effects: ['probe'], waitMs: PROBE_MS }
}

function unheard(counts: Counts): RecoveryStep {
  return drain({ ...counts, unanswered: counts.unanswered + 1 }, ['escape'])
}

function answered(recovery: Extract<Recovery, { state: 'probing' }>, ok: boolean): RecoveryStep {
  const heard = { ...countsOf(recovery), unanswered: 0 }
  if (recovery.dirty) return drain(heard)
  // Rests of what it was sent before may stand before our AT once; a modem that always says so answers at least.
  const refused = ok ? 0 : recovery.refused + 1
  if (refused === 1) return drain({ ...heard, refused })
  const waitMs = recovery.owed === 0 ? SETTLE_MS : SETTLE_OWED_MS
  return { next: { ...heard, refused, state: 'settling' }, effects: [], waitMs }
}
