/** How long the `>` is waited for. A modem that is busy with the network takes seconds for it, smstools waits 10. */
export const PROMPT_MS = 10_000

/**
 * How long the answer to a command, without its `AT`, is waited for, in milliseconds; of commands joined by `;` the
 * longest, as they are answered together.
 */
export function deadlineMs(command: string): number {
  return Math.max(
    BASE_MS,
    ...partsOf(command).map(part => DEADLINES.find(([start]) => start.test(part))?.[1] ?? BASE_MS),
  )
}

/**
 * How long a modem that is well may say nothing amid its answer, in milliseconds: little where it needs but itself and
 * its SIM, so that one that hung is found out soon; undefined where the network takes part.
 */
export function silenceMs(command: string): number | undefined {
  return partsOf(command).every(part => LOCAL.test(part)) ? SILENCE_MS : undefined
}

/** The names of a command's parts, such as `+CMEE` and `+CREG`; what is joined before the first is none. */
export function namesOf(command: string): string[] {
  return partsOf(command).flatMap(part => /[+^*$%#!_][A-Z][A-Z0-9]*/.exec(part)?.[0] ?? [])
}

/** Whether it places or takes a call, and so is answered with what becomes of that. */
export function dials(command: string): boolean {
  return /^[DAO]/.test(command.toUpperCase())
}

/** Whether it asks for a setting (`?`) or for its choices (`=?`). */
export function asks(command: string, name: string): boolean {
  return partsOf(command).some(part => part === `${name}?` || part === `${name}=?`)
}

/** The parts of a command, in upper case; a `;` within quotes joins nothing. */
function partsOf(command: string): string[] {
  return (command.toUpperCase().match(/(?:"[^"]*"?|[^;"])+/g) ?? []).map(part => part.trim())
}

const BASE_MS = 5000
/** With what it takes to make the line clean, it is back within six seconds. */
const SILENCE_MS = 4000
const LOCAL = /^\+(?:CMG[LRDF]|CPMS|CNMA|CNMI|CMEE|CSMS|CSCS)\b/

// The figures of smstools (5 s times 1 to 24) and ModemManager, and what vendors' manuals call the maximum response
// time where that is longer.
const DEADLINES: readonly (readonly [start: RegExp, ms: number])[] = [
  [/^\+CMG[SC]|^\+CMSS/, 60_000],
  [/^\+CMGL/, 120_000],
  [/^\+CMGW/, 30_000],
  [/^\+CMGD/, 30_000],
  [/^\+CMGR|^\+CNMA/, 10_000],
  [/^\+CPMS/, 20_000],
  [/^\+CNMI|^\+CSMS|^\+CSCA/, 10_000],
  [/^\+CPIN|^\+CLCK|^\+CPWD/, 30_000],
  [/^\+CFUN/, 30_000],
  [/^\+COPS=\?/, 180_000],
  [/^\+COPS=/, 120_000],
  [/^\+COPS|^\+C5?G?E?REG|^\+CSQ|^\+CNUM|^\+C?ICCID|^\+CCID/, 10_000],
  [/^\+CGATT/, 75_000],
  [/^\+CUSD/, 45_000],
  [/^\+CCFC|^\+CCWA|^\+CLIR/, 30_000],
  [/^\+CHUP|^H/, 20_000],
  [/^[DA]/, 120_000],
  [/^[Z&]/, 10_000],
]
