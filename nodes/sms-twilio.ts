import { createTwilio } from '../lib/providers/twilio/index.ts'
import { choice, flag, number, optionalNumber, optionalText, text } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import type { Red } from './shared/red.ts'

/** The config node `sms-twilio`: a Twilio account. */
export default function (RED: Red): void {
  registerProvider(RED, {
    type: 'sms-twilio',
    credentials: { authToken: { type: 'password' }, apiKeySid: { type: 'text' }, apiKeySecret: { type: 'password' } },
    create({ config, name, credentials, callbackUrl }) {
      return createTwilio({
        name,
        accountSid: text(config['accountSid']),
        authToken: optionalText(credentials['authToken']),
        apiKeySid: optionalText(credentials['apiKeySid']),
        apiKeySecret: optionalText(credentials['apiKeySecret']),
        from: optionalText(config['from']),
        to: optionalText(config['to']),
        receive: choice(config['receive'], ['webhook', 'poll', 'off']),
        callbackUrl,
        pollSeconds: number(config['pollSeconds'], 'the polling interval', { fallback: 30, least: 1 }),
        apiUrl: optionalText(config['apiUrl']),
        ratePerSecond: optionalNumber(config['ratePerSecond'], 'the rate'),
        optOut: flag(config['optOut'], true),
        defaultCountry: optionalText(config['defaultCountry']),
      })
    },
    trials: {
      // Looked at first, and set only when somebody has seen what is there.
      webhook: ({ numberWebhooks }, { signal }, { present }) =>
        typeof present === 'string' ? numberWebhooks.set(present, signal) : numberWebhooks.read(signal),
    },
  })
}
