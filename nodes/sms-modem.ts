import { createModem } from '../lib/providers/modem/index.ts'
import { choice, flag, number, optionalNumber, optionalText, text } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import { servePorts } from './shared/ports.ts'
import type { Red } from './shared/red.ts'

/** The config node `sms-modem`: a GSM modem on a serial port, or behind a serial server. */
export default function (RED: Red): void {
  servePorts(RED)
  registerProvider(RED, {
    type: 'sms-modem',
    credentials: { pin: { type: 'password' } },
    create({ config, name, credentials }) {
      const baudRate = text(config['baudRate'])
      return createModem({
        name,
        port: text(config['port']),
        baudRate: baudRate === '' || baudRate === 'auto' ? 'auto' : Number(baudRate),
        pin: optionalText(credentials['pin']),
        smsc: optionalText(config['smsc'])?.replaceAll(/[\s().-]/g, ''),
        storage: optionalText(config['storage']),
        initCommands: optionalText(config['initCommands']),
        receive: choice(config['receive'], ['push', 'poll']),
        pollSeconds: number(config['pollSeconds'], 'the polling interval', { fallback: 60, least: 2 }),
        calls: choice(config['calls'], ['report', 'hangup', 'ignore']),
        balanceUssd: optionalText(config['balanceUssd']),
        balancePattern: optionalText(config['balancePattern']),
        allowAt: flag(config['allowAt'], false),
        ratePerMinute: optionalNumber(config['ratePerMinute'], 'the rate'),
        optOut: flag(config['optOut'], false),
        defaultCountry: optionalText(config['defaultCountry']),
      })
    },
  })
}
