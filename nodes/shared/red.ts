import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

/*
 * The part of Node-RED's API (4.1 and 5.0) that this package uses, as narrow types.
 * https://nodered.org/docs/creating-nodes/node-js
 */

export interface Red {
  readonly nodes: {
    createNode(node: NodeRedNode, config: NodeConfig): void
    registerType(type: string, constructor: NodeConstructor, options?: TypeOptions): void
    getNode(id: string): NodeRedNode | null | undefined
    eachNode(visit: (config: NodeConfig) => void): void
    /** What is stored for a node, secrets as they are. */
    getCredentials(id: string): Readonly<Record<string, string | undefined>> | null | undefined
  }
  readonly log: Record<'info' | 'warn' | 'error' | 'debug', (text: string) => void>
  readonly events: EventEmitter
  readonly settings: { readonly userDir?: string }
  readonly util: {
    cloneMessage<T>(msg: T): T
    evaluateNodeProperty(
      value: unknown,
      type: string,
      node: NodeRedNode,
      msg: object,
      done: (error: Error | null, value: unknown) => void,
    ): void
    /** Throws for what is no expression. */
    prepareJSONataExpression(expression: string, node: object): unknown
    evaluateJSONataExpression(prepared: unknown, msg: object, done: (error: unknown, value: unknown) => void): void
  }
  /** The express application under `httpNodeRoot`; absent where that is switched off. */
  readonly httpNode?: HttpApp | false
  /** The editor's own application; absent where the editor is switched off. */
  readonly httpAdmin?: HttpAdmin
  readonly auth?: { needsPermission(permission: string): HttpHandler }
  /** Tells every editor that is connected; `data` goes as JSON. */
  readonly comms?: { publish(topic: string, data: object): void }
}

export interface TypeOptions {
  readonly credentials?: Readonly<Record<string, { readonly type: 'text' | 'password' }>>
}

/** A node's definition as it stands in the flow file; `${ENV}` is replaced before we see it. */
export interface NodeConfig {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly [property: string]: unknown
}

export type NodeConstructor = (this: NodeRedNode, config: never) => void

export interface NodeRedNode {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly credentials?: Readonly<Record<string, string | undefined>>
  on(event: 'input', listener: (msg: Message, send: Send, done: Done) => void): void
  on(event: 'close', listener: (removed: boolean, done: () => void) => void): void
  send(msg: Outputs): void
  status(status: NodeStatus | Record<string, never>): void
  error(error: unknown, msg?: Message): void
  warn(text: string): void
  log(text: string): void
}

/** A flow message; only what we read of it is named. */
export interface Message {
  _msgid?: string
  payload?: unknown
  topic?: unknown
  to?: unknown
  smsOptions?: unknown
  sms?: unknown
  failures?: unknown
  [property: string]: unknown
}

export type Outputs = Message | readonly (Message | null)[]
export type Send = (msg: Outputs) => void
export type Done = (error?: unknown) => void

export interface NodeStatus {
  readonly fill: 'red' | 'green' | 'yellow' | 'blue' | 'grey'
  readonly shape: 'ring' | 'dot'
  readonly text: string
}

export interface HttpApp {
  all(path: string, handle: (request: HttpRequest, response: ServerResponse) => void): void
}

export interface HttpAdmin {
  get(path: string, ...handlers: HttpHandler[]): void
  post(path: string, ...handlers: HttpHandler[]): void
}

export type HttpHandler = (request: HttpRequest, response: ServerResponse, next: () => void) => void

/** What express adds to a request. */
export interface HttpRequest extends IncomingMessage {
  readonly originalUrl: string
  readonly protocol: string
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: Readonly<Record<string, unknown>>
  /** Set where a middleware of the user's has read the body before us. */
  readonly body?: unknown
}
