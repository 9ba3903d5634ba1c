import { EventEmitter, once } from 'node:events'
import helper from 'node-red-node-test-helper'
import debounceNode from '../../nodes/sensor-debounce.ts'
import askNode from '../../nodes/sms-ask.ts'
import historyNode from '../../nodes/sms-history.ts'
import inNode from '../../nodes/sms-in.ts'
import outNode from '../../nodes/sms-out.ts'
import phoneNode from '../../nodes/sms-phone.ts'
import routerNode from '../../nodes/sms-router.ts'
import statusNode from '../../nodes/sms-status.ts'
import testNode from '../../nodes/sms-test.ts'
import twilioNode from '../../nodes/sms-twilio.ts'
import type { Message, Red } from '../../nodes/shared/red.ts'

const NODES = [
  askNode,
  debounceNode,
  historyNode,
  inNode,
  outNode,
  phoneNode,
  routerNode,
  statusNode,
  testNode,
  twilioNode,
]

interface HelperNode extends EventEmitter {
  readonly id: string
  receive(msg: Message): void
  /** A sinon spy, put there by the test helper. */
  readonly status: { getCalls(): { readonly thisValue: unknown; readonly args: [{ text?: string }] }[] }
}

/** A flow in node-red-node-test-helper's runtime. */
export interface Flow {
  /** Sends a message into a node. */
  inject(id: string, msg: Message): void
  /** The next message that reaches a node, from now on or one that came unawaited before. */
  next(id: string): Promise<Message>
  /** What has reached a node and was not awaited. */
  pending(id: string): readonly Message[]
  /** The texts of a node's statuses so far. */
  statuses(id: string): readonly string[]
  node(id: string): HelperNode
  /** The API of Node-RED as the nodes got it. */
  readonly RED: Red
}

export interface FlowOptions {
  /** By node id. */
  readonly credentials?: object
  /** Further node modules to load. */
  readonly modules?: readonly ((RED: Red) => void)[]
}

/** Loads a flow; nodes of type `helper` collect what reaches them. Unload with `unloadFlow`. */
export async function loadFlow(nodes: readonly Record<string, unknown>[], options: FlowOptions = {}): Promise<Flow> {
  const flow = [{ id: 'tab', type: 'tab', label: 'test' }, ...nodes.map(node => ({ z: 'tab', wires: [], ...node }))]
  let given: Red | undefined
  const keep = (RED: Red) => {
    given = RED
  }
  await helper.load([...NODES, ...(options.modules ?? []), keep], flow, options.credentials ?? {})
  const inboxes = new Map<string, { queue: Message[]; events: EventEmitter }>()
  for (const { id, type } of flow as { id: string; type: string }[]) {
    const node = helper.getNode(id) as HelperNode | null
    if (!node) continue
    if (type !== 'helper') continue
    const box = { queue: [] as Message[], events: new EventEmitter() }
    inboxes.set(id, box)
    node.on('input', (msg: Message) => {
      box.queue.push(msg)
      box.events.emit('message')
    })
  }
  const inbox = (id: string) => inboxes.get(id) ?? assertNever(id)
  return {
    inject: (id, msg) => (helper.getNode(id) as HelperNode).receive(msg),
    async next(id) {
      const { queue, events } = inbox(id)
      if (queue.length === 0) await once(events, 'message')
      return queue.shift()!
    },
    pending: id => inbox(id).queue,
    statuses: id => {
      const node = helper.getNode(id) as HelperNode
      const calls = node.status.getCalls().filter(call => call.thisValue === node)
      return calls.map(call => (call.args[0].text ?? '').replace(/^@[^:]*:/, ''))
    },
    node: id => helper.getNode(id) as HelperNode,
    RED: given!,
  }
}

export async function unloadFlow(): Promise<void> {
  await helper.unload()
}

function assertNever(id: string): never {
  throw new Error(`no helper node ${id} in the flow`)
}
