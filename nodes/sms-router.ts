import { SmsError } from '../lib/errors.ts'
import { createRouter } from '../lib/router/index.ts'
import { optionalText } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import type { Red } from './shared/red.ts'

/** As many as the dialog has fields for: only a property that holds one id is counted as a user of it, and starts after it. */
const SLOTS = Array.from({ length: 10 }, (_, index) => `p${index + 1}`)

/** The config node `sms-router`: picks among the other providers. */
export default function (RED: Red): void {
  registerProvider(RED, {
    type: 'sms-router',
    create({ config, name }) {
      const slots = SLOTS.flatMap(slot => {
        const provider = optionalText(config[slot])
        return provider === undefined ? [] : [[slot, provider] as const]
      })
      return createRouter(
        { name, slots: new Map(slots), routes: config['routes'], guards: config['guards'] },
        { compile: expression => compile(RED, expression) },
      )
    },
  })
}

/** A JSONata expression over a message that is about to be sent. */
function compile(RED: Red, expression: string): (message: object) => Promise<unknown> {
  let prepared: unknown
  try {
    prepared = RED.util.prepareJSONataExpression(expression, {})
  } catch (error) {
    const reason = error instanceof Error ? error.message : String((error as { message?: unknown }).message)
    throw new SmsError('SMS_CONFIG', `the expression cannot be read: ${reason}`)
  }
  return message =>
    new Promise((resolve, reject) =>
      RED.util.evaluateJSONataExpression(prepared, message, (error, value) => (error ? reject(error) : resolve(value))),
    )
}
