import { reason } from './texts.ts'
import { shown } from './validators.ts'
import type { Validator } from './validators.ts'
import { asText } from './values.ts'

/** The validator of SMSC's password, which an API key can stand in for. */
export const smscPasswordValidator: Validator = (value, options) =>
  asText(value) !== '' || asText(shown('node-config-input-apiKey')) !== '' || reason('required', options)

/** The validator of the secret word that proves SMSC's calls. */
export const smscSecretValidator: Validator = function (value, options) {
  const receive = shown('node-config-input-receive') ?? this['receive']
  return receive !== 'webhook' || asText(value) !== '' || reason('required', options)
}
