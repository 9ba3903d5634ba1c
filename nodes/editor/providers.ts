import type { EditorNode, NodeDefinition } from './red.ts'
import { reason, text } from './texts.ts'
import type { ValidatorOptions } from './texts.ts'
import { asText, isReference } from './values.ts'

/** A provider as a select shows it; `id` may be `${NAME}` of a subflow's environment. */
export interface ProviderChoice {
  readonly id: string
  readonly type: string
  readonly label: string
}

/** Which provider types a field takes; nothing: all, those of other packages too. */
export type ProviderTypes = readonly string[] | undefined

const isProvider = (definition: NodeDefinition | undefined, types?: ProviderTypes, type?: string): boolean =>
  definition?.category === 'config' &&
  definition.smsProvider === true &&
  (types === undefined || (type !== undefined && types.includes(type)))

const definitionOf = (type: string | undefined): NodeDefinition | undefined =>
  type === undefined ? undefined : RED.nodes.getType(type)

/** What people call a provider type. */
export function providerTypeLabel(type: string): string {
  const definition = definitionOf(type)
  return definition === undefined ? type : RED.utils.getPaletteLabel(type, definition)
}

/** The types a new provider can be of, by label. */
export function providerTypes(types: ProviderTypes): { type: string; label: string }[] {
  return RED.nodes.registry
    .getNodeTypes()
    .filter(type => isProvider(definitionOf(type), types, type) && definitionOf(type)?.set?.enabled !== false)
    .map(type => ({ type, label: providerTypeLabel(type) }))
    .sort(byLabel)
}

/** The providers a node of this flow or subflow can use, by label. */
export function providersIn(
  flow: string | undefined,
  types: ProviderTypes,
  without: (provider: EditorNode) => boolean = () => false,
): ProviderChoice[] {
  const choices: ProviderChoice[] = []
  RED.nodes.eachConfig(config => {
    if (!isProvider(config._def, types, config.type) || (config.z && config.z !== flow) || without(config)) return
    const label = RED.utils.getNodeLabel(config, config.id)
    choices.push({
      id: config.id,
      type: config.type,
      label: config.d ? text('provider.disabled', { name: label }) : label,
    })
  })
  for (const { name, type, ui } of RED.nodes.subflow(flow ?? '')?.env ?? []) {
    if (type === undefined || ui?.type !== 'conf-types' || !isProvider(definitionOf(type), types, type)) continue
    choices.push({ id: `\${${name}}`, type, label: `[env] ${name}` })
  }
  return choices.sort(byLabel)
}

/** What a select shows for a value that is not among its choices: it is kept until somebody chooses another. */
export function strayLabel(value: string): string {
  if (isReference(value)) return value
  const config = RED.nodes.node(value)
  const stray = config
    ? text('provider.elsewhere', { name: RED.utils.getNodeLabel(config, value) })
    : text('provider.missing', { id: value })
  return `\u26a0 ${stray}`
}

export interface ProviderRules {
  readonly types?: readonly string[]
  /** Whether the field may be left empty, which means every provider. */
  readonly optional?: boolean
  /** How the ids of the dialog's fields begin: `node-input`, or `node-config-input` in that of a config node. */
  readonly prefix?: string
  /** The property that holds it: `provider`, unless there are several. */
  readonly property?: string
  /** Those that must not be chosen. */
  readonly without?: (provider: EditorNode) => boolean
}

/** The validator of a property that holds a provider: the core's own would take any config node of any flow. */
export function providerValidator({ types, optional = false }: ProviderRules = {}) {
  return function (this: EditorNode, value: unknown, options: ValidatorOptions | undefined): true | string {
    const id = asText(value)
    if (id === '' || id === '_ADD_') return optional || reason('provider', options)
    if (isReference(id)) return true
    const config = RED.nodes.node(id)
    if (!config) return reason('providerMissing', options)
    if (!isProvider(config._def, types, config.type)) return reason('providerKind', options)
    if (config.z && config.z !== this.z) return reason('providerScope', options)
    return config.valid !== false || reason('providerInvalid', options)
  }
}

/**
 * The core counts the users of a config node by its id, but after its dialog closes with a new scope only those whose
 * property is declared with its very type. Ours is declared with one type and holds any, so they are counted again.
 */
export function recountUsers(provider: EditorNode): void {
  if (!isProvider(provider._def) || !provider.users) return
  const users: EditorNode[] = []
  const look = (node: EditorNode): void => {
    const isUser = Object.entries(node._def?.defaults ?? {}).some(
      ([property, { type }]) => type !== undefined && node[property] === provider.id,
    )
    if (isUser) users.push(node)
  }
  RED.nodes.eachNode(look)
  RED.nodes.eachConfig(look)
  const inSubflowSettings = provider.users.filter(({ type }) => type.startsWith('subflow:'))
  provider.users.splice(0, Infinity, ...new Set([...users, ...inSubflowSettings]))
}

function byLabel(one: { label: string }, other: { label: string }): number {
  return one.label.localeCompare(other.label, undefined, { sensitivity: 'base' })
}
