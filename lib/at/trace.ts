import type { Timers, Trace } from './contract.ts'

export interface TraceOptions {
  /** Gets one line at a time, without its end. */
  readonly write: (line: string) => void
  /** With one, pauses of `PAUSE_MS` and longer are noted. */
  readonly clock?: Pick<Timers, 'steadyMs'>
  /** Whether numbers and texts are kept back too. A PIN always is. */
  readonly mask?: boolean
}

/** The shortest pause that is noted, in milliseconds. */
export const PAUSE_MS = 100

/**
 * Writes what goes over a line as a transcript: `> AT+CMGF=0` is what we sent, `< OK` what came, `# 123 ms` what
 * happened besides. The transcripts of the tests are of that form, so a recording of a modem can become one.
 */
export function createTrace({ write, clock, mask = false }: TraceOptions): Trace {
  let lastMs = clock?.steadyMs() ?? 0
  /** PINs that were sent: an echo may be cut where nothing tells that one follows. */
  const sent = new Map<string, RegExp>()
  const masked = (text: string): string => {
    const shown = [...sent.values()].reduce((rest, secret) => rest.replaceAll(secret, MASK), maskSecrets(text))
    return mask ? maskPrivate(shown) : shown
  }
  const line = (mark: '>' | '<' | '#', text: string): void => {
    const nowMs = clock?.steadyMs() ?? 0
    if (nowMs - lastMs >= PAUSE_MS && mark !== '#') write(`# ${Math.round(nowMs - lastMs)} ms`)
    lastMs = nowMs
    write(`${mark} ${mark === '#' ? text : printable(masked(text))}`)
  }
  return {
    sent(text) {
      for (const secret of secretsIn(text)) sent.set(secret, new RegExp(`(?<!\\d)${secret}(?!\\d)`, 'g'))
      line('>', text)
    },
    received: text => line('<', text),
    note: text => line('#', text),
  }
}

/** A trace that goes to each of these. */
export function joinTraces(traces: readonly Trace[]): Trace {
  const each =
    (what: keyof Trace) =>
    (text: string): void => {
      for (const trace of traces) trace[what](text)
    }
  return { sent: each('sent'), received: each('received'), note: each('note') }
}

/** A line without the PINs and passwords in it: +CPIN, +CPWD, +CLCK and vendors' own such as ^CPIN and +SPIC. */
export function maskSecrets(line: string): string {
  const [, start = line, values = ''] = SECRET_COMMAND.exec(line) ?? []
  return start + values.replace(VALUE, value => (isFacility(value) ? value : MASK))
}

const secretsIn = (line: string): string[] =>
  ((SECRET_COMMAND.exec(line)?.[2] ?? '').match(VALUE) ?? [])
    .filter(value => !isFacility(value))
    .map(value => value.replaceAll('"', ''))
    .filter(secret => /^\d{4,}$/.test(secret))

// An echo of such a command, in front of which other bytes may stand, holds it too.
const SECRET_COMMAND = /^(.*?AT.*?[+^*$%#](?:CPIN2?|CPWD|CLCK|CARDLOCK|CARDUNLOCK|SPIN|CPINR?|PIN)=)(?!\?)(.*)$/i
const VALUE = /"[^"]*"?|\d{2,}/g
const MASK = '****'
/** What is locked, as "SC", and how are worth reading; the PIN is digits, quoted or not. */
const isFacility = (value: string): boolean => /^"[A-Z]{2}"$/.test(value)

/** A line without phone numbers, PDUs, texts in quotes and serial numbers; lengths stay. */
export function maskPrivate(line: string): string {
  return line
    .replace(/"([^"]*)("?)/g, (quoted, inner: string, end: string) =>
      KNOWN_WORD.test(inner) ? quoted : `"${hide(inner)}${end}`,
    )
    .replace(/^(.?ATD)([^;]*)/i, (_, dial: string, number: string) => dial + hide(number))
    .replace(/\+\d{5,}|(?<![0-9A-Za-z])[0-9A-Fa-f]{7,}(?![0-9A-Za-z])/g, hide)
}

// Memories, character sets, facilities: values, not texts.
const KNOWN_WORD = /^([A-Z]{2}|UCS2|GSM|IRA|HEX|8859-1|PCCP437|UTF-8|[0-9A-F]{1,6})?$/
const hide = (text: string): string => '*'.repeat(text.length)
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, character => `\\x${hexOf(character)}`)
const hexOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0')
