import type { Call, Provider } from '../../lib/provider.ts'
import type { Given } from './admin.ts'
import type { NodeConfig, TypeOptions } from './red.ts'

/** A provider's config node: what it is called, and how its properties become a provider. */
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

/** Something a dialog has done with a provider that is made for it alone; `given` is what it sent. */
export type Trial<P extends Provider> = (provider: P, call: Call, given: Given) => Promise<object>
