import { reason } from './texts.ts'
import { shown } from './validators.ts'
import type { Validator } from './validators.ts'
import { asText } from './values.ts'

/** The validator of Twilio's auth token, which an API key can stand in for, but not where webhooks are verified. */
export const authTokenValidator: Validator = function (value, options) {
  if (asText(value) !== '') return true
  const receive = shown('node-config-input-receive') ?? this['receive']
  if (receive === 'webhook') return reason('authTokenWebhook', options)
  return asText(shown('node-config-input-apiKeySid')) !== '' || reason('authToken', options)
}

/** The validator of an API key's secret: a key has one. */
export const apiKeySecretValidator: Validator = (value, options) => {
  const hasKey = asText(shown('node-config-input-apiKeySid')) !== ''
  return hasKey === (asText(value) !== '') || reason(hasKey ? 'apiKeySecret' : 'apiKeyAlone', options)
}
