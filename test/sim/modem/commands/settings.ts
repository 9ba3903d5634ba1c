import type { Command, Commands, Core, Handler } from '../command.ts'
import { error, ok } from '../reply.ts'
import type { Settings } from '../settings.ts'

/** What has a number and only keeps it. */
type NumberSetting = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings]

/** A command that sets one number out of `allowed`. */
export function numberSetting(name: string, key: NumberSetting, allowed: readonly number[]): Command {
  return {
    test: () => ok(`${name}: (${allowed.join(',')})`),
    read: ({ settings }) => ok(`${name}: ${settings[key]}`),
    set: (modem, [value = '']) => {
      const number = Number(value)
      if (value === '' || !allowed.includes(number)) return error()
      modem.settings[key] = number
      return ok()
    },
  }
}

/** A command whose value is kept and nothing else. */
function kept(name: string, initial: string, test?: string): Command {
  return {
    ...(test !== undefined && { test: () => ok(`${name}: ${test}`) }),
    read: ({ settings }) => ok(`${name}: ${settings.others.get(name) ?? initial}`),
    set: ({ settings }, args) => {
      settings.others.set(name, args.join(','))
      return ok()
    },
  }
}

const accepts: Handler = () => ok()
const accepted: Command = { run: accepts, set: accepts }

const flag = (key: 'echo' | 'verbose' | 'quiet'): Command => {
  const set = (modem: Core, value: string) => {
    if (value !== '0' && value !== '1' && value !== '') return error()
    modem.settings[key] = value === '1'
    return ok()
  }
  return { run: modem => set(modem, ''), set: (modem, [value = '']) => set(modem, value) }
}

const reset: Handler = modem => {
  modem.resetSettings()
  return ok()
}

/** Character sets, echo, results and the rest of V.250. */
export const settings: Commands = {
  E: flag('echo'),
  V: flag('verbose'),
  Q: flag('quiet'),
  X: accepted,
  L: accepted,
  M: accepted,
  '&C': accepted,
  '&D': accepted,
  '&K': accepted,
  '&S': accepted,
  '&W': accepted,
  Z: { run: reset, set: reset },
  '&F': { run: reset, set: reset },
  S: {
    read: (modem, [number = '']) => ok(modem.settings.registers.get(number) ?? '000'),
    set: (modem, [number = '', value = '']) => {
      modem.settings.registers.set(number, value.padStart(3, '0'))
      return ok()
    },
  },
  '+CMEE': numberSetting('+CMEE', 'cmee', [0, 1, 2]),
  '+CSCS': {
    test: () => ok('+CSCS: ("GSM","IRA","HEX","UCS2")'),
    read: modem => ok(`+CSCS: "${modem.settings.charset}"`),
    set: (modem, [name = '']) => {
      if (!['GSM', 'IRA', 'HEX', 'UCS2'].includes(name.toUpperCase())) return error()
      modem.settings.charset = name.toUpperCase()
      return ok()
    },
  },
  '+IFC': kept('+IFC', '2,2', '(0-2),(0-2)'),
  '+IPR': kept('+IPR', '0', '(0,9600,19200,38400,57600,115200)'),
  '+ICF': kept('+ICF', '3,3'),
  '+CMUX': {},
  '+CCLK': kept('+CCLK', '"26/11/21,10:00:00+08"'),
  '+CTZU': {},
  '+CPBS': {
    test: () => ok('+CPBS: ("SM","ME")'),
    read: () => ok('+CPBS: "SM",0,250'),
    set: accepts,
  },
}
