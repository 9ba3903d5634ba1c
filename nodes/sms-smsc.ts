import { createSmsc } from '../lib/providers/smsc/index.ts'
import { choice, flag, number, optionalNumber, optionalText } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import type { Red } from './shared/red.ts'

/** The config node `sms-smsc`: an account at SMSC (smsc.ru, or one of the sites with the same API). */
export default function (RED: Red): void {
  registerProvider(RED, {
    type: 'sms-smsc',
    credentials: {
      password: { type: 'password' },
      apiKey: { type: 'password' },
      callbackSecret: { type: 'password' },
    },
    create({ config, name, credentials }) {
      return createSmsc({
        name,
        login: optionalText(config['login']),
        // As it is: a password may begin or end with a space.
        password: credentials['password'],
        apiKey: optionalText(credentials['apiKey']),
        callbackSecret: optionalText(credentials['callbackSecret']),
        sender: optionalText(config['sender']),
        translit: choice(config['translit'], ['0', '1', '2']),
        receive: choice(config['receive'], ['poll', 'webhook', 'off']),
        pollSeconds: number(config['pollSeconds'], 'the polling interval', { fallback: 30, least: 1 }),
        apiUrl: optionalText(config['apiUrl']),
        ratePerSecond: optionalNumber(config['ratePerSecond'], 'the rate'),
        optOut: flag(config['optOut'], false),
        defaultCountry: optionalText(config['defaultCountry']),
      })
    },
  })
}
