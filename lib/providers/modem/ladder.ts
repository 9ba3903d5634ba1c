/** What is done about a modem that leaves commands unanswered, each worse than the one before. */
export type Rung = 'check' | 'setUp' | 'reset' | 'reopen'

/** Which rung it is, from how often in a row a command was left unanswered. Before the first the channel has probed. */
export interface Ladder {
  answered(command: string): void
  unanswered(command: string): Rung
}

const RUNGS = ['check', 'setUp', 'reset', 'reopen'] as const

/** Each command counts for itself: a modem may well answer `AT` while its sending hangs. */
export function createLadder(): Ladder {
  const levels = new Map<string, number>()
  return {
    answered: command => void levels.delete(nameOf(command)),
    unanswered(command) {
      const level = levels.get(nameOf(command)) ?? 0
      levels.set(nameOf(command), Math.min(level + 1, RUNGS.length - 1))
      return RUNGS[level] ?? 'reopen'
    },
  }
}

/** The worse of two. */
export function worseOf(one: Rung | undefined, other: Rung): Rung {
  return one !== undefined && RUNGS.indexOf(one) > RUNGS.indexOf(other) ? one : other
}

const nameOf = (command: string): string => /^[+^*$%#&!]?[A-Z]*/i.exec(command)?.[0].toUpperCase() ?? ''
