import { join } from 'node:path'
import { createRecorder } from '../lib/at/recorder.ts'
import { createModem } from '../lib/providers/modem/index.ts'
import type { ModemEffects, ModemSettings } from '../lib/providers/modem/index.ts'
import { choice, flag, number, optionalNumber, optionalText, text } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import { servePorts } from './shared/ports.ts'
import type { NodeConfig, Red } from './shared/red.ts'

/** The config node `sms-modem`: a GSM modem on a serial port, or behind a serial server. */
export default function (RED: Red): void {
  servePorts(RED)
  registerProvider(RED, {
    type: 'sms-modem',
    credentials: { pin: { type: 'password' } },
    create({ config, name, credentials }) {
      const baudRate = text(config['baudRate'])
      const settings: ModemSettings = {
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
      }
      return createModem(settings, { transcript: transcriptOf(RED, config, name) })
    },
  })
}

/** Where the line is recorded, if it is: a file that tells nobody's name, and is found by the id in the dialog. */
function transcriptOf(RED: Red, config: NodeConfig, name: string): ModemEffects['transcript'] {
  const trace = choice(config['trace'], ['off', 'masked', 'full'])
  const { userDir } = RED.settings
  if (trace === 'off' || userDir === undefined) return undefined
  const mask = trace === 'masked'
  const write = createRecorder({
    path: join(userDir, 'sms', `trace-${config.id}.at`),
    title: mask ? 'numbers and texts are masked' : 'with numbers and texts',
    log: (level, text) => RED.log[level](`[sms] ${name}: ${text}`),
  })
  return { write, mask }
}
