import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createVirtualModem } from './modem.ts'
import type { VirtualModem } from './modem.ts'
import { serveAbstract, servePty, serveTcp } from './serve.ts'

describe('virtual modem on a port', () => {
  let modem: VirtualModem
  beforeEach(() => {
    modem = createVirtualModem()
  })
  afterEach(() => modem.stop())

  async function ask(socket: Socket): Promise<string> {
    socket.write('ATE0\r')
    let text = ''
    for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
      text += String(bytes)
      if (text.endsWith('OK\r\n')) break
    }
    return text
  }

  it('answers one client of TCP at a time, and hangs up when it is unplugged', async () => {
    const served = await serveTcp(modem)
    const port = Number(new URL(served.address).port)
    const client = connect({ host: '127.0.0.1', port })
    assert.match(await ask(client), /OK/)
    const other = connect({ host: '127.0.0.1', port }).resume()
    await once(other, 'close')
    assert.equal(modem.isOpen, true)

    const closed = once(client.resume(), 'close')
    modem.unplug()
    await closed
    modem.plug()
    const again = connect({ host: '127.0.0.1', port })
    assert.match(await ask(again), /OK/)
    await served.stop()
    assert.equal(modem.isOpen, false)
  })

  it('answers on an abstract socket', async function () {
    if (process.platform !== 'linux') this.skip()
    const name = `sms-test-${process.pid}-${performance.now()}`
    const served = await serveAbstract(modem, name)
    assert.match(await ask(connect({ path: `\0${name}` })), /OK/)
    await served.stop()
  })

  it('is a serial port, and another one when it is plugged in again', async function () {
    if (process.platform === 'win32') this.skip()
    const folder = mkdtempSync(join(tmpdir(), 'sms-modem-'))
    const link = join(folder, 'modem')
    const served = await servePty(modem, link)
    assert.match(readlinkSync(link), /^\/dev\//)
    modem.unplug()
    assert.equal(modem.isOpen, false)
    modem.plug()
    while (!modem.isOpen || !existsSync(link)) await nextTurn()
    assert.match(readlinkSync(link), /^\/dev\//)
    await served.stop()
    assert.equal(modem.isOpen, false)
    assert.equal(existsSync(link), false)
    rmSync(folder, { recursive: true })
  })
})
