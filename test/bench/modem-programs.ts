import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { tmpdir } from 'node:os'
import { compose } from '../../lib/compose.ts'
import { createGateway } from '../../lib/gateway.ts'
import { createModem } from '../../lib/providers/modem/index.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import { createSqliteStore } from '../../lib/store/sqlite/index.ts'
import { run, start, until } from '../interop/program.ts'
import type { Program } from '../interop/program.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { startHelper } from './process.ts'

/** Something that drives a modem: ours, or what others take for it. */
export interface Drives {
  readonly name: string
  readonly isOurs?: true
  /** Begins with what is queued; resolves when the modem was set up. */
  start(modem: VirtualModem, port: string, texts: readonly string[]): Promise<Driving>
}

export interface Driving {
  /** Resolves when so many incoming messages were handed on; rejects after `limitMs`. */
  received(count: number, limitMs: number): Promise<void>
  stop(): Promise<void>
}

const TO = '+380671112233'

/** Our driver as a flow has it, with the outbox, the inbox, and a store. */
export const ours = (kind: 'memory' | 'sqlite'): Drives => ({
  name: kind === 'memory' ? 'ours' : 'ours, stored on disk',
  isOurs: true,
  async start(_modem, port, texts) {
    const folder = createFolder()
    const path = join(folder, 'messages.db')
    const store = kind === 'memory' ? createMemoryStore() : createSqliteStore({ path, retentionDays: 0 })
    await store.open(Date.now())
    const gateway = createGateway({ store, log() {} })
    const came = createCount()
    gateway.inbox.listen(undefined, came.up)
    gateway.flowsStarted()
    const ready = new Promise<void>(resolve => gateway.on('provider', ({ health }) => health === 'ready' && resolve()))
    gateway.use('modem', createModem({ name: 'Modem', port }))
    await ready
    for (const text of texts) {
      const wanted = { to: TO, text, options: { deliveryReport: false }, onDoubt: 'fail' } as const
      const { sendings } = await compose(wanted, gateway.find('modem')!, Date.now())
      await gateway.outbox.submit(sendings)
    }
    return {
      received: came.reaches,
      async stop() {
        await gateway.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
})

/** The package of this name; it knows no store, no prompt and no answer of the network. */
export const serialportGsm: Drives = {
  name: 'serialport-gsm',
  async start(_modem, port, texts) {
    const helper = await startHelper('modem-serialport-gsm.ts')
    await helper.ask({ port, to: TO, texts })
    return { received: () => Promise.reject(new Error('not asked of it')), stop: () => helper.stop() }
  },
}

/** gammu-smsd with a folder for its queue. */
const gammu: Drives = {
  name: 'gammu-smsd',
  async start(modem, port, texts) {
    const folder = createFolder()
    const path = (name: string) => `${join(folder, name)}/`
    for (const name of ['inbox', 'outbox', 'sent', 'error']) mkdirSync(path(name))
    const config = join(folder, 'gammu-smsdrc')
    const lines = [
      '[gammu]',
      `device = ${port}`,
      'connection = at115200',
      'model = at',
      '[smsd]',
      'service = files',
      `inboxpath = ${path('inbox')}`,
      `outboxpath = ${path('outbox')}`,
      `sentsmspath = ${path('sent')}`,
      `errorsmspath = ${path('error')}`,
      `logfile = ${join(folder, 'log')}`,
      'deliveryreport = no',
      'receivefrequency = 1',
      'statusfrequency = 0',
      'checkbattery = 0',
      'checksignal = 0',
    ]
    writeFileSync(config, lines.join('\n'))
    for (const text of texts) await run('gammu-smsd-inject', ['-c', config, 'TEXT', TO, '-text', text])
    const program = start('gammu-smsd', ['-c', config])
    await until(() => modem.heard.includes('AT+CMMS=2'), 'gammu-smsd')
    return driving(program, folder, 'inbox')
  },
}

/** The daemon of smstools with its spool folders. */
const smstools: Drives = {
  name: 'smstools',
  async start(modem, port, texts) {
    const folder = createFolder()
    const folders = ['outgoing', 'checked', 'incoming', 'report', 'failed', 'sent'] as const
    for (const name of folders) mkdirSync(join(folder, name))
    const config = join(folder, 'smsd.conf')
    const lines = [
      'devices = GSM1',
      ...folders.map(name => `${name} = ${join(folder, name)}`),
      `logfile = ${join(folder, 'log')}`,
      'delaytime = 1',
      'delaytime_mainprocess = 1',
      '[GSM1]',
      `device = ${port}`,
      'incoming = yes',
      `memory_start = ${modem.profile.firstIndex}`,
    ]
    writeFileSync(config, `${lines.join('\n')}\n`)
    for (const [number, text] of texts.entries()) {
      const file = join(folder, `message-${number}`)
      writeFileSync(file, `To: ${TO.slice(1)}\n\n${text}`)
      renameSync(file, join(folder, 'outgoing', `message-${number}`))
    }
    const program = start('smsd', ['-t', `-c${config}`, `-p${join(folder, 'pid')}`, `-i${join(folder, 'info')}`])
    await until(() => modem.heard.some(command => /\+CPMS/.test(command)), 'smstools')
    return driving(program, folder, 'incoming')
  },
}

/** Of the programs to be compared with, those that are here; what is not here is told. */
export function installedPrograms(): readonly Drives[] {
  // Daemons lie where not everybody's PATH leads.
  process.env['PATH'] = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin`
  const folders = process.env['PATH'].split(delimiter)
  const isHere = (command: string) => folders.some(folder => existsSync(join(folder, command)))
  const programs = [
    { drives: gammu, commands: ['gammu-smsd', 'gammu-smsd-inject'] },
    { drives: smstools, commands: ['smsd'] },
  ]
  return programs.flatMap(({ drives, commands }) => {
    if (commands.every(isHere)) return [drives]
    console.log(`${drives.name} is not installed, and left out`)
    return []
  })
}

function driving(program: Program, folder: string, incoming: string): Driving {
  return {
    async received(count, limitMs) {
      const files = join(folder, incoming)
      await until(() => readdirSync(files).length >= count, `what comes in`, limitMs)
    },
    async stop() {
      await program.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Counts, and tells when a count is reached. */
function createCount() {
  let count = 0
  let wanted = Infinity
  let tell = () => {}
  return {
    up() {
      count += 1
      if (count >= wanted) tell()
    },
    reaches: (goal: number, limitMs: number) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`only ${count} came of ${goal}`)), limitMs)
        wanted = goal
        tell = () => {
          clearTimeout(timer)
          resolve()
        }
        if (count >= goal) tell()
      }),
  }
}

const createFolder = () => mkdtempSync(join(tmpdir(), 'sms-bench-'))
