import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVirtualModem } from '../../../test/sim/modem/modem.ts'
import type { VirtualModem } from '../../../test/sim/modem/modem.ts'
import { servePty } from '../../../test/sim/modem/serve.ts'
import type { Served } from '../../../test/sim/modem/serve.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import { systemClock } from '../../clock.ts'
import { createModem } from './index.ts'
import type { ModemProvider } from './index.ts'

const call = { signal: new AbortController().signal }

// Pseudo terminals are what a Unix has.
const describeOnUnix = process.platform === 'win32' ? () => {} : describe

describeOnUnix('a modem on a serial port', () => {
  let folder: string
  let modem: VirtualModem
  let served: Served
  let host: RecordingHost
  let provider: ModemProvider
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sms-port-'))
    modem = createVirtualModem({ profile: 'zte-mf180', behaviour: { acknowledgeMs: 100 } })
    const port = join(folder, 'by-id')
    served = await servePty(modem, port)
    host = createHost(systemClock)
    provider = createModem({ name: 'Modem', port })
    await provider.start?.(host)
    await host.fares('ready')
  })
  afterEach(async () => {
    await provider.stop?.()
    await served.stop()
    modem.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('sends and receives', async () => {
    const text = 'Двері відчинено 🚪'.repeat(5)
    const { parts } = await provider.send(outgoing({ text }), call)
    modem.network.deliver({ from: '+380671112233', text })
    await host.brought(parts ?? 0)
    assert.deepEqual(modem.network.texts(), [text])
    assert.equal(host.messages.map(message => message.text).join(''), text)
  })

  it('is there again under another name after it restarted', async () => {
    modem.unplug()
    while (host.healths.at(-1)?.health === 'ready') await new Promise(resolve => setImmediate(resolve))
    const failed = host.healths.length
    modem.network.deliver({ from: '+380671112233', text: 'While it was out' })
    modem.plug()
    await host.brought(1)
    assert.equal(host.healths.slice(failed).at(-1)?.health, 'ready')
  }).timeout(10_000)
})
