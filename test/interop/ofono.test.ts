import assert from 'node:assert/strict'
import { globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveTcp } from '../sim/modem/serve.ts'
import { createBench, describeInterop } from './bench.ts'
import type { Bench } from './bench.ts'
import { startBus } from './bus.ts'
import type { Bus } from './bus.ts'
import { until } from './program.ts'

describeInterop('ofonod', () => {
  let bench: Bench
  let bus: Bus

  beforeEach(async () => {
    // It takes an echoed PDU for an answer.
    // What it keeps in /var/lib/ofono goes by the IMSI, and it would go on with the messages of another run.
    const imsi = `25501${String(Date.now()).slice(-10)}`
    bench = await createBench({ behaviour: { echo: 'never' }, sim: { imsi } })
    bus = await startBus(bench)
    const { address } = bench.owns(await serveTcp(bench.modem))
    const config = join(bench.folder, 'phonesim.conf')
    writeFileSync(config, `[phonesim]\nAddress=127.0.0.1\nPort=${new URL(address).port}\n`)
    bench.start('ofonod', ['--nodetach'], { ...bus.env, OFONO_PHONESIM_CONFIG: config })
    await until(async () => (await call('Manager.GetModems', '/').catch(() => '')).includes('/phonesim'), 'ofonod')
    await set('Modem', 'Powered')
    await set('Modem', 'Online')
    await until(() => bench.modem.heard.some(text => text.startsWith('AT+CNMI=2')), 'it to be ready for messages')
  })
  afterEach(async () => {
    await bench.stop()
    for (const path of globSync(`/var/lib/ofono/${bench.modem.sim.imsi}*`))
      rmSync(path, { recursive: true, force: true })
  })

  const call = (method: string, path = '/phonesim', ...args: readonly string[]) =>
    bus.call('org.ofono', path, `org.ofono.${method}`, ...args)
  const set = (interfaceName: string, property: string) =>
    call(`${interfaceName}.SetProperty`, '/phonesim', `string:${property}`, 'variant:boolean:true')

  it('registers it, and asks a service of the network', async () => {
    const modem = await call('Modem.GetProperties')
    assert.match(modem, /"490154203237518"/)
    const network = await call('NetworkRegistration.GetProperties')
    assert.match(network, /"registered"/)
    assert.match(network, /"Virtual Mobile"/)
    assert.match(await call('SupplementaryServices.Initiate', '/phonesim', 'string:*100#'), /Balance: 42\.17 UAH/)
  })

  it('is handed messages, joins the parts, and acknowledges each', async () => {
    const { network } = bench.modem
    const long = 'Довгий текст, що не вміщується в одну частину. '.repeat(3).trim()
    network.deliver({ from: '+380671112233', text: 'Hello' })
    network.deliver({ from: '+380502223344', text: long })
    await until(() => bus.monitor.output.includes(long), 'the long message')
    assert.match(bus.monitor.output, /IncomingMessage\s+string "Hello"/)
    assert.equal(network.waiting(), 0)
    assert.equal(bench.modem.heard.filter(text => text.startsWith('AT+CNMA')).length, 4)
  })

  it('sends long texts with reports', async () => {
    await set('MessageManager', 'UseDeliveryReports')
    const text = 'The quick brown fox jumps over the lazy dog, [€]. '.repeat(7).trim()
    await call('MessageManager.SendMessage', '/phonesim', 'string:+380671112233', `string:${text}`)
    const { network } = bench.modem
    await until(() => network.texts().length > 0, 'the message to be sent')
    assert.deepEqual(network.texts('+380671112233'), [text])
    await until(
      () => network.sent.every(({ reports }) => reports.length === 1) && network.waiting() === 0,
      'the reports',
    )
    assert.match(bus.monitor.output, /string "State"\s+variant\s+string "sent"/)
  })
})
