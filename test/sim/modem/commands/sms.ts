import type { Commands, Core, Handler } from '../command.ts'
import { isRegistered } from '../command.ts'
import { cms, ok, prompt } from '../reply.ts'
import type { Reply } from '../reply.ts'
import { tpduLength } from '../storage.ts'
import type { Slot } from '../storage.ts'
import { submitOfText } from '../text-mode.ts'
import { numberSetting } from './settings.ts'

/** Sending, and how what comes in is told (3GPP TS 27.005 §3). */
export const sms: Commands = {
  '+CMGF': numberSetting('+CMGF', 'cmgf', [0, 1]),
  '+CSMS': {
    test: () => ok('+CSMS: (0,1)'),
    read: ({ settings }) => ok(`+CSMS: ${settings.csms},1,1,1`),
    set: (modem, [value = '']) => {
      if (value !== '0' && value !== '1') return cms(302)
      modem.settings.csms = Number(value)
      return ok('+CSMS: 1,1,1')
    },
  },
  '+CMMS': numberSetting('+CMMS', 'cmms', [0, 1, 2]),
  '+CNMI': {
    test: ({ profile }) => ok(`+CNMI: ${profile.cnmi.map(values => `(${values.join(',')})`).join(',')}`),
    read: ({ settings }) => ok(`+CNMI: ${settings.cnmi.join(',')}`),
    set: (modem, args) => {
      const values = modem.settings.cnmi.map((old, i) => {
        const value = args[i] ?? ''
        return value === '' ? old : Number(value)
      })
      if (values.some((value, i) => modem.profile.cnmi[i]?.includes(value) !== true)) return cms(302)
      modem.settings.cnmi = values
      modem.clock.after(0, () => modem.retry())
      return ok()
    },
  },
  '+CSCA': {
    needs: 'sim',
    isSms: true,
    test: () => ok(),
    read: ({ settings }) => ok(`+CSCA: "${settings.centre}",${settings.centre.startsWith('+') ? 145 : 129}`),
    set: (modem, [number = '']) => {
      modem.settings.centre = number
      return ok()
    },
  },
  '+CSDH': numberSetting('+CSDH', 'csdh', [0, 1]),
  '+CSMP': {
    read: ({ settings }) => ok(`+CSMP: ${settings.csmp.join(',')}`),
    set: (modem, args) => {
      modem.settings.csmp = modem.settings.csmp.map((old, i) => Number(args[i] ?? old)) as Core['settings']['csmp']
      return ok()
    },
  },
  '+CSCB': { test: () => ok('+CSCB: (0,1)'), read: () => ok('+CSCB: 0,"",""'), set: () => ok() },
  '+CGSMS': { test: () => ok('+CGSMS: (0-3)'), read: () => ok('+CGSMS: 3'), set: () => ok() },
  '+CMGS': {
    needs: 'sim',
    isSms: true,
    test: () => ok(),
    set: (modem, [first = '', type]) => withPdu(modem, first, type, pdu => send(modem, pdu, '+CMGS')),
  },
  '+CMGW': {
    needs: 'sim',
    isSms: true,
    set: (modem, [first = '', second = '']) =>
      withPdu(modem, first, undefined, pdu => {
        const status = modem.settings.cmgf === 0 && second !== '' ? (Number(second) as Slot['status']) : 2
        const slot = modem.storage[modem.settings.cpms[1]]?.put(pdu, status)
        return slot ? ok(`+CMGW: ${slot.index}`) : cms(322)
      }),
  },
  '+CMSS': {
    needs: 'sim',
    isSms: true,
    set: (modem, [index = '']) => {
      const slot = modem.storage[modem.settings.cpms[1]]?.at(Number(index))
      return slot ? send(modem, slot.pdu, '+CMSS') : cms(321)
    },
  },
  '+CNMA': {
    test: () => ok('+CNMA: (0-2)'),
    run: modem => acknowledge(modem, true),
    // With a length comes an acknowledgement PDU (§3.4.4); what it says is the network's business.
    set: (modem, [how = '0', length]) =>
      length === undefined ? acknowledge(modem, how !== '2') : prompt(() => acknowledge(modem, how !== '2')),
  },
}

const HEX = /^(?:[0-9a-f]{2})+$/i

function withPdu(modem: Core, first: string, type: string | undefined, use: (pdu: string) => Reply): Reply {
  if (modem.settings.cmgf === 1) {
    if (first === '') return cms(305)
    return prompt(body => {
      const pdu = submitOfText(modem, first, type, body)
      return pdu === undefined ? cms(305) : use(pdu)
    })
  }
  const length = Number(first)
  if (!Number.isInteger(length) || length < 1 || length > 180) return cms(304)
  return prompt(body => {
    const pdu = body.trim().toUpperCase()
    return HEX.test(pdu) && tpduLength(pdu) === length ? use(pdu) : cms(304)
  })
}

function send(modem: Core, pdu: string, name: '+CMGS' | '+CMSS'): Reply {
  if (!isRegistered(modem)) return cms(331)
  if (modem.settings.centre === '' && pdu.startsWith('00')) return cms(330)
  const taken = modem.network.submit(modem.subscriber, pdu)
  return 'cms' in taken ? cms(taken.cms) : ok(`${name}: ${taken.reference}`)
}

const acknowledge = (modem: Core, isTaken: boolean): ReturnType<Handler> => {
  // §3.4.4: where nothing waits for it, +CMS ERROR 340.
  if (!modem.acknowledge) return cms(340)
  modem.acknowledge(isTaken)
  return ok()
}
