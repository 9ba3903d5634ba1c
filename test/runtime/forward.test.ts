import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createForwardServer } from '../../lib/forward-server/index.ts'
import type { ForwardServer } from '../../lib/forward-server/index.ts'
import { fakeCarrier } from '../support/carrier.ts'
import { openAddress, startInstance } from '../support/forward.ts'
import type { Address, Instance } from '../support/forward.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'

const MESSAGES = 30
const NUMBERS = Array.from({ length: MESSAGES }, (_, index) => String(index + 1))
const login = (user: string) => ({ user, password: `${user}-password` })

/** A Node-RED that can be cut off and started again, with all it has printed in all its lives. */
interface Life {
  readonly url: string
  readonly lines: string[]
  deploy(flows: readonly object[]): Promise<void>
  press(id: string): Promise<void>
  cutOff(): Promise<void>
  again(): Promise<void>
  stop(): Promise<void>
  /** Resolves when the pattern's group has held so many different texts. */
  printed(pattern: RegExp, count: number): Promise<void>
}

async function live(userDir: string): Promise<Life> {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const onLine = (line: string) => {
    lines.push(line)
    for (const look of waiting) look()
  }
  let nodeRed: NodeRed = await startNodeRed({ version: 5, userDir, onLine })
  const { url } = nodeRed
  const port = Number(new URL(url).port)
  return {
    url,
    lines,
    deploy: flows => nodeRed.deploy(flows),
    press: async id => void (await fetch(`${url}/inject/${id}`, { method: 'POST' })),
    cutOff: () => nodeRed.kill(),
    async again() {
      nodeRed = await startNodeRed({ version: 5, userDir, port, onLine })
    },
    async stop() {
      await nodeRed.stop()
    },
    printed: (pattern, count) =>
      new Promise(resolve => {
        const look = () => {
          if (new Set(lines.map(line => pattern.exec(line)?.[1]).filter(Boolean)).size < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}

// A carrier that outlives both, in the test itself; then the server, which reaches it as a client; then the client.
describe('two Node-REDs, either cut off while messages flow', function () {
  this.timeout(60_000)
  let upstream: Instance
  let forward: ForwardServer
  let at: Address
  let userDirs: string[] = []
  let server: Life
  let client: Life
  const carrier = fakeCarrier({ send: () => new Promise(resolve => setTimeout(resolve, 40, {})) })

  before(async () => {
    const installed = await installPackage()
    const copy = mkdtempSync(join(tmpdir(), 'sms-user-'))
    cpSync(installed, copy, { recursive: true })
    userDirs = [installed, copy]
    ;[server, client] = await Promise.all([live(installed), live(copy)])
    at = await openAddress()
    upstream = await startInstance(carrier)
    const { gateway } = upstream
    forward = createForwardServer({
      id: 'upstream',
      name: 'Upstream',
      gateway,
      provider: () => gateway.find('carrier')!,
      clients: [
        {
          name: 'Server',
          url: `${server.url}/sms/from-upstream`,
          events: ['messages', 'statuses'],
          ...login('server'),
          callbackUser: 'upstream',
          callbackPassword: 'upstream-password',
        },
      ],
      log: () => {},
    })
    forward.start()
    gateway.flowsStarted()
    at.serve(forward.answer)

    const debug = {
      type: 'debug',
      z: 'tab',
      active: true,
      console: true,
      targetType: 'msg',
      complete: 'payload',
      wires: [],
    }
    await server.deploy([
      { id: 'tab', type: 'tab', label: 'Server' },
      {
        id: 'up',
        type: 'sms-forward-client',
        name: 'Upstream',
        serverUrl: at.url,
        path: 'from-upstream',
        credentials: { ...login('server'), callbackUser: 'upstream', callbackPassword: 'upstream-password' },
      },
      {
        id: 'home',
        type: 'sms-forward-server',
        name: 'Home',
        path: 'to-home',
        provider: 'up',
        clients: [
          { id: 'c', slot: 1, name: 'Cabin', url: `${client.url}/sms/to-cabin`, events: ['messages', 'statuses'] },
        ],
        credentials: {
          user1: 'cabin',
          password1: 'cabin-password',
          callbackUser1: 'home',
          callbackPassword1: 'home-password',
        },
      },
    ])
    await client.deploy([
      { id: 'tab', type: 'tab', label: 'Client' },
      {
        id: 'remote',
        type: 'sms-forward-client',
        name: 'Remote',
        serverUrl: `${server.url}/sms/to-home`,
        path: 'to-cabin',
        credentials: { ...login('cabin'), callbackUser: 'home', callbackPassword: 'home-password' },
      },
      { id: 'button', type: 'inject', z: 'tab', props: [], wires: [['many']] },
      {
        id: 'many',
        type: 'function',
        z: 'tab',
        func: `for (let n = 1; n <= ${MESSAGES}; n++) node.send({ payload: String(n), to: '+12025550123' })`,
        outputs: 1,
        libs: [],
        wires: [['out']],
      },
      { id: 'out', type: 'sms out', z: 'tab', provider: 'remote', timeoutSeconds: 100, wires: [[]] },
      {
        id: 'status',
        type: 'sms status',
        z: 'tab',
        provider: 'remote',
        states: ['queued', 'sending', 'delivered'],
        listen: 'deliveries',
        wires: [['name']],
      },
      {
        id: 'name',
        type: 'function',
        z: 'tab',
        func: "msg.payload += ' ' + msg.sms.text\nreturn msg",
        outputs: 1,
        libs: [],
        wires: [['showState']],
      },
      { id: 'in', type: 'sms in', z: 'tab', provider: 'remote', wires: [['mark']] },
      {
        id: 'mark',
        type: 'function',
        z: 'tab',
        func: `msg.payload = 'no. ' + msg.payload + (msg.sms.redelivered ? ' again' : '')\nreturn msg`,
        outputs: 1,
        libs: [],
        wires: [['showCame']],
      },
      { id: 'showCame', name: 'came', ...debug },
      { id: 'showState', name: 'state', ...debug },
    ])
  })
  after(async () => {
    await Promise.all([client?.stop(), server?.stop()])
    await forward?.stop()
    await upstream?.end()
    await at?.close()
    for (const userDir of userDirs) rmSync(userDir, { recursive: true, force: true })
  })

  const taken = (count: number) =>
    new Promise<void>(resolve => {
      const look = () => (carrier.calls.length >= count ? resolve() : void setTimeout(look, 20))
      look()
    })

  it('loses nothing, doubles nothing and keeps the order, in both directions', async () => {
    await client.press('button')
    await client.printed(/\[debug:state\] (?:queued|sending) (\d+)/, MESSAGES)
    const receiving = (async () => {
      for (const text of NUMBERS) {
        await upstream.host.received({ providerMessageId: text, from: '+12025550144', text })
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    })()

    await taken(5)
    await server.cutOff()
    await server.again()
    await taken(12)
    await client.cutOff()
    await client.again()
    await taken(20)
    await server.cutOff()
    await server.again()
    await Promise.all([taken(MESSAGES), receiving])
    assert.deepEqual(
      carrier.calls.map(({ text }) => text),
      NUMBERS,
    )

    await client.printed(/\[debug:came\] no\. (\d+)/, MESSAGES)
    const came = client.lines.map(line => /\[debug:came\] no\. (.*)/.exec(line)?.[1]).filter(text => text !== undefined)
    // What was handed to the flow in the moment of a cut may be handed to it again, and says so.
    assert.deepEqual([...new Set(came.map(text => text.replace(' again', '')))], NUMBERS)
    assert.equal(new Set(came).size, came.length)

    for (const { id } of carrier.calls) await upstream.host.reported({ id, state: 'delivered' })
    await client.printed(/\[debug:state\] delivered (\d+)/, MESSAGES)
    assert.equal(carrier.calls.length, MESSAGES)
  })
})
