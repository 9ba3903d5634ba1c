import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBench, describeInterop } from './bench.ts'
import type { Bench } from './bench.ts'
import { until } from './program.ts'

const FOLDERS = ['outgoing', 'checked', 'incoming', 'report', 'failed', 'sent'] as const

describeInterop('smstools', () => {
  let bench: Bench

  async function start(options: Parameters<typeof createBench>[0]): Promise<void> {
    bench = await createBench(options)
    const device = await bench.serialPort()
    const config = join(bench.folder, 'smsd.conf')
    for (const name of FOLDERS) mkdirSync(join(bench.folder, name))
    const lines = [
      'devices = GSM1',
      ...FOLDERS.map(name => `${name} = ${join(bench.folder, name)}`),
      `logfile = ${join(bench.folder, 'log')}`,
      'delaytime = 1',
      'delaytime_mainprocess = 1',
      'incoming_utf8 = yes',
      'decode_unicode_text = yes',
      '[GSM1]',
      `device = ${device}`,
      'incoming = yes',
      'report = yes',
      'init = AT+CNMI=2,1,0,2,0',
      // The first index; it asks the modem for it where this says nothing.
      `memory_start = ${bench.modem.profile.firstIndex}`,
    ]
    writeFileSync(config, `${lines.join('\n')}\n`)
    bench.start('smsd', ['-t', `-c${config}`, `-p${join(bench.folder, 'pid')}`, `-i${join(bench.folder, 'info')}`])
  }
  afterEach(() => bench.stop())

  const files = (folder: (typeof FOLDERS)[number]) =>
    readdirSync(join(bench.folder, folder))
      .toSorted()
      .map(name => readFileSync(join(bench.folder, folder, name), 'utf8'))

  function send(text: string): void {
    const path = join(bench.folder, 'message')
    writeFileSync(path, `To: 380671112233\nAlphabet: UTF-8\n\n${text}`)
    renameSync(path, join(bench.folder, 'outgoing', 'message'))
  }

  it('receives, parts joined, frees the memory, and is not stopped by what cannot be read', async () => {
    await start({ memories: { SM: 8 } })
    const { network, storage } = bench.modem
    const long = 'Довгий текст, що не вміщується в одну частину. '.repeat(3).trim()
    // It says it has 160 septets, and ends.
    storage.SM?.put('0791836007000000040C918360171122330000621112010000A0C832')
    network.deliver({ from: '+380671112233', text: 'Hello' })
    network.deliver({ from: '+380502223344', text: long })
    await until(() => files('incoming').length >= 2 && storage.SM?.used === 0, 'the messages')
    const texts = new Set(files('incoming').map(file => file.slice(file.indexOf('\n\n') + 2)))
    assert.ok(texts.has('Hello'))
    assert.ok(texts.has(long))
  })

  it('sends long texts and files the reports', async () => {
    // It looks for reports among the messages: that is where modems keep them that have no memory for reports.
    await start({ profile: 'ublox-sara', memories: { SM: 8 } })
    const text = 'Пожежа в котельні! '.repeat(8).trim()
    send(text)
    await until(() => files('sent').length === 1, 'the message to be sent')
    assert.deepEqual(bench.modem.network.texts(), [text])
    await until(() => files('report').length > 0, 'a report')
    assert.match(files('report').join('\n'), /Status: 0/)
  })

  it('tries again what the network did not take', async () => {
    await start({ profile: 'ublox-sara' })
    bench.modem.inject({ on: '+CMGS', answer: ['+CMS ERROR: 500'] })
    send('Again')
    await until(() => files('sent').length === 1, 'the message to be sent')
    assert.deepEqual(bench.modem.network.texts(), ['Again'])
  })
})
