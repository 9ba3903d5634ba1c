import { systemClock } from '../../lib/clock.ts'
import { createCalls, within } from '../../lib/deadline.ts'
import { SmsError, toSmsError } from '../../lib/errors.ts'
import type { ErrorInfo } from '../../lib/errors.ts'
import type { InUse } from '../../lib/gateway.ts'
import type { Call, Provider } from '../../lib/provider.ts'
import { providerName } from '../../lib/provider-name.ts'
import { onPost, partOf } from './admin.ts'
import type { Given } from './admin.ts'
import { withEnvironment } from './environment.ts'
import { holderOf } from './holders.ts'
import { text } from './property.ts'
import type { ProviderSettings, ProviderType, Trial } from './provider-type.ts'
import type { NodeConfig, NodeRedNode, Red } from './red.ts'
import { callbackUrl } from './webhooks.ts'

/** The longest a dialog waits, and how long what it tried may take to end. */
const TRIAL_MS = 15_000
const STOP_MS = 1_000

/** What the editor shows instead of a secret that is stored. */
const STORED = '__PWRD__'

/**
 * Lets dialogs try settings before they are deployed: `POST sms/test/<type>` with `{ id, settings, credentials }` makes
 * a provider of them as the config node would, asks it, and ends it. Secrets that were not typed anew are those stored for
 * that node, and no answer has one in it.
 */
export function offerTrials<P extends Provider>(RED: Red, providerType: ProviderType<P>): void {
  const { type, trials = {} } = providerType
  onPost(RED, `/sms/test/${type}`, given =>
    tryOut(RED, providerType, given, (provider, call) => probe(RED, provider, call)),
  )
  for (const [name, trial] of Object.entries(trials))
    onPost(RED, `/sms/test/${type}/${name}`, given => tryOut(RED, providerType, given, trial))
}

async function probe(RED: Red, provider: Provider, call: Call): Promise<object> {
  if (!provider.probe) throw new SmsError('SMS_UNSUPPORTED', 'there is nothing to try')
  const holder = provider.holds === undefined ? undefined : await holderOf(RED, provider.holds)
  return holder ? askHolder(holder, call) : provider.probe(call)
}

/** A port is for one alone: what can be known of it is what the node that keeps it knows, and how that fares. */
async function askHolder({ id, provider, report }: InUse, call: Call): Promise<object> {
  let facts = {}
  let unanswered: ErrorInfo | undefined
  try {
    facts = (await provider.probe?.(call))?.facts ?? {}
  } catch (thrown) {
    unanswered = toSmsError(thrown).toJSON()
  }
  const { health, error = unanswered, paused } = report()
  const holder = { id, name: provider.name, health, ...(paused && { paused }), ...(error && { error }) }
  return { outcome: 'held', facts, holder }
}

async function tryOut<P extends Provider>(
  RED: Red,
  { type, credentials = {}, create }: ProviderType<P>,
  given: Given,
  trial: Trial<P>,
): Promise<object> {
  const settings = readSettings(RED, type, Object.keys(credentials), given)
  const secrets = Object.entries(settings.credentials).flatMap(([name, value]) =>
    credentials[name]?.type === 'password' && value !== undefined ? [value] : [],
  )
  let provider: P | undefined
  try {
    const made = (provider = create(settings))
    const found = await createCalls(systemClock).run(TRIAL_MS, signal => trial(made, { signal }, given))
    return withoutSecrets(found, secrets)
  } catch (thrown) {
    const { code, message, providerCode } = toSmsError(thrown, provider ? 'SMS_PROVIDER' : 'SMS_CONFIG')
    // Nothing was sent, so nothing is in doubt: there was no answer.
    const told = new SmsError(code === 'SMS_UNKNOWN' ? 'SMS_TIMEOUT' : code, message, { providerCode })
    return withoutSecrets({ error: told.toJSON() }, secrets)
  } finally {
    if (provider?.stop) await within(systemClock, STOP_MS, Promise.resolve(provider.stop()))
  }
}

/** The settings as the config node would get them. Throws `SMS_CONFIG`. */
function readSettings(RED: Red, type: string, names: readonly string[], given: Given): ProviderSettings {
  const id = text(given['id'])
  const node = RED.nodes.getNode(id) ?? undefined
  const config = { ...withEnvironment(RED, partOf(given, 'settings'), node), id, type } as NodeConfig
  const url = callbackUrl(text(config['publicUrl']), text(config['path']))
  return {
    config,
    name: providerName(type, config),
    credentials: readCredentials(RED, type, names, id, partOf(given, 'credentials'), node),
    ...(url !== undefined && { callbackUrl: url }),
  }
}

function readCredentials(
  RED: Red,
  type: string,
  names: readonly string[],
  id: string,
  given: Given,
  node: NodeRedNode | undefined,
): Record<string, string | undefined> {
  const stored = typeOf(RED, id) === type ? (RED.nodes.getCredentials(id) ?? {}) : {}
  const all: Record<string, unknown> = {}
  for (const name of names) {
    const value = given[name]
    const isTyped = typeof value === 'string' && value !== STORED
    all[name] = isTyped ? value : stored[name]
  }
  return withEnvironment(RED, all, node) as Record<string, string | undefined>
}

/** The secrets of another type's node are not for this one to try. */
function typeOf(RED: Red, id: string): string | undefined {
  let type: string | undefined
  RED.nodes.eachNode(config => {
    if (config.id === id) type = config.type
  })
  return type
}

/** A net below all others: providers leave secrets out by themselves. Very short ones may be part of anything. */
function withoutSecrets(found: object, secrets: readonly string[]): object {
  const long = secrets.filter(secret => secret.length >= 6)
  const conceal = (value: unknown): unknown => {
    if (typeof value === 'string') return long.reduce((shown, secret) => shown.replaceAll(secret, '…'), value)
    if (Array.isArray(value)) return value.map(conceal)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, conceal(part)]))
  }
  return conceal(found) as object
}
