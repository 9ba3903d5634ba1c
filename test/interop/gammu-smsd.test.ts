import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBench, describeInterop } from './bench.ts'
import type { Bench } from './bench.ts'
import { run, until } from './program.ts'

describeInterop('gammu-smsd', () => {
  let bench: Bench
  let config: string

  beforeEach(async () => {
    // One that tells of reports with +CDS: it looks for none in a memory of their own.
    bench = await createBench({ profile: 'sim800' })
    const folder = (name: string) => {
      const path = join(bench.folder, name)
      mkdirSync(path)
      return `${path}/`
    }
    config = join(bench.folder, 'gammu-smsdrc')
    const device = await bench.serialPort()
    const lines = [
      '[gammu]',
      `device = ${device}`,
      'connection = at115200',
      'model = at',
      '[smsd]',
      'service = files',
      `inboxpath = ${folder('inbox')}`,
      `outboxpath = ${folder('outbox')}`,
      `sentsmspath = ${folder('sent')}`,
      `errorsmspath = ${folder('error')}`,
      `logfile = ${join(bench.folder, 'log')}`,
      'deliveryreport = sms',
      'hangupcalls = 1',
      'receivefrequency = 1',
      'statusfrequency = 0',
      'checkbattery = 0',
      'checksignal = 0',
    ]
    writeFileSync(config, lines.join('\n'))
    bench.start('gammu-smsd', ['-c', config])
    await until(() => bench.modem.heard.includes('AT+CMMS=2'), 'gammu-smsd')
  })
  afterEach(() => bench.stop())

  const files = (folder: string) =>
    readdirSync(join(bench.folder, folder))
      .toSorted()
      .map(name => readFileSync(join(bench.folder, folder, name), 'utf8'))

  it('receives what lay there and what comes, parts joined, and deletes it', async () => {
    const { network, storage } = bench.modem
    const long = 'Довгий текст, що не вміщується в одну частину. '.repeat(3).trim()
    network.deliver({ from: '+380671112233', text: 'Hello' })
    network.deliver({ from: '+380502223344', text: long })
    await until(() => files('inbox').length >= 4, 'the messages')
    const texts = files('inbox')
    assert.ok(texts.includes('Hello'))
    assert.equal(texts.filter(text => text !== 'Hello').join(''), long)
    await until(() => storage.SM?.used === 0, 'them to be deleted')
  })

  it('sends, and files the report', async () => {
    await run('gammu-smsd-inject', ['-c', config, 'TEXT', '+380671112233', '-text', 'Alarm!'])
    await until(() => files('sent').length === 1, 'the message to be sent')
    assert.deepEqual(bench.modem.network.texts('+380671112233'), ['Alarm!'])
    assert.equal(bench.modem.network.sent.length, 1)
    await until(() => files('inbox').some(text => text.includes('Delivered')), 'the report')
  })

  it('hangs up on callers', async () => {
    const call = bench.modem.network.call('+380671112233')
    await until(() => call.state === 'refused', 'the call to be refused')
  })
})
