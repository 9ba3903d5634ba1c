import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AddressInfo, Server, Socket } from 'node:net'
import { recordLine } from '../../test/support/line-events.ts'
import type { SmsError } from '../errors.ts'
import { opening } from './opening.ts'
import { openTcp, parseTcpAddress } from './tcp.ts'

describe('TCP line', () => {
  let server: Server
  let accepted: Promise<Socket>
  let far: Socket | undefined
  beforeEach(async () => {
    server = createServer()
    server.once('connection', socket => (far = socket))
    accepted = once(server, 'connection').then(([socket]) => socket as Socket)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(async () => {
    server.close()
    far?.destroy()
  })
  const connect = async () => {
    const line = recordLine()
    const transport = await openTcp({ host: '127.0.0.1', port: portOf(server) })(
      line.events,
      new AbortController().signal,
    )
    return { transport, line, far: await accepted }
  }

  it('carries bytes both ways', async () => {
    const { transport, line, far } = await connect()
    await transport.write(Buffer.from('AT\r'))
    assert.equal(String((await once(far, 'data'))[0]), 'AT\r')
    far.write('\r\nOK\r\n')
    await line.came('\r\nOK\r\n')
    await transport.setBaudRate(9600)
    await transport.close()
    await assert.rejects(transport.write(Buffer.of(1)), { code: 'SMS_CONNECTION' })
    assert.deepEqual(line.ends, [undefined])
  })

  it('says what it had to say before it closes', async () => {
    const { transport, far } = await connect()
    const all: Buffer[] = []
    far.on('data', (bytes: Buffer) => all.push(bytes))
    void transport.write(Buffer.from('ATH\r')).catch(() => {})
    await Promise.all([transport.close(), once(far, 'end')])
    assert.equal(Buffer.concat(all).toString(), 'ATH\r')
  })

  it('is told that the far end closed it', async () => {
    const { transport, line, far } = await connect()
    far.end()
    assert.match(String((await line.ended)?.message), /closed the connection/)
    await transport.close()
    assert.equal(line.ends.length, 1)
  })

  it('is told that the far end broke it', async () => {
    const { line, far } = await connect()
    far.resetAndDestroy()
    assert.match(String((await line.ended)?.message), /tcp:\/\/127\.0\.0\.1:\d+: the connection was reset/)
  })

  it('closes at once while the far end reads nothing', async () => {
    const { transport, far } = await connect()
    far.pause()
    const write = transport.write(Buffer.alloc(64 * 1024 * 1024)).catch((error: SmsError) => error.code)
    const startMs = performance.now()
    await transport.close()
    assert.ok(performance.now() - startMs < 1000)
    assert.equal(await write, 'SMS_CONNECTION')
    // And the connection is no more, instead of waiting for that for ever.
    let broken = false
    far.on('error', () => (broken = true))
    while (!broken) {
      far.write('x')
      await nextTurn()
    }
  })

  it('says that nobody listens', async () => {
    const port = portOf(server)
    server.close()
    await once(server, 'close')
    const opening = openTcp({ host: '127.0.0.1', port })(recordLine().events, new AbortController().signal)
    await assert.rejects(opening, { code: 'SMS_CONNECTION', message: /refused the connection/ })
  })

  it('is not opened when that is called off', async () => {
    const stop = new AbortController()
    const opening = openTcp({ host: '127.0.0.1', port: portOf(server) })(recordLine().events, stop.signal)
    stop.abort()
    await assert.rejects(opening, { code: 'SMS_CANCELLED' })
    const late = openTcp({ host: '127.0.0.1', port: portOf(server) })(recordLine().events, stop.signal)
    await assert.rejects(late, { code: 'SMS_CANCELLED' })
  })

  it('has a limited time to open', async () => {
    let undone = 0
    const never = opening(new AbortController().signal, 'tcp://h:1', () => () => undone++, 5)
    await assert.rejects(never, { code: 'SMS_CONNECTION', message: 'tcp://h:1 did not open within 0.005 s' })
    assert.equal(undone, 1)
  })

  for (const [address, host, port] of [
    ['tcp://127.0.0.1:4001', '127.0.0.1', 4001],
    ['TCP://moxa.local:23/', 'moxa.local', 23],
    ['tcp://[::1]:4001', '::1', 4001],
    ['tcp://[fe80::1%eth0]:65535', 'fe80::1%eth0', 65_535],
  ] as const) {
    it(`is at ${address}`, () => assert.deepEqual(parseTcpAddress(address), { host, port }))
  }
  for (const address of [
    'tcp://',
    'tcp://h',
    'tcp://h:0',
    'tcp://h:65536',
    'tcp://:1',
    'tcp://u@h:1',
    'tcp://::1:4001',
    'tcp://h:1/x',
  ]) {
    it(`is not at ${address}`, () => {
      assert.throws(() => parseTcpAddress(address), { code: 'SMS_CONFIG', message: /tcp:\/\/host:port/ })
    })
  }
})

const portOf = (server: Server): number => (server.address() as AddressInfo).port
