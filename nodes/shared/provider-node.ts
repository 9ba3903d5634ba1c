import { brokenProvider } from '../../lib/broken-provider.ts'
import { toSmsError } from '../../lib/errors.ts'
import type { Provider } from '../../lib/provider.ts'
import { providerName } from '../../lib/provider-name.ts'
import { serveConsole } from './console.ts'
import { joinGateway, useProvider } from './gateway.ts'
import type { ProviderNode } from './gateway.ts'
import { text } from './property.ts'
import type { ProviderType } from './provider-type.ts'
import type { NodeConfig, Red } from './red.ts'
import { offerTrials } from './trial.ts'
import { offerWebhookTest } from './webhook-test.ts'
import { callbackUrl, serveWebhook } from './webhooks.ts'

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
