import assert from 'node:assert/strict'
import fc from 'fast-check'
import { systemClock } from '../../lib/clock.ts'
import { encodeDeliver } from '../../lib/gsm/encode.ts'
import type { SmsRecord } from '../../lib/message.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import type { Sent } from '../sim/modem/network.ts'
import { PROFILES } from '../sim/modem/profile.ts'
import type { ProfileName } from '../sim/modem/profile.ts'
import { createFaultyStore } from '../support/faulty-store.ts'
import type { StoreFaults } from '../support/faulty-store.ts'
import { createModemRig, ME, OTHER } from '../support/modem.ts'
import type { ModemRig } from '../support/modem.ts'

/** How long to look for what makes a modem lose or double a message, or say what is not so. */
const seconds = Number(process.env['SMS_FUZZ'] ?? 0)
const needs = seconds > 0 ? '' : ' – pending: SMS_FUZZ, for how many seconds, is not set'

const LONG = ` ${'ї🚪€'.repeat(40)}`
// The first two end in the same digits.
const PHONES = [ME, '+380971112233', OTHER, '+491701112233'] as const
const COMMANDS = ['+CMGS', '+CMGR', '+CMGD', '+CMGL', '+CPMS', '+CNMI', '+CNMA', '+CMGF', '+CSQ', 'E', 'Z'] as const
const REFUSALS = ['ERROR', '+CMS ERROR: 500', '+CMS ERROR: 38', '+CME ERROR: 14'] as const
const LATE_MS = [300, 6_000, 25_000, 70_000] as const
const AT = ['AT+CMGF=1', 'AT+CPMS="ME"', 'ATE1', 'AT+CNMI=0,0,0,0,0', 'ATI'] as const

/** What a run knows of itself. */
interface Run {
  rig: ModemRig
  readonly faults: StoreFaults
  readonly out: { readonly id: string; readonly to: string; readonly text: string }[]
  readonly coming: string[]
  readonly heard: SmsRecord[]
  /** A whole number that decides what a step leaves open. */
  pick: number
  tag: string
}

const chosen = <T>({ pick }: Run, from: readonly T[]): T => from[pick % from.length]!

async function send(run: Run, text: string): Promise<void> {
  const to = chosen(run, PHONES)
  try {
    run.out.push({ id: await run.rig.send(text, to, { ...(run.pick % 3 === 0 && { flash: true }) }), to, text })
  } catch {
    // The store did not take it, and said so.
  }
}

/** The parts of a text, in the order that `order` tells; a part may come twice. */
function comes(run: Run, text: string, order: (parts: readonly string[]) => readonly string[] = parts => parts): void {
  const { modem, clock } = run.rig
  run.coming.push(text)
  const timestamp = { ms: clock.now(), offsetQuarters: 8 }
  const pdus = encodeDeliver({ from: chosen(run, PHONES), text, timestamp, reference: run.coming.length % 256 })
  for (const pdu of order(pdus.map(({ hex }) => hex))) modem.network.deliverPdu(pdu)
}

async function anew(run: Run, how: 'crash' | 'restart'): Promise<void> {
  const { rig } = run
  run.faults.fails = () => false
  run.rig = await rig[how]()
  run.heard.push(...rig.heard)
}

const on = (run: Run) => run.rig.modem.port !== undefined

const STEPS: Readonly<Record<string, (run: Run) => unknown>> = {
  send: run => send(run, `out ${run.tag}`),
  sendLong: run => send(run, `out ${run.tag}${LONG}`),
  async sendTwice(run) {
    await send(run, `out ${run.tag}`)
    await run.rig.clock.advance(run.pick % 400)
    await send(run, `out ${run.tag}`)
  },
  receive: run => comes(run, `in ${run.tag}`),
  receiveLong: run => comes(run, `in ${run.tag}${LONG}`),
  receiveShuffled: run => comes(run, `in ${run.tag}${LONG}`, parts => parts.toReversed()),
  receiveCopies: run => comes(run, `in ${run.tag}${LONG}`, ([first = '', ...others]) => [first, first, ...others]),
  receiveBroken: run => run.rig.modem.network.deliverPdu('0791448720003023240B'),
  call: run => run.rig.modem.network.call(OTHER).end(),
  at: run => void run.rig.provider.modem.command(chosen(run, AT)).catch(() => {}),
  ussd: run => void run.rig.provider.modem.ussd('*100#').catch(() => {}),
  crash: run => anew(run, 'crash'),
  redeploy: run => anew(run, 'restart'),
  storeFails: run => void (run.faults.fails = () => (run.pick = (run.pick * 16_807 + 1) % 2_147_483_647) % 2 === 0),
  storeIsWell: run => void (run.faults.fails = () => false),
  restart: run => on(run) && run.rig.modem.restart(),
  restartSilently: run => on(run) && run.rig.modem.restart({ says: [] }),
  mute: run => run.rig.modem.mute(chosen(run, [500, 3_000, 12_000]), run.pick % 2 === 0 ? 'hold' : 'drop'),
  deaf: run => void (run.rig.modem.behaviour.deaf = true),
  hears: run => void (run.rig.modem.behaviour.deaf = false),
  unplug: run => on(run) && run.rig.modem.unplug(),
  plug: run => run.rig.modem.plug(),
  noNetwork: run => on(run) && (run.rig.modem.registration = 'searching'),
  network: run => on(run) && (run.rig.modem.registration = 'home'),
  echo: run => void (run.rig.modem.behaviour.echo = 'always'),
  pieces: run => Object.assign(run.rig.modem.behaviour, { cuts: [7, 1, 13], cutGapMs: run.pick % 5 }),
  latePrompt: run => void (run.rig.modem.behaviour.promptDelayMs = chosen(run, [400, 5_000, 10_500])),
  talksInPrompt: run => void (run.rig.modem.behaviour.unsolicitedInPrompt = true),
  refuse: run => run.rig.modem.inject({ on: chosen(run, COMMANDS), answer: [chosen(run, REFUSALS)] }),
  loseAnswer: run => run.rig.modem.inject({ on: chosen(run, COMMANDS), acts: true, answer: 'silence' }),
  loseAll: run => run.rig.modem.inject({ on: chosen(run, COMMANDS), answer: 'silence' }),
  late: run => run.rig.modem.inject({ on: chosen(run, COMMANDS), acts: true, lateMs: chosen(run, LATE_MS) }),
  noise: run => on(run) && run.rig.modem.say(chosen(run, ['^RSSI:18', 'RING', '+CMTI: "SM",99', '+CDS: 5', '> '])),
}

const steps = fc.array(
  fc.tuple(
    fc.constantFrom(...Object.keys(STEPS)),
    fc.nat(),
    fc.constantFrom(0, 0, 5, 40, 160, 300, 700, 2_000, 7_000, 16_000),
  ),
  { minLength: 1, maxLength: 25 },
)

describe(`A modem, fuzzed${needs}`, function () {
  it('loses nothing, doubles nothing, claims nothing that is not so, and is ready again', async function () {
    if (!(seconds > 0)) this.skip()
    this.timeout((seconds + 120) * 1000)
    const profiles = fc.constantFrom(...(Object.keys(PROFILES) as ProfileName[]))
    const latencies = fc.tuple(fc.constantFrom(5, 30, 250), fc.constantFrom(0, 150, 2_500))
    await fc.assert(fc.asyncProperty(profiles, latencies, steps, live), {
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    })
  })
})

async function live(
  profile: ProfileName,
  [commandMs, bodyMs]: readonly [number, number],
  happenings: readonly (readonly [step: string, pick: number, ms: number])[],
): Promise<void> {
  const { store, faults } = createFaultyStore(createMemoryStore(), systemClock)
  const latencyMs = (command: string) => (command.startsWith('AT') ? commandMs : bodyMs)
  const rig = await createModemRig({ store, modem: { profile, behaviour: { latencyMs } }, settings: { allowAt: true } })
  const { modem, clock } = rig
  const run: Run = { rig, faults, out: [], coming: [], heard: [], pick: 0, tag: '' }
  for (const [at, [step, pick, ms]] of happenings.entries()) {
    Object.assign(run, { pick, tag: `${at}` })
    await STEPS[step]!(run)
    await clock.advance(ms)
  }
  faults.fails = () => false
  const well = { deaf: false, echo: 'asSet', cuts: [], promptDelayMs: 0, mute: false, unsolicitedInPrompt: false }
  Object.assign(modem.behaviour, well)
  if (modem.port === undefined) modem.plug()
  modem.registration = 'home'
  // What takes its minutes: answers that were lost, doubts, and parts that nobody sends any more.
  await clock.advance(45 * 60_000)
  const states = await Promise.all(run.out.map(({ id }) => run.rig.state(id)))
  const fares = run.rig.fares.at(-1)
  run.heard.push(...run.rig.heard)
  await run.rig.end()
  modem.stop()

  assert.ok(fares?.health === 'ready' || fares?.error?.code === 'SMS_UNKNOWN', fares?.error?.message)
  compareIn(run)
  for (const { name, used } of Object.values(modem.storage)) assert.equal(used, 0, name)
  assert.equal(modem.network.waiting(), 0)
  compareOut(run, states, modem.network.sent)
}

function compareIn({ heard, coming }: Run): void {
  const messages = heard.filter(({ type, error }) => type === 'message' && error === undefined)
  // One that the flow had in hand in a crash comes again, and says so.
  const first = new Map(messages.map(record => [record.id, record]))
  for (const { id, redelivered } of messages)
    assert.ok(redelivered || messages.filter(other => other.id === id && !other.redelivered).length === 1, id)
  assert.deepEqual([...first.values()].map(({ text }) => text).sort(), coming.toSorted())
}

function compareOut({ out, rig }: Run, states: readonly string[], sent: readonly Sent[]): void {
  const possible = new Set(['accepted', 'delivered', 'unknown'])
  for (const [at, state] of states.entries()) assert.ok(possible.has(state), `${out[at]!.text.slice(0, 9)}: ${state}`)
  for (const key of new Set(out.map(({ to, text }) => `${to} ${text}`))) {
    const same = out.flatMap(({ to, text }, at) => (`${to} ${text}` === key ? [states[at]] : []))
    const [to = '', ...words] = key.split(' ')
    const copies = rig.modem.network.texts(to).filter(text => text === words.join(' ')).length
    const known = same.filter(state => state !== 'unknown').length
    assert.ok(copies <= same.length && copies >= known, `${copies} of ${key.slice(0, 24)}: ${same.join(' ')}`)
  }
  const parts = sent.flatMap(({ to, submit: { header } }) =>
    header?.concat ? [`${to} ${header.concat.reference} ${header.concat.index}`] : [],
  )
  assert.equal(new Set(parts).size, parts.length, parts.join('\n'))
}
