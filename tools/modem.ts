// npm run modem -- --port 2947, or --link /tmp/modem for a serial port: a modem without hardware, for building flows. It answers AT
// commands, and on this console one texts it, calls it, and sees what is sent through it.
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createVirtualModem } from '../test/sim/modem/modem.ts'
import type { VirtualModem } from '../test/sim/modem/modem.ts'
import { PROFILES } from '../test/sim/modem/profile.ts'
import type { ProfileName } from '../test/sim/modem/profile.ts'
import { servePty, serveTcp } from '../test/sim/modem/serve.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '2947' },
    profile: { type: 'string', default: 'generic' },
    number: { type: 'string', default: '+380501234567' },
    pin: { type: 'string' },
    link: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
})

const isProfile = (name: string): name is ProfileName => name in PROFILES

if (!isProfile(values.profile)) {
  console.error(`There is no profile ${values.profile}; there are ${Object.keys(PROFILES).join(', ')}.`)
  process.exit(1)
}

const modem = createVirtualModem({
  profile: values.profile,
  number: values.number,
  ...(values.pin !== undefined && { sim: { pin: values.pin } }),
})
const served = await (values.link === undefined ? serveTcp(modem, Number(values.port)) : servePty(modem, values.link))

console.log(`A ${modem.profile.manufacturer} ${modem.profile.model} with the number ${modem.number} answers on
${served.address}: put that into the port field of an sms-modem. As a serial port: --link /tmp/modem.
Here, type "help" to see what can be done to it.`)

modem.network.onSent(sent => {
  const part = sent.submit.header?.concat
  const which = part ? ` (part ${part.index} of ${part.total})` : ''
  console.log(`${time()} sent to ${sent.to}${which}: ${sent.text ?? `${sent.submit.octets.length} octets of data`}`)
})
if (values.trace)
  modem.watch((side, text) => console.log(`${time()} ${side === 'host' ? '>>' : '<<'} ${JSON.stringify(text)}`))

/** What can be typed: what it takes, what it does, how. */
const COMMANDS: Readonly<
  Record<string, { takes: string; does: string; run: (modem: VirtualModem, rest: string) => void }>
> = {
  sms: {
    takes: '<number> <text>',
    does: 'somebody texts the modem',
    run: ({ network }, rest) => {
      const [, from, text] = /^(\S+)\s+(.+)$/s.exec(rest) ?? []
      if (from === undefined || text === undefined) throw new Error('a number and a text, please')
      network.deliver({ from, text: text.replaceAll('\\n', '\n') })
    },
  },
  call: {
    takes: '<number>',
    does: 'somebody calls it; "hangup" ends the call',
    run: ({ network }, from) => {
      const call = network.call(from === '' ? '+380671112233' : from)
      call.onEnd(() => console.log(`${time()} the call from ${call.from} is over: ${call.state}`))
    },
  },
  hangup: { takes: '', does: 'the caller hangs up', run: ({ network }) => network.calls.at(-1)?.end() },
  ussd: {
    takes: '<code> <answer>',
    does: 'what a USSD code answers from now on',
    run: ({ network }, rest) => {
      const [, code, answer] = /^(\S+)\s+(.+)$/s.exec(rest) ?? []
      if (code === undefined || answer === undefined) throw new Error('a code and its answer, please')
      network.services.set(code, answer)
    },
  },
  unplug: { takes: '', does: 'pulls it out; "plug" puts it back', run: modem => modem.unplug() },
  plug: { takes: '', does: 'plugs it in again', run: modem => modem.plug() },
  restart: { takes: '', does: 'it starts anew and has lost its settings', run: modem => modem.restart() },
  mute: {
    takes: '<seconds>',
    does: 'it answers nothing for so long, then all at once',
    run: (modem, rest) => modem.mute(Number(rest === '' ? 15 : rest) * 1_000),
  },
  reports: {
    takes: 'delivered | failed | expired | none',
    does: 'what becomes of the messages sent through it',
    run: ({ network }, rest) => {
      const reports = REPORTS[rest]
      if (!reports) throw new Error(`one of ${Object.keys(REPORTS).join(', ')}, please`)
      network.behaviour.reports = reports
    },
  },
  say: { takes: '<line>', does: 'it says that line, unasked', run: (modem, line) => modem.say(line) },
  network: {
    takes: 'home | roaming | searching | denied | none',
    does: 'how it is registered',
    run: (modem, rest) => {
      if (!isRegistration(rest)) throw new Error('home, roaming, searching, denied or none, please')
      modem.registration = rest
    },
  },
  status: {
    takes: '',
    does: 'what is in its memories',
    run: modem => {
      for (const { name, used, capacity } of Object.values(modem.storage))
        console.log(`${name}: ${used} of ${capacity}`)
      console.log(`${modem.network.waiting()} messages wait in the network, ${modem.network.sent.length} were sent`)
    },
  },
  help: {
    takes: '',
    does: 'this',
    run: () => {
      for (const [name, { takes, does }] of Object.entries(COMMANDS))
        console.log(`${`${name} ${takes}`.padEnd(54)}${does}`)
    },
  },
  quit: { takes: '', does: 'the end', run: () => void end() },
}

// TP-ST (3GPP TS 23.040 §9.2.3.15).
const REPORTS: Readonly<Record<string, readonly number[]>> = {
  delivered: [0x00],
  failed: [0x41],
  expired: [0x46],
  none: [],
}

function isRegistration(word: string): word is VirtualModem['registration'] {
  return ['home', 'roaming', 'searching', 'denied', 'none'].includes(word)
}

const typed = createInterface({ input: process.stdin, output: process.stdout, prompt: '' })
typed.on('line', line => {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(line.trim()) ?? []
  if (word === '') return
  try {
    const command = COMMANDS[word]
    if (!command) throw new Error(`no such command: ${word}; "help" shows all`)
    command.run(modem, rest)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
  }
})
// Without a console, as under a service, it goes on until it is told to end.
typed.on('close', () => process.stdin.isTTY && void end())
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())

async function end(): Promise<void> {
  typed.removeAllListeners('close')
  typed.close()
  await served.stop()
  modem.stop()
}

function time(): string {
  return new Date().toTimeString().slice(0, 8)
}
