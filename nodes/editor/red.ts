/*
 * The part of the Node-RED editor's API (4.1 and 5.0) that this package uses, as narrow types.
 * https://nodered.org/docs/api/ui/ and https://nodered.org/docs/creating-nodes/properties
 */

declare global {
  // The editor's own globals; only scripts loaded by it can see them.
  const RED: Editor
  const $: ((selector: string | Element | Query, attributes?: Readonly<Record<string, string>>) => Query) & {
    /** Asks the admin API, as who is logged in to the editor. */
    getJSON(url: string, done: (data: unknown) => void): unknown
    ajax(request: AjaxRequest): AjaxAnswer
  }
}

interface AjaxRequest {
  readonly url: string
  readonly method: 'POST'
  readonly contentType: string
  readonly data: string
}

interface AjaxAnswer {
  then(
    done: (data: unknown) => void,
    /** `status` is 0 where nothing answered. */
    failed: (answer: { readonly status: number; readonly responseJSON?: { code: string; message: string } }) => void,
  ): unknown
}

export interface Editor {
  /** Translates `namespace:key`; `__name__` in the text is replaced by a variable. */
  _(key: string, variables?: Readonly<Record<string, string | number>>): string
  readonly nodes: {
    node(id: string): EditorNode | null | undefined
    getType(type: string): NodeDefinition | undefined
    subflow(id: string): Subflow | undefined
    eachNode(visit: (node: EditorNode) => void): void
    eachConfig(visit: (node: EditorNode) => void): void
    readonly registry: { getNodeTypes(): string[] }
  }
  readonly editor: {
    /** Opens a config node's dialog; `id` is `_ADD_` for a new one. */
    editConfig(property: string, type: string, id: string, prefix: string, node: EditorNode): void
    /** Judges a node's properties anew. */
    validateNode(node: EditorNode): boolean
  }
  readonly events: { on(event: string, listener: (node: EditorNode) => void): void }
  readonly i18n: { lang(): string }
  readonly validators: {
    /** Judges a value of a typed input; `typeField` is the property that holds its type. */
    typedInput(
      typeField: string,
    ): (this: EditorNode, value: unknown, options: { readonly label?: string } | undefined) => true | string
  }
  readonly popover: {
    menu(options: MenuOptions): { show(at: { target: Query; align?: 'left' | 'right' }): void }
    tooltip(target: Query, content: string): { delete(): void }
  }
  readonly clipboard: { copyText(text: string, from: Query, message: string): boolean }
  readonly settings: { readonly httpNodeRoot?: string }
  readonly utils: {
    getNodeLabel(node: EditorNode, fallback: string): string
    getPaletteLabel(type: string, definition: NodeDefinition): string
  }
}

interface MenuOptions {
  readonly options: readonly { readonly label: string; readonly onselect: () => void }[]
  /** `cancelled` only where the menu was left by Escape or a click elsewhere. */
  readonly onclose?: (cancelled?: boolean) => void
}

export interface NodeDefinition {
  readonly category: string
  readonly defaults: Readonly<Record<string, { readonly type?: string }>>
  readonly credentials?: object
  /** The marker by which any package's config node becomes a provider here. */
  readonly smsProvider?: boolean
  readonly set?: { readonly enabled?: boolean }
}

/** A node as the editor holds it; in a dialog this is what was saved, not what the form says. */
export interface EditorNode {
  readonly id: string
  readonly type: string
  /** The flow or subflow it is in; absent for a config node that every flow may use. */
  readonly z?: string
  /** Disabled. */
  readonly d?: boolean
  readonly valid?: boolean
  readonly _def: NodeDefinition
  readonly users?: EditorNode[]
  [property: string]: unknown
}

export interface Subflow {
  readonly env?: readonly SubflowEnv[]
}

export interface SubflowEnv {
  readonly name: string
  readonly type?: string
  readonly ui?: { readonly type?: string }
}

/** A jQuery set. Only its `on` hears the `change` that the editor triggers. */
export interface Query {
  readonly length: number
  readonly [index: number]: HTMLElement
  val(): string | undefined
  val(value: string): Query
  text(text: string): Query
  html(): string
  attr(name: string): string | undefined
  attr(name: string, value: string): Query
  attr(attributes: Readonly<Record<string, string>>): Query
  removeAttr(name: string): Query
  prop(name: string): unknown
  prop(name: string, value: boolean): Query
  data(name: string): unknown
  data(name: string, value: unknown): Query
  addClass(name: string): Query
  removeClass(name: string): Query
  toggleClass(name: string, on: boolean): Query
  toggle(shown: boolean): Query
  append(...content: (Query | string)[]): Query
  appendTo(target: Query | string): Query
  insertAfter(target: Query): Query
  insertBefore(target: Query): Query
  before(content: Query): Query
  after(content: Query): Query
  empty(): Query
  remove(): Query
  find(selector: string): Query
  closest(selector: string): Query
  next(selector?: string): Query
  prev(selector?: string): Query
  nextAll(selector?: string): Query
  parent(): Query
  index(): number
  is(selector: string): boolean
  first(): Query
  each(visit: (this: HTMLElement) => void): Query
  on(events: string, listener: (event: QueryEvent) => void): Query
  trigger(event: string): Query
  editableList<T extends object>(options: EditableListOptions<T>): Query
  editableList(method: 'addItem', item: object): Query
  editableList(method: 'items'): Query
  editableList(method: 'removeItem' | 'height', argument: object | number): Query
  typedInput(options: TypedInputOptions): Query
  typedInput(method: 'type'): string
}

export interface QueryEvent {
  readonly key?: string
  readonly altKey?: boolean
  readonly originalEvent?: Event
  preventDefault(): void
}

export interface EditableListOptions<T> {
  readonly header?: Query
  readonly sortable?: boolean
  readonly removable?: boolean
  readonly addItem: (row: Query, index: number, item: T) => void
  readonly removeItem?: (item: T) => void
  readonly sortItems?: () => void
}

export interface TypedInputOptions {
  /** Selector of the field that keeps the type. */
  readonly typeField: string
  readonly types: readonly (string | TypedInputType)[]
}

interface TypedInputType {
  readonly value: string
  readonly label: string
  readonly icon?: string
  readonly hasValue?: boolean
}
