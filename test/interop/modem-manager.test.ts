import assert from 'node:assert/strict'
import { serveAbstract } from '../sim/modem/serve.ts'
import { createBench, describeInterop } from './bench.ts'
import type { Bench } from './bench.ts'
import { startBus } from './bus.ts'
import type { Bus } from './bus.ts'
import { run, until } from './program.ts'

const NAME = 'org.freedesktop.ModemManager1'
const PATH = '/org/freedesktop/ModemManager1'

describeInterop('ModemManager', () => {
  let bench: Bench
  let bus: Bus

  before(async () => {
    bench = await createBench()
    bus = await startBus(bench)
    const port = `abstract:sms-${process.pid}-${Date.now()}`
    bench.owns(await serveAbstract(bench.modem, port))
    bench.start('ModemManager', ['--test-session', '--test-enable', '--test-no-udev'], bus.env)
    const isThere = () => bus.call(NAME, PATH, 'org.freedesktop.DBus.Peer.Ping').catch(() => undefined)
    await until(isThere, 'ModemManager')
    await bus.call(NAME, PATH, `${NAME}.Test.SetProfile`, 'string:fake', 'string:generic', `array:string:${port}`)
    await until(async () => (await mmcli('-L')).includes('/Modem/0'), 'it to know the modem')
    await until(() => mmcli('-m', '0', '--enable').catch(() => undefined), 'it to enable the modem')
  })
  after(() => bench?.stop())

  const reads = () => bench.modem.heard.filter(text => text.startsWith('AT+CMGR=')).length
  const received = async () => {
    const list = await mmcli('-m', '0', '--messaging-list-sms')
    return [...list.matchAll(/SMS\/(\d+) \(received\)/g)].map(([, id = '']) => id)
  }
  const mmcli = (...args: readonly string[]) => run('mmcli', args, bus.env)

  it('knows what it is, and registers it', async () => {
    const output = await mmcli('-m', '0')
    assert.match(output, /equipment id: 490154203237518/)
    assert.match(output, /own: \+380501234567/)
    await until(async () => /state: .*registered/.test(await mmcli('-m', '0')), 'it to be registered')
    assert.match(await mmcli('-i', '0'), /iccid: 8938001234567890123/)
  })

  it('receives what comes, parts joined', async () => {
    const { network } = bench.modem
    const long = 'Довгий текст, що не вміщується в одну частину. '.repeat(3).trim()
    network.deliver({ from: '+380671112233', text: 'Hello' })
    await until(async () => (await received()).length > 0, 'the message')
    // Of several +CMTI in a row it reads one.
    for (const part of [1, 2, 3]) {
      const before = reads()
      network.deliver({ from: '+380502223344', text: long, reference: 7, order: [part] })
      await until(() => reads() > before, 'the part to be read')
    }
    const texts = await until(async () => {
      const all = await Promise.all((await received()).map(id => mmcli('-s', id)))
      return all.length === 2 && all.join('\n')
    }, 'both messages')
    assert.match(texts, /text: Hello/)
    assert.ok(texts.includes(long), texts)
  })

  it('sends, and knows that it arrived', async () => {
    const created = await mmcli(
      '-m',
      '0',
      "--messaging-create-sms=text='Alarm, again!',number='+380671112233',delivery-report-request='yes'",
    )
    const id = /SMS\/(\d+)/.exec(created)?.[1] ?? ''
    await mmcli('-s', id, '--send')
    assert.deepEqual(bench.modem.network.texts('+380671112233'), ['Alarm, again!'])
    // It keeps a report as a message of its own.
    const report = await until(async () => {
      const all = await Promise.all((await received()).map(each => mmcli('-s', each)))
      return all.find(text => text.includes('status-report'))
    }, 'the report')
    assert.match(report, /delivery state: completed-received/)
  })
})
