import { createHash, randomBytes } from 'node:crypto'
import { readIccid, readPin, textOf } from '../../at/answers.ts'
import { errorNumberOf } from '../../at/errors.ts'
import type { ProviderHost } from '../../provider.ts'
import { firstOk, isOk } from './connection.ts'
import type { Connection } from './connection.ts'
import { pause } from './pause.ts'
import { GENERIC } from './profiles.ts'
import type { Trouble } from './words.ts'

export interface SimOptions {
  readonly pin: string | undefined
  readonly notes: ProviderHost['notes']
  readonly signal: AbortSignal
}

/** After a start a SIM takes its time, up to so long. */
const BUSY_MS = 30_000
const LOOK_AGAIN_MS = 1_000
/** What is left to the owner, who may know better. */
const ATTEMPTS_KEPT = 1
/** Attempts of which nobody heard what came: no more than this. */
const MOST_UNHEARD = 2

/**
 * Waits for the SIM and enters its PIN where it wants one; resolves to what is wrong with it. A SIM locks itself after
 * three wrong PINs, so one that was refused is noted for good and never sent again, nor one when a single attempt is
 * left. Rejects as `Connection.run` does, or with `SMS_STORE` before anything is sent.
 */
export async function openSim(connection: Connection, options: SimOptions): Promise<Trouble | undefined> {
  const { clock } = connection
  const startMs = clock.steadyMs()
  let entered = false
  for (;;) {
    const state = await readState(connection)
    if (state === 'ready') {
      await forget(options)
      return undefined
    }
    if (state === 'pin' && !entered) {
      const trouble = await enterPin(connection, options)
      if (trouble) return trouble
      entered = true
      continue
    }
    // A SIM that took its PIN may ask for it a moment longer.
    if (state !== 'busy' && state !== 'pin') return state
    if (clock.steadyMs() - startMs >= BUSY_MS || options.signal.aborted) return 'simFailure'
    await pause(clock, LOOK_AGAIN_MS, options.signal)
  }
}

type SimState = 'ready' | 'pin' | 'busy' | Trouble

async function readState(connection: Connection): Promise<SimState> {
  const answer = await connection.run('+CPIN?')
  if (!isOk(answer)) return ERRORS[errorNumberOf(answer.result) ?? -1] ?? 'noSim'
  const code = readPin(textOf(answer.lines, '+CPIN')) ?? ''
  if (code.startsWith('PH-')) return 'locked'
  return STATES[code] ?? 'ready'
}

// 3GPP TS 27.007 §8.3. PIN2 is asked for by what we never do.
const STATES: Readonly<Record<string, SimState>> = {
  READY: 'ready',
  'SIM PIN': 'pin',
  'SIM PUK': 'puk',
  'NOT INSERTED': 'noSim',
  'NOT READY': 'busy',
}

// §9.2: phone failure is what some say while they start.
const ERRORS: Readonly<Record<number, SimState>> = {
  0: 'busy',
  5: 'locked',
  10: 'noSim',
  11: 'pin',
  12: 'puk',
  13: 'simFailure',
  14: 'busy',
  15: 'simFailure',
  100: 'busy',
}

// §9.2: 3 operation not allowed, 16 incorrect password; with 12 that was the last attempt.
const NOT_TRIED: ReadonlySet<number | undefined> = new Set([0, 3, 13, 14, 100])
const PUK_REQUIRED = 12

async function enterPin(connection: Connection, options: SimOptions): Promise<Trouble | undefined> {
  const { pin } = options
  if (pin === undefined) return 'pinNeeded'
  const iccid = readIccid((await firstOk(connection, connection.profile.iccid))?.lines ?? []) ?? ''
  const noted = await readNote(options)
  const unheard = noted && isNoted(noted, pin, iccid) ? noted.unheard : 0
  if (noted?.refused && isNoted(noted, pin, iccid)) return 'pinRefused'
  if (unheard >= MOST_UNHEARD) return 'pinRefused'
  if (((await attemptsLeft(connection)) ?? Infinity) <= ATTEMPTS_KEPT) return 'pinLastAttempt'

  // Noted before it is sent, so that no crash can make it be sent again and again.
  const note = (refused: boolean) => writeNote(options, { ...hashed(pin, iccid), refused, unheard: unheard + 1 })
  await note(false)
  const answer = await connection.run(`+CPIN="${pin}"`)
  if (isOk(answer)) return undefined
  const number = errorNumberOf(answer.result)
  if (NOT_TRIED.has(number)) return undefined
  await note(true)
  return number === PUK_REQUIRED ? 'puk' : 'pinRefused'
}

async function attemptsLeft(connection: Connection): Promise<number | undefined> {
  for (const way of [connection.profile.attempts, GENERIC.attempts]) {
    const found = way && (await firstOk(connection, [way.command]))
    const left = found && way.read(found.lines)
    if (left !== undefined) return left
  }
  return undefined
}

/** The PIN that was tried, which is not that of the SIM if it was refused; hashed all the same. */
interface Note {
  readonly salt: string
  readonly hash: string
  readonly refused: boolean
  readonly unheard: number
}

const KEY = 'pin'

const digest = (salt: string, pin: string, iccid: string): string =>
  createHash('sha256').update(`${salt}\n${pin}\n${iccid}`).digest('hex')

function hashed(pin: string, iccid: string): Pick<Note, 'salt' | 'hash'> {
  const salt = randomBytes(8).toString('hex')
  return { salt, hash: digest(salt, pin, iccid) }
}

const isNoted = ({ salt, hash }: Note, pin: string, iccid: string): boolean => digest(salt, pin, iccid) === hash

async function readNote({ notes }: SimOptions): Promise<Note | undefined> {
  const text = await notes.get(KEY)
  return text ? (JSON.parse(text) as Note) : undefined
}

const writeNote = ({ notes }: SimOptions, note: Note): Promise<void> => notes.set(KEY, JSON.stringify(note))

async function forget({ notes }: SimOptions): Promise<void> {
  if (await notes.get(KEY)) await notes.set(KEY, '')
}
