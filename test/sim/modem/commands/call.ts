import type { Commands, Core } from '../command.ts'
import { isRegistered } from '../command.ts'
import { error, failed, ok } from '../reply.ts'
import { numberSetting } from './settings.ts'

const hangUp = (modem: Core) => {
  const { call: current } = modem
  modem.call = undefined
  current?.end(current.direction === 'in' && current.state === 'ringing' ? 'refused' : 'ended')
  return ok()
}

/** Voice calls (3GPP TS 27.007 §6, §7). */
export const call: Commands = {
  D: {
    needs: 'sim',
    set: (modem, [dialled = '']) => {
      // Without a semicolon it is a data call, for which there is nobody.
      if (!dialled.endsWith(';') || !isRegistered(modem) || modem.call) return failed('NO CARRIER')
      const dial = modem.network.dial(modem.subscriber, dialled.slice(0, -1).replaceAll(/[^+\d*#]/g, ''))
      modem.call = dial
      dial.onEnd(() => {
        if (modem.call !== dial) return
        modem.call = undefined
        modem.say('NO CARRIER')
      })
      return ok()
    },
  },
  A: {
    run: modem => {
      if (modem.call?.state !== 'ringing') return failed('NO CARRIER')
      modem.call.answer()
      return ok()
    },
  },
  H: { run: hangUp, set: hangUp },
  // Gammu asks whether it exists; saying so makes it use +CHUP where ATH would do.
  '+CHUP': { run: hangUp },
  '+CLIP': { ...numberSetting('+CLIP', 'clip', [0, 1]), read: modem => ok(`+CLIP: ${modem.settings.clip},1`) },
  '+CRC': numberSetting('+CRC', 'crc', [0, 1]),
  '+CCWA': {
    ...numberSetting('+CCWA', 'ccwa', [0, 1]),
    set: (modem, [value = '', mode]) => {
      if (mode === '2') return ok('+CCWA: 0,7')
      modem.settings.ccwa = Number(value)
      return ok()
    },
  },
  '+COLP': { read: () => ok('+COLP: 0,1'), set: () => ok() },
  '+CSSN': { test: () => ok('+CSSN: (0,1),(0,1)'), set: () => ok() },
  '+CLCC': {
    run: ({ call: current }) => {
      if (!current) return ok()
      const isIn = current.direction === 'in'
      // 0 active, 3 alerting, 4 incoming (§7.18).
      const state = current.state === 'active' ? 0 : isIn ? 4 : 3
      const number = isIn ? current.from : current.to
      return ok(`+CLCC: 1,${isIn ? 1 : 0},${state},0,0,"${number}",${number.startsWith('+') ? 145 : 129}`)
    },
  },
  '+VTS': { set: modem => (modem.call?.state === 'active' ? ok() : error()) },
}
