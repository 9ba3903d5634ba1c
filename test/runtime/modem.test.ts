import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../interop/program.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { servePty, serveTcp } from '../sim/modem/serve.ts'
import type { Served } from '../sim/modem/serve.ts'
import { createModemHome } from '../support/modem-home.ts'
import type { ModemHome } from '../support/modem-home.ts'

const ME = '+380501112233'
const OTHER = '+380671112233'
const LONG = 'Двері відчинено 🚪 '.repeat(8)

// Pseudo terminals are what a Unix has.
const WAYS = process.platform === 'win32' ? (['tcp'] as const) : (['tcp', 'serial'] as const)

describe('the package as it is installed, with modems', function () {
  this.timeout(60_000)
  let folder: string
  let home: ModemHome
  const modems = {} as Record<(typeof WAYS)[number], VirtualModem>
  const served: Served[] = []

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sms-modems-'))
    for (const way of WAYS) {
      // A modem on USB comes back on another port; its link stays the same.
      modems[way] = createVirtualModem({ profile: way === 'tcp' ? 'generic' : 'zte-mf180' })
      served.push(await (way === 'tcp' ? serveTcp(modems[way]) : servePty(modems[way], join(folder, 'by-id'))))
    }
    home = await createModemHome(WAYS.map((name, at) => ({ name, port: served[at]!.address })))
    await home.start()
    await home.ready()
  })
  after(async () => {
    await home?.end()
    for (const each of served) await each.stop()
    for (const way of WAYS) modems[way]?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  /** Resolves when the flow was given it. */
  async function came(about: 'in' | 'status', payload: string, text: string): Promise<void> {
    const isIt = (line: { about: string; payload: string; text: string }) =>
      line.about === about && line.payload === payload && line.text === text
    await until(() => home.book().some(isIt), `${payload} ${text}`)
  }

  for (const way of WAYS) {
    it(`send over ${way}, and are told of the delivery`, async () => {
      for (const text of [`Door open, ${way}`, `${LONG}${way}`]) {
        await home.handIn(way, ME, text)
        await came('status', 'delivered', text)
      }
      assert.deepEqual(modems[way].network.texts(ME), [`Door open, ${way}`, `${LONG}${way}`])
    })

    it(`receive over ${way}, parts joined, and free the memory`, async () => {
      const { network, storage } = modems[way]
      for (const text of [`How is it, ${way}?`, `${LONG}to ${way}`]) {
        network.deliver({ from: OTHER, text })
        await came('in', text, text)
      }
      await until(() => Object.values(storage).every(({ used }) => used === 0), 'its memories to be free')
    })

    it(`report a caller over ${way}, and hang up`, async () => {
      const call = modems[way].network.call(way === 'tcp' ? ME : OTHER)
      await came('in', call.from, '')
      await until(() => call.state === 'refused', 'the call to be hung up')
    })

    it(`come back over ${way} after the modem was pulled out`, async () => {
      const modem = modems[way]
      const port = modem.port
      modem.unplug()
      await home.handIn(way, ME, `Later, ${way}`)
      modem.network.deliver({ from: OTHER, text: `Meanwhile, ${way}` })
      await until(async () => (await home.health(way)) === 'failed', 'the modem to be missed')
      modem.plug()
      await came('in', `Meanwhile, ${way}`, `Meanwhile, ${way}`)
      await came('status', 'delivered', `Later, ${way}`)
      assert.notEqual(modem.port, port)
    })
  }

  it('keep what waits for a modem over a kill', async () => {
    const { tcp } = modems
    tcp.unplug()
    await home.handIn('tcp', ME, 'Before the kill')
    await home.kill()
    tcp.network.deliver({ from: OTHER, text: 'While nobody was there' })
    tcp.plug()
    await home.start()
    await came('status', 'delivered', 'Before the kill')
    await came('in', 'While nobody was there', 'While nobody was there')
    assert.equal(tcp.network.texts(ME).filter(text => text === 'Before the kill').length, 1)
  })
})
