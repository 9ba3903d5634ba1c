/** One command of a command line. */
export interface ParsedCommand {
  /** In upper case, as `+CMGS`, `E`, `&C`, `^RSSI`. */
  readonly name: string
  /** `AT+X`, `AT+X?`, `AT+X=?`, `AT+X=…`; also `ATE0`, a `set` of a basic command. */
  readonly kind: 'run' | 'read' | 'test' | 'set'
  readonly args: readonly string[]
  /** As it was written after `AT`. */
  readonly text: string
}

const EXTENDED = /^[+^$*#%@][a-z][a-z0-9_]*/i
// V.250 §5.3.1: a letter, or & and a letter, with a number; S and D are written otherwise.
const BASIC = /^(&?[a-z])(\d*)/i

/** The commands of a line (V.250 §5.2, §5.4); undefined for a line without AT, which modems ignore. */
export function parseLine(line: string): readonly ParsedCommand[] | undefined {
  const at = line.search(/at/i)
  if (at < 0) return undefined
  let rest = line.slice(at + 2).trim()
  const commands: ParsedCommand[] = []
  while (rest !== '') {
    const [command, length] = parseOne(rest)
    commands.push(command)
    rest = rest.slice(length).replace(/^[;\s]+/, '')
  }
  return commands
}

function parseOne(rest: string): readonly [ParsedCommand, length: number] {
  const extended = EXTENDED.exec(rest)?.[0]
  if (extended !== undefined) {
    const end = endOfCommand(rest)
    return [parsed(extended, rest.slice(extended.length, end).trim(), rest.slice(0, end)), end]
  }
  if (/^d/i.test(rest)) {
    // V.250 §6.3.1: everything up to the semicolon, which makes it a voice call (3GPP TS 27.007 §6.2).
    const end = rest.indexOf(';') < 0 ? rest.length : rest.indexOf(';') + 1
    return [{ name: 'D', kind: 'set', args: [rest.slice(1, end).trim()], text: rest.slice(0, end) }, end]
  }
  const register = /^s(\d+)(\?|=(\d*))/i.exec(rest)
  if (register) {
    const [text, number = '', how, value = ''] = register
    return [{ name: 'S', kind: how === '?' ? 'read' : 'set', args: [number, value], text }, text.length]
  }
  const basic = BASIC.exec(rest)
  if (!basic) return [{ name: rest, kind: 'run', args: [], text: rest }, rest.length]
  const [text, name = '', value = ''] = basic
  const asks = rest[text.length] === '?'
  const kind = asks ? 'read' : value === '' ? 'run' : 'set'
  return [{ name: name.toUpperCase(), kind, args: [value], text }, text.length + (asks ? 1 : 0)]
}

function parsed(name: string, after: string, text: string): ParsedCommand {
  const upper = name.toUpperCase()
  if (after === '') return { name: upper, kind: 'run', args: [], text }
  if (after === '?') return { name: upper, kind: 'read', args: [], text }
  if (after === '=?') return { name: upper, kind: 'test', args: [], text }
  return { name: upper, kind: 'set', args: splitArguments(after.replace(/^=/, '')), text }
}

/** Commas and semicolons in quotes are text. */
function endOfCommand(rest: string): number {
  let isQuoted = false
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '"') isQuoted = !isQuoted
    else if (rest[i] === ';' && !isQuoted) return i
  }
  return rest.length
}

function splitArguments(text: string): readonly string[] {
  return [...text.matchAll(/(?:"([^"]*)"|([^,]*))(?:,|$)/g)]
    .map(([, quoted, plain]) => quoted ?? plain?.trim() ?? '')
    .slice(0, (text.replaceAll(/"[^"]*"/g, '').match(/,/g)?.length ?? 0) + 1)
}
