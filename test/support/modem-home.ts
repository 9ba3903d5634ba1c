import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { SmsRecord } from '../../lib/message.ts'
import { root } from '../../tools/project.ts'
import { startNodeRed } from './node-red.ts'
import type { NodeRed } from './node-red.ts'
import { installPackage } from './package.ts'

/** A real Node-RED 5 with the packed package, a durable store, and modems; it may be killed and started again. */
export interface ModemHome {
  /** Resolves when its flows have started. */
  start(): Promise<NodeRed>
  /** As a power cut does. */
  kill(): Promise<void>
  /** Ends it well, and removes all that was installed. */
  end(): Promise<void>
  /** Hands a text in under a key of its own, again and again until Node-RED has stored it, also over kills. */
  handIn(provider: string, to: string, text: string): Promise<void>
  /** What came of what was handed in, from the store, by its text. */
  outgoing(): Promise<ReadonlyMap<string, SmsRecord>>
  /** What the flow was given, oldest first; nothing that was written is lost in a kill. */
  book(): readonly BookLine[]
  /** Resolves when every one of these modems is ready. */
  ready(providers?: readonly string[]): Promise<void>
  /** As the console has it. */
  health(provider: string): Promise<string | undefined>
}

export interface BookLine {
  readonly about: 'in' | 'status'
  /** The text, the caller's number, or the state. */
  readonly payload: string
  readonly state: string
  readonly text: string
  readonly redelivered: boolean
}

export interface HomeModem {
  readonly name: string
  readonly port: string
}

/** Installs and starts one. A modem's name is its node's id, too, with `modem-` in front. */
export async function createModemHome(modems: readonly HomeModem[]): Promise<ModemHome> {
  const userDir = await installPackage()
  const bookFile = join(userDir, 'book.jsonl')
  let running: NodeRed | undefined
  let isDeployed = false
  let isOver = false
  let keys = 0

  async function start(): Promise<NodeRed> {
    running = await startNodeRed({
      version: 5,
      userDir,
      settings: { nodesDir: [join(root, 'test', 'chaos', 'book')] },
      env: { CHAOS_BOOK: bookFile },
    })
    if (!isDeployed) await running.deploy(flowsOf(modems))
    isDeployed = true
    return running
  }

  async function faring(): Promise<ReadonlyMap<string, string>> {
    const reply = await fetch(`${running?.url}/sms/console/overview`)
    const { providers } = (await reply.json()) as { providers: readonly { name: string; health: string }[] }
    return new Map(providers.map(({ name, health }) => [name, health]))
  }

  return {
    start,
    async kill() {
      const ending = running
      running = undefined
      await ending?.kill()
    },
    async end() {
      isOver = true
      await running?.stop()
      running = undefined
      rmSync(userDir, { recursive: true, force: true })
    },
    async handIn(provider, to, text) {
      const order = { key: `key-${++keys}`, provider, to, text }
      while (!isOver && !(await post(running, order))) await delay(50)
    },
    async outgoing() {
      const reply = await fetch(`${running?.url}/history`)
      if (!reply.ok) throw new Error(`the history answered ${reply.status}`)
      const records = (await reply.json()) as SmsRecord[]
      return new Map(records.map(record => [record.text ?? '', record]))
    },
    book() {
      if (!existsSync(bookFile)) return []
      // What follows the last end of line is being written.
      const lines = readFileSync(bookFile, 'utf8').split('\n').slice(0, -1)
      return lines.map(line => JSON.parse(line) as BookLine)
    },
    async ready(providers = modems.map(({ name }) => name)) {
      for (let isReady = false; !isReady; await delay(25)) {
        const fares = await faring()
        isReady = providers.every(name => fares.get(name) === 'ready')
      }
    },
    health: async provider => (await faring()).get(provider),
  }
}

async function post(nodeRed: NodeRed | undefined, order: object): Promise<boolean> {
  if (!nodeRed) return false
  try {
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(`${nodeRed.url}/send`, { method: 'POST', headers, body: JSON.stringify(order) })
    // In doubt: stored long since, and sent or not.
    return (await reply.text()).includes('SMS_UNKNOWN') || reply.ok
  } catch {
    // Killed before it answered, or not there yet.
    return false
  }
}

/** Answered when it is stored: a message for later is not waited for. */
const ORDER = `
const { key, provider, to, text } = msg.payload
const smsOptions = { idempotencyKey: key, provider, sendAt: Date.now() + 50 }
return { ...msg, to, payload: text, smsOptions }
`

const flowsOf = (modems: readonly HomeModem[]): readonly object[] => [
  { id: 'tab', type: 'tab', label: 'Home' },
  ...modems.map(({ name, port }) => ({ id: `modem-${name}`, type: 'sms-modem', name, port, calls: 'hangup' })),

  node('send', 'http in', { url: '/send', method: 'post' }, ['order']),
  code('order', ORDER, ['out']),
  node('out', 'sms out', {}, ['answer']),
  node('failed', 'catch', { scope: ['order', 'out'] }, ['refuse']),
  code('refuse', 'return { ...msg, statusCode: 503, payload: msg.error }', ['answer']),

  node('ask', 'http in', { url: '/history', method: 'get' }, ['history']),
  node('history', 'sms history', { limit: 1000, direction: 'out' }, ['answer']),
  node('answer', 'http response', {}),

  node('in', 'sms in', { listen: 'both' }, ['came']),
  node('came', 'chaos book', { about: 'in' }),
  node('status', 'sms status', { listen: 'deliveries' }, ['became']),
  node('became', 'chaos book', { about: 'status' }),
]

function node(id: string, type: string, properties: object, next: readonly string[] = []): object {
  return { id, type, z: 'tab', x: 0, y: 0, wires: [next], ...properties }
}

function code(id: string, func: string, next: readonly string[]): object {
  return node(id, 'function', { func, outputs: 1, libs: [], initialize: '', finalize: '' }, next)
}
