import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBench, describeInterop } from './bench.ts'
import type { Bench } from './bench.ts'
import { run, until } from './program.ts'

describeInterop('gammu', () => {
  let bench: Bench
  let gammu: (...args: readonly string[]) => Promise<string>

  beforeEach(async () => {
    bench = await createBench()
    gammu = async (...args) => run('gammu', ['-c', await configure(), ...args])
  })
  afterEach(() => bench.stop())

  async function configure(): Promise<string> {
    const config = join(bench.folder, 'gammurc')
    writeFileSync(config, `[gammu]\ndevice = ${await bench.serialPort()}\nconnection = at115200\n`)
    return config
  }

  it('finds out what it is', async () => {
    const output = await gammu('identify')
    assert.match(output, /Manufacturer\s+: Virtual/)
    assert.match(output, /IMEI\s+: 490154203237518/)
    assert.match(output, /SIM IMSI\s+: 255010123456789/)
  })

  it('knows the network, and asks a service of it', async () => {
    const info = await gammu('networkinfo')
    assert.match(info, /Network state\s+: home network/)
    assert.match(info, /255 01/)
    // Having the answer, it waits ten seconds more.
    const asking = bench.start('gammu', ['-c', await configure(), 'getussd', '*100#'])
    await until(() => asking.output.includes('Balance: 42.17 UAH'), 'the answer')
  })

  it('sends long texts in any alphabet, and is told that they arrived', async () => {
    const long = 'The quick brown fox jumps over the lazy dog, [€]. '.repeat(7).trim()
    const unicode = 'Пожежа в котельні! '.repeat(8).trim()
    await gammu('sendsms', 'TEXT', '+380671112233', '-autolen', '400', '-report', '-text', long)
    await gammu('sendsms', 'TEXT', '+380671112233', '-autolen', '400', '-unicode', '-text', unicode)

    const { network, storage } = bench.modem
    assert.deepEqual(network.texts('+380671112233'), [long, unicode])
    assert.deepEqual(
      network.sent.map(({ submit }) => `${submit.coding.alphabet} ${submit.reportRequested}`),
      [...Array<string>(3).fill('gsm7 true'), ...Array<string>(3).fill('ucs2 false')],
    )
    assert.deepEqual(
      network.sent.map(({ reports }) => reports.length),
      [1, 1, 1, 0, 0, 0],
    )
    assert.equal(storage.SR?.used, 0)
  })

  it('reads all that came in, and deletes it', async () => {
    const { network, storage } = bench.modem
    network.deliver({ from: '+380671112233', text: 'Reading 00123,5 [m3? no]' })
    network.deliver({ from: 'Kyivstar', text: 'Довгий текст, що не вміщується в одну частину. '.repeat(3).trim() })
    assert.equal(storage.SM?.used, 4)

    const all = await gammu('getallsms')
    assert.match(all, /Reading 00123,5 \[m3\? no\]/)
    assert.match(all, /Remote number\s+: "Kyivstar"/)
    assert.match(all, /4 SMS parts in 4 SMS sequences/)
    await gammu('deleteallsms', '1')
    assert.equal(storage.SM?.used, 0)
  })
})
