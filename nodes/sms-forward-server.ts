import { toSmsError } from '../lib/errors.ts'
import { createForwardServer } from '../lib/forward-server/index.ts'
import type { ClientEvent, ClientSettings } from '../lib/forward-server/index.ts'
import { providerName } from '../lib/provider-name.ts'
import { findProvider, joinGateway, onceStarted } from './shared/gateway.ts'
import { optionalText, text } from './shared/property.ts'
import type { NodeConfig, NodeRedNode, Red, TypeOptions } from './shared/red.ts'
import { serveWebhook } from './shared/webhooks.ts'

/** Credentials of Node-RED are no lists: each client has a slot for its own. */
const SLOTS = 10
const LOGIN = { user: 'text', password: 'password', callbackUser: 'text', callbackPassword: 'password' } as const
const EVENTS: readonly ClientEvent[] = ['messages', 'statuses', 'calls']

/** The config node `sms-forward-server`: lets remote clients use this instance. */
export default function (RED: Red): void {
  function ForwardServer(this: NodeRedNode, config: NodeConfig): void {
    RED.nodes.createNode(this, config)
    const gateway = joinGateway(RED, this)
    const name = providerName('sms-forward-server', config)
    try {
      const server = createForwardServer({
        id: this.id,
        name,
        gateway,
        provider: () => findProvider(RED, text(config['provider'])),
        clients: readClients(config['clients'], this.credentials ?? {}),
        log: (level, line) => RED.log[level](`[sms] ${line}`),
      })
      serveWebhook(RED, this, { path: text(config['path']), publicUrl: '', answer: server.answer })
      onceStarted(RED, this, server.start)
      this.on('close', (_removed, done) => void server.stop().finally(done))
    } catch (thrown) {
      this.error(toSmsError(thrown, 'SMS_CONFIG'))
    }
  }
  RED.nodes.registerType('sms-forward-server', ForwardServer, { credentials: credentialsOf() })
}

/** `user1`, `password1`, `callbackUser1`, `callbackPassword1`, and so on for each slot. */
function credentialsOf(): NonNullable<TypeOptions['credentials']> {
  const slots = Array.from({ length: SLOTS }, (_, index) => index + 1)
  return Object.fromEntries(
    slots.flatMap(slot => Object.entries(LOGIN).map(([name, type]) => [`${name}${slot}`, { type }] as const)),
  )
}

function readClients(
  list: unknown,
  credentials: Readonly<Record<string, string | undefined>>,
): readonly ClientSettings[] {
  if (!Array.isArray(list)) return []
  return list.map((row: Readonly<Record<string, unknown>>, index) => {
    const slot = text(row['slot']) || String(index + 1)
    const shown = (name: keyof typeof LOGIN) => optionalText(credentials[name + slot])
    const events = row['events']
    return {
      id: optionalText(row['id']),
      name: text(row['name']),
      url: optionalText(row['url']),
      // A flow written by hand that says nothing gets what smsframework's clients get.
      events: Array.isArray(events) ? EVENTS.filter(event => events.includes(event)) : ['messages', 'statuses'],
      to: optionalText(row['to']),
      keyword: optionalText(row['keyword']),
      category: optionalText(row['category']),
      user: shown('user'),
      password: shown('password'),
      callbackUser: shown('callbackUser'),
      callbackPassword: shown('callbackPassword'),
    }
  })
}
