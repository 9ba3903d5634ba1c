import type { Fault } from './behaviour.ts'
import type { Command, Commands, Core } from './command.ts'
import { cme, cms, failed, finalText } from './reply.ts'
import type { Final, Reply } from './reply.ts'
import { parseLine } from './syntax.ts'
import type { ParsedCommand } from './syntax.ts'

/** What tests say instead of a command: lines, of which the last is the final result; undefined: as usual. */
export type Override = (command: ParsedCommand) => readonly string[] | undefined

/** An answer as it goes out. */
export interface Spoken {
  /** Information, by command. */
  readonly blocks: readonly (readonly string[])[]
  readonly final: string
}

export type Outcome =
  | { readonly kind: 'spoken'; readonly spoken: Spoken; readonly lateMs: number }
  | { readonly kind: 'prompt'; readonly take: (body: string | undefined) => Outcome }
  | { readonly kind: 'silence' }

const WITH_BODY = new Set(['+CMGS', '+CMGW'])

/** Carries out one command line; undefined for what is none. */
export function interpret(
  modem: Core,
  commands: Commands,
  hooks: { readonly faults: Fault[]; readonly overrides: ReadonlyMap<string, Override> },
  line: string,
): Outcome | undefined {
  const parsed = parseLine(line)
  return parsed && runFrom(parsed, [])

  function runFrom(rest: readonly ParsedCommand[], blocks: readonly (readonly string[])[], lateMs = 0): Outcome {
    const [command, ...others] = rest
    if (!command) return spoken(blocks, 'OK', lateMs)

    const said = hooks.overrides.get(command.name)?.(command)
    if (said) return told(said, blocks, lateMs)
    const fault =
      takeFault(hooks.faults, command, 'command') ??
      (WITH_BODY.has(command.name) ? undefined : takeFault(hooks.faults, command, 'body'))
    if (fault && fault.acts !== true && fault.answer !== undefined) return faulty(fault, blocks)
    const reply = execute(modem, commands, command)
    if (reply.kind === 'prompt') {
      const bodyFault = takeFault(hooks.faults, command, 'body')
      return { kind: 'prompt', take: body => afterBody(reply.take, body, bodyFault, blocks) }
    }
    if (fault?.answer !== undefined) return faulty(fault, blocks)
    const late = lateMs + (fault?.lateMs ?? 0)
    const all = reply.lines.length > 0 ? [...blocks, reply.lines] : blocks
    if (reply.final !== 'OK') return spoken(all, reply.final, late)
    return runFrom(others, all, late)
  }

  function afterBody(
    take: (body: string) => Reply,
    body: string | undefined,
    fault: Fault | undefined,
    blocks: readonly (readonly string[])[],
  ): Outcome {
    // 3GPP TS 27.005 §3.5.1: ESC calls it off, which is acknowledged with OK.
    if (body === undefined) return spoken(blocks, 'OK', 0)
    if (fault && fault.acts !== true && fault.answer !== undefined) return faulty(fault, blocks)
    const reply = take(body)
    if (fault?.answer !== undefined) return faulty(fault, blocks)
    if (reply.kind === 'prompt') return spoken(blocks, 'ERROR', 0)
    return spoken(reply.lines.length > 0 ? [...blocks, reply.lines] : blocks, reply.final, fault?.lateMs ?? 0)
  }

  function faulty(fault: Fault, blocks: readonly (readonly string[])[]): Outcome {
    if (fault.answer === 'silence' || fault.answer === undefined) return { kind: 'silence' }
    return told(fault.answer, blocks, fault.lateMs ?? 0)
  }

  function spoken(blocks: readonly (readonly string[])[], final: Final, lateMs: number): Outcome {
    const text = finalText(final, modem.settings.cmee, modem.profile.cmsFollowsCmee)
    return { kind: 'spoken', spoken: { blocks, final: text }, lateMs }
  }
}

function told(lines: readonly string[], blocks: readonly (readonly string[])[], lateMs: number): Outcome {
  const information = lines.slice(0, -1)
  const all = information.length > 0 ? [...blocks, information] : blocks
  return { kind: 'spoken', spoken: { blocks: all, final: lines.at(-1) ?? 'OK' }, lateMs }
}

function execute(modem: Core, commands: Commands, parsed: ParsedCommand): Reply {
  const command = commands[parsed.name]
  const handler = command?.[parsed.kind]
  if (!command || !handler) return failed(parsed.name.length > 1 ? modem.profile.unknown : 'ERROR')
  const locked = parsed.kind === 'test' ? undefined : whyLocked(modem, command)
  return locked ?? handler(modem, parsed.args)
}

// 3GPP TS 27.007 §9.2.1 and TS 27.005 §3.2.5.
const LOCKED = {
  absent: { cme: 10, cms: 310 },
  'SIM PIN': { cme: 11, cms: 311 },
  'SIM PUK': { cme: 12, cms: 316 },
} as const

function whyLocked(modem: Core, { needs, isSms }: Command): Reply | undefined {
  const { state } = modem.sim
  if (needs !== 'sim' || state === 'READY') return undefined
  return isSms === true ? cms(LOCKED[state].cms) : cme(LOCKED[state].cme)
}

function takeFault(faults: Fault[], { name, text }: ParsedCommand, when: 'command' | 'body'): Fault | undefined {
  const index = faults.findIndex(
    fault =>
      (fault.when ?? 'body') === when && (typeof fault.on === 'string' ? fault.on === name : fault.on.test(text)),
  )
  const fault = faults[index]
  if (!fault) return undefined
  const times = (fault.times ?? 1) - 1
  if (times > 0) faults[index] = { ...fault, times }
  else faults.splice(index, 1)
  return fault
}
