import type { Command, Commands, Core } from '../command.ts'
import { isRegistered, REGISTRATION } from '../command.ts'
import { cme, error, ok } from '../reply.ts'

export const OPERATOR = { long: 'Virtual Mobile', short: 'Virtual', numeric: '25501' }

/** What `+CREG` and its kin tell; beyond the state only with `n` = 2, and only where there is a cell. */
export function registrationText(modem: Core, n: number, withMode: boolean): string {
  const state = modem.settings.cfun === 1 && modem.sim.state === 'READY' ? REGISTRATION[modem.registration] : 0
  const technology = modem.profile.technology === undefined ? '' : `,${modem.profile.technology}`
  const cell = n === 2 && isRegistered(modem) ? `,"00C3","0000A1B2"${technology}` : ''
  return `${withMode ? `${n},` : ''}${state}${cell}`
}

function registration(name: string, key: 'creg' | 'cgreg' | 'cereg'): Command {
  return {
    test: () => ok(`${name}: (0-2)`),
    read: modem => ok(`${name}: ${registrationText(modem, modem.settings[key], true)}`),
    set: (modem, [value = '']) => {
      if (!['0', '1', '2'].includes(value)) return error()
      modem.settings[key] = Number(value)
      return ok()
    },
  }
}

/** Signal, operator, registration, power (3GPP TS 27.007 §7, §8). */
export const network: Commands = {
  '+CREG': registration('+CREG', 'creg'),
  '+CGREG': registration('+CGREG', 'cgreg'),
  '+CEREG': registration('+CEREG', 'cereg'),
  '+CSQ': {
    test: () => ok('+CSQ: (0-31,99),(0-7,99)'),
    run: modem => ok(`+CSQ: ${modem.settings.cfun === 1 ? modem.behaviour.rssi : 99},99`),
  },
  '+COPS': {
    needs: 'sim',
    test: () => ok(`+COPS: (2,"${OPERATOR.long}","${OPERATOR.short}","${OPERATOR.numeric}",0),,(0,1,2,3,4),(0,1,2)`),
    read: modem => {
      if (!isRegistered(modem)) return ok('+COPS: 0')
      const { copsFormat } = modem.settings
      const name = [OPERATOR.long, OPERATOR.short, OPERATOR.numeric][copsFormat] ?? OPERATOR.long
      const { technology } = modem.profile
      return ok(`+COPS: 0,${copsFormat},"${name}"${technology === undefined ? '' : `,${technology}`}`)
    },
    set: (modem, [mode, format]) => {
      if (mode === '3' && format !== undefined) modem.settings.copsFormat = Number(format)
      return ok()
    },
  },
  '+CGATT': {
    test: () => ok('+CGATT: (0,1)'),
    read: modem => ok(`+CGATT: ${isRegistered(modem) ? 1 : 0}`),
    set: () => ok(),
  },
  '+CFUN': {
    test: () => ok('+CFUN: (0,1,4),(0,1)'),
    read: modem => ok(`+CFUN: ${modem.settings.cfun}`),
    set: (modem, [value = '', restart]) => {
      if (!['0', '1', '4'].includes(value)) return cme(50)
      if (restart === '1') {
        modem.restart()
        return ok()
      }
      const wasOn = modem.settings.cfun === 1
      modem.settings.cfun = Number(value)
      // The network tries again when the modem comes back to it, not when it was there all along.
      if (value === '1' && !wasOn) modem.retry()
      return ok()
    },
  },
  '+CBC': { test: () => ok('+CBC: (0-3),(0-100)'), run: () => ok('+CBC: 0,95') },
  '+CPAS': { run: modem => ok(`+CPAS: ${modem.call === undefined ? 0 : modem.call.state === 'ringing' ? 3 : 4}`) },
}
