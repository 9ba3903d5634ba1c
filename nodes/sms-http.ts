import { createHttp, DEFAULT_SETTINGS } from '../lib/providers/http/index.ts'
import { SmsError } from '../lib/errors.ts'
import { choice, flag, optionalNumber, optionalText, text } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import type { ProviderSettings } from './shared/provider-type.ts'
import type { Red } from './shared/red.ts'

/** As many secrets as the dialog has fields for; their names are properties, their values credentials. */
const SECRETS = ['A', 'B', 'C', 'D'] as const

/** The config node `sms-http`: any HTTP SMS API, as its properties describe it. */
export default function (RED: Red): void {
  registerProvider(RED, {
    type: 'sms-http',
    credentials: {
      ...Object.fromEntries(SECRETS.map(letter => [`secret${letter}`, { type: 'password' }])),
      webhookSecret: { type: 'password' },
    },
    create({ config, name, credentials, callbackUrl }) {
      const receive = choice(config['receive'], ['off', 'webhook'])
      return createHttp({
        ...texts(config),
        name,
        secrets: namedSecrets(config, credentials),
        serverErrors: choice(config['serverErrors'], ['doubt', 'retry']),
        receive,
        // Nobody answers there otherwise.
        callbackUrl: receive === 'webhook' ? callbackUrl : undefined,
        inPlus: flag(config['inPlus'], false),
        verify: choice(config['verify'], ['path', 'secret', 'hmac', 'jwt']),
        hmacHash: choice(config['hmacHash'], ['sha256', 'sha1', 'sha512']),
        hmacEncoding: choice(config['hmacEncoding'], ['hex', 'base64']),
        webhookSecret: text(credentials['webhookSecret']),
        ratePerSecond: optionalNumber(config['ratePerSecond'], 'the rate'),
        defaultCountry: optionalText(config['defaultCountry']),
        optOut: flag(config['optOut'], false),
      })
    },
  })
}

/** Properties that are texts; those a flow does not have are as in a new node. */
function texts(config: ProviderSettings['config']): typeof DEFAULT_SETTINGS {
  const given = Object.keys(DEFAULT_SETTINGS).filter(property => typeof config[property] === 'string')
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(given.map(property => [property, text(config[property])])) }
}

/** Throws `SMS_CONFIG` for a secret without a name, or a name that is there twice. */
function namedSecrets(
  config: ProviderSettings['config'],
  credentials: ProviderSettings['credentials'],
): Record<string, string> {
  const secrets: Record<string, string> = {}
  for (const letter of SECRETS) {
    const name = text(config[`secretName${letter}`])
    const value = text(credentials[`secret${letter}`])
    if (name === '' && value === '') continue
    if (!/^[A-Za-z_][\w-]*$/.test(name))
      throw new SmsError('SMS_CONFIG', `the name of secret ${letter} must be letters, digits, - and _`)
    if (Object.hasOwn(secrets, name)) throw new SmsError('SMS_CONFIG', `two secrets are named «${name}»`)
    secrets[name] = value
  }
  return secrets
}
