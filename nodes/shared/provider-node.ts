import { brokenProvider } from '../../lib/broken-provider.ts'
import { toSmsError } from '../../lib/errors.ts'
import type { Provider } from '../../lib/provider.ts'
import { providerName } from '../../lib/provider-name.ts'
import { serveConsole } from './console.ts'
import { joinGateway, useProvider } from './gateway.ts'
import type { ProviderNode } from './gateway.ts'
import { text } from './property.ts'
import type { NodeConfig, Red, TypeOptions } from './red.ts'
import { offerTrials } from './trial.ts'
import type { Trial } from './trial.ts'
import { offerWebhookTest } from './webhook-test.ts'
import { callbackUrl, serveWebhook } from './webhooks.ts'

export interface ProviderType<P extends Provider = Provider> {
  readonly type: string
  readonly credentials?: TypeOptions['credentials']
  /** Makes the provider from the node's properties. Throws `SmsError` for settings that cannot work. */
  create(settings: ProviderSettings): P
  /** What its dialog can do with settings that are not deployed yet, besides trying them. */
  readonly trials?: Readonly<Record<string, Trial<P>>>
}

export interface ProviderSettings {
  readonly config: NodeConfig
  readonly name: string
  readonly credentials: Readonly<Record<string, string | undefined>>
  /** Where the carrier reaches this node's webhook from outside; absent without a public address. */
  readonly callbackUrl?: string
}

/** Registers a provider's config node: makes the provider, takes it into use, and serves its webhook. */
export function registerProvider<P extends Provider>(RED: Red, providerType: ProviderType<P>): void {
  const { type, credentials = {}, create } = providerType
  function ProviderConfigNode(this: ProviderNode, config: NodeConfig): void {
    RED.nodes.createNode(this, config)
    joinGateway(RED, this)
    const name = providerName(type, config)
    const path = text(config['path'])
    const publicUrl = text(config['publicUrl'])
    try {
      const url = callbackUrl(publicUrl, path)
      const provider = create({
        config,
        name,
        credentials: this.credentials ?? {},
        ...(url !== undefined && { callbackUrl: url }),
      })
      if (provider.webhook && path) serveWebhook(RED, this, { path, publicUrl, answer: provider.webhook })
      this.smsProvider = provider
    } catch (thrown) {
      const error = toSmsError(thrown, 'SMS_CONFIG')
      this.error(error)
      this.smsProvider = brokenProvider(type, name, error)
    }
    useProvider(RED, this)
  }
  serveConsole(RED)
  offerTrials(RED, providerType)
  offerWebhookTest(RED)
  RED.nodes.registerType(type, ProviderConfigNode, { credentials })
}
