import assert from 'node:assert/strict'
import { createModemRig, ME, OTHER } from '../../../test/support/modem.ts'
import type { ModemRig } from '../../../test/support/modem.ts'
import type { ModemOptions, VirtualModem } from '../../../test/sim/modem/modem.ts'

/** Something that goes wrong while messages come and go. */
interface Row {
  readonly title: string
  readonly modem?: ModemOptions
  /** Makes it so; what it returns ends it. */
  readonly fault: (modem: VirtualModem) => void | (() => void)
  /** How long it is so. */
  readonly lastsMs?: number
  /** Beyond its end, when all must be well; for what the modem itself takes its time for. */
  readonly withinMs?: number
  /** The same, where it happens while a part is on its way, whose answer is awaited for a minute. */
  readonly midstMs?: number
  /** Messages whose fate nobody can know, at most. */
  readonly unknown?: number
}

const LONG = 'Довге повідомлення 🚪 '.repeat(8)
const OUT = ['One', LONG, 'Three'] as const
const IN = ['first', `${LONG}!`, 'third'] as const

/** Once it works again, everything is done within this. */
const BACK_MS = 6_000

const rows: readonly Row[] = [
  { title: 'nothing goes wrong', fault: () => {} },
  { title: 'it is slow', modem: { behaviour: { latencyMs: 700 } }, fault: () => {}, withinMs: 60_000 },
  { title: 'its line is slow', modem: { behaviour: { baudRate: 9_600 } }, fault: () => {}, withinMs: 30_000 },
  { title: 'it echoes always', fault: modem => void (modem.behaviour.echo = 'always') },
  { title: 'every byte comes alone', fault: modem => void (modem.behaviour.cuts = [1]) },
  {
    title: 'bytes come in pieces with pauses',
    fault: modem => void Object.assign(modem.behaviour, { cuts: [7, 1, 13], cutGapMs: 3 }),
    withinMs: 20_000,
  },
  {
    title: 'it talks in the midst of answers',
    modem: { profile: 'huawei-e173' },
    fault: modem =>
      void (modem.behaviour.interleave = [
        { at: /^\+CMG[LR]:/, side: 'after', lines: ['^RSSI:18'] },
        { at: /^OK$/, side: 'before', lines: ['^MODE:5,4', '^BOOT:12345678,0,0,0,20'] },
        { at: /^\+CMGS/, side: 'before', lines: ['^RSSI:19'] },
      ]),
  },
  { title: 'it is mute, and tells all afterwards', fault: modem => hold(modem, 'hold'), lastsMs: 15_000 },
  {
    title: 'it is mute, and never tells',
    fault: modem => hold(modem, 'drop'),
    lastsMs: 15_000,
    unknown: 1,
    midstMs: 75_000,
  },
  { title: 'it is mute for minutes', fault: modem => hold(modem, 'drop'), lastsMs: 180_000, unknown: 1 },
  {
    title: 'it hears nothing',
    fault: modem => set(modem, 'deaf', true, false),
    lastsMs: 15_000,
    unknown: 1,
    midstMs: 75_000,
  },
  { title: 'it is pulled out, and put in elsewhere', fault: unplug, lastsMs: 3_000, unknown: 1 },
  { title: 'it is out for minutes', fault: unplug, lastsMs: 200_000, unknown: 1 },
  { title: 'it restarts, and says so', fault: modem => modem.restart(), unknown: 1 },
  {
    title: 'it restarts, and does not say so',
    fault: modem => modem.restart({ says: [] }),
    unknown: 1,
    midstMs: 75_000,
  },
  {
    title: 'it restarts slowly',
    modem: { behaviour: { bootMs: 8_000 } },
    fault: modem => modem.restart(),
    lastsMs: 8_000,
    unknown: 1,
  },
  { title: 'it forgets its settings in silence', fault: modem => modem.loseSettings() },
  {
    title: 'it restarts over USB under another name',
    modem: { profile: 'zte-mf180', behaviour: { bootMs: 2_000 } },
    fault: modem => modem.restart(),
    lastsMs: 2_000,
    unknown: 1,
  },
  { title: 'it has two places for messages', modem: { memories: { SM: 2, ME: 2 } }, fault: () => {}, withinMs: 12_000 },
  {
    title: 'it is full, and says so in its own words',
    modem: { profile: 'huawei-e173', memories: { SM: 1 } },
    fault: () => {},
  },
  { title: 'it announces nothing', fault: modem => void (modem.behaviour.announcesNothing = true), withinMs: 66_000 },
  {
    title: 'it announces the wrong memory',
    fault: modem => void (modem.behaviour.announces = { message: 'ME', report: 'SM' }),
  },
  {
    title: 'it prompts late, and loses what came before',
    fault: modem => void Object.assign(modem.behaviour, { promptDelayMs: 400, dropsEarly: true }),
  },
  { title: 'it talks while it takes a text', fault: modem => void (modem.behaviour.unsolicitedInPrompt = true) },
  ...[38, 331, 500, 512].map(number => ({
    title: `sending fails twice with +CMS ERROR ${number}`,
    fault: (modem: VirtualModem) => modem.inject({ on: '+CMGS', times: 2, answer: [`+CMS ERROR: ${number}`] }),
    withinMs: 10_000,
  })),
  {
    title: 'sending fails with ERROR',
    fault: modem => modem.inject({ on: '+CMGS', answer: ['ERROR'] }),
    withinMs: 10_000,
  },
  {
    title: 'sending fails before the prompt',
    fault: modem => modem.inject({ on: '+CMGS', when: 'command', answer: ['+CMS ERROR: 500'] }),
    withinMs: 10_000,
  },
  {
    title: 'no prompt comes',
    fault: modem => modem.inject({ on: '+CMGS', when: 'command', answer: 'silence' }),
    withinMs: 30_000,
  },
  {
    title: 'the answer to a sending is lost',
    fault: modem => modem.inject({ on: '+CMGS', acts: true, answer: 'silence' }),
    withinMs: 9_000,
  },
  {
    title: 'the answer to a sending comes late',
    fault: modem => modem.inject({ on: '+CMGS', acts: true, lateMs: 70_000 }),
    withinMs: 120_000,
  },
  {
    title: 'a sending is neither carried out nor answered',
    fault: modem => modem.inject({ on: '+CMGS', answer: 'silence' }),
    withinMs: 90_000,
    unknown: 1,
  },
  ...['+CMGR', '+CMGD', '+CPMS', '+CMGL', '+CNMI', '+CNMA'].flatMap(on => [
    {
      title: `${on} fails once`,
      fault: (modem: VirtualModem) => modem.inject({ on, answer: ['+CMS ERROR: 500'] }),
      withinMs: 66_000,
    },
    {
      title: `${on} is not answered once`,
      fault: (modem: VirtualModem) => modem.inject({ on, acts: true, answer: 'silence' }),
      withinMs: 200_000,
    },
  ]),
  {
    title: 'nothing is deleted for a while',
    fault(modem) {
      const end = modem.on('+CMGD', () => ['+CMS ERROR: 500'])
      return end
    },
    lastsMs: 130_000,
    withinMs: 66_000,
  },
  {
    title: 'lists are refused',
    fault: modem => void modem.on('+CMGL', () => ['+CMS ERROR: 500']),
  },
]

function hold(modem: VirtualModem, how: 'hold' | 'drop'): () => void {
  return set(modem, 'mute', how, false)
}

function set<K extends keyof VirtualModem['behaviour']>(
  modem: VirtualModem,
  key: K,
  value: VirtualModem['behaviour'][K],
  after: VirtualModem['behaviour'][K],
): () => void {
  modem.behaviour[key] = value
  return () => {
    modem.behaviour[key] = after
  }
}

function unplug(modem: VirtualModem): () => void {
  modem.unplug()
  return () => modem.plug()
}

describe('a modem, when', () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  before(() => process.on('unhandledRejection', note))
  after(() => {
    process.off('unhandledRejection', note)
    assert.deepEqual(unhandled, [])
  })

  for (const row of rows) {
    for (const traffic of ['sending', 'receiving', 'both', 'in the midst of both'] as const) {
      it(`${row.title}: ${traffic}`, () => check(row, traffic))
    }
  }
})

async function check(row: Row, traffic: 'sending' | 'receiving' | 'both' | 'in the midst of both'): Promise<void> {
  const inTheMidst = traffic === 'in the midst of both'
  const modem = { ...row.modem }
  // A modem takes its time for each part, so that something can happen meanwhile.
  if (inTheMidst && !modem.behaviour?.latencyMs)
    modem.behaviour = { ...modem.behaviour, latencyMs: command => (command.startsWith('AT') ? 5 : 250) }
  const rig = await createModemRig({ modem })
  // A slow one takes longer for its setting up.
  for (let i = 0; i < 300 && rig.fares.at(-1)?.health !== 'ready'; i++) await rig.clock.advance(100)
  assert.equal(rig.fares.at(-1)?.health, 'ready')
  const ids: string[] = []
  if (inTheMidst) {
    await begin()
    await rig.clock.advance(300)
  }
  const end = row.fault(rig.modem)
  if (!inTheMidst) await begin()
  await rig.clock.advance(row.lastsMs ?? 0)
  end?.()
  await rig.clock.advance((inTheMidst ? row.midstMs : undefined) ?? row.withinMs ?? BACK_MS)
  const said = await outcome(rig, ids)
  await rig.end()
  rig.modem.stop()

  if (traffic !== 'receiving') {
    const texts = rig.modem.network.texts(ME)
    for (const text of OUT) assert.ok(texts.filter(sent => sent === text).length <= 1, `${text} was sent twice`)
    const unsure = said.filter(state => state === 'unknown').length
    assert.ok(unsure <= (row.unknown ?? 0), said.join(' '))
    assert.deepEqual(
      said.filter(state => state !== 'delivered' && state !== 'accepted' && state !== 'unknown'),
      [],
    )
    for (const [at, text] of OUT.entries())
      if (said[at] !== 'unknown') assert.ok(texts.includes(text), `${text} was lost`)
  }
  if (traffic !== 'sending') {
    const heard = rig.heard.map(({ text, incomplete }) => (incomplete ? `${text} (incomplete)` : text))
    assert.deepEqual(heard.toSorted(), [...IN].toSorted())
    assert.equal(rig.modem.network.waiting(), 0)
  }
  const kept = Object.values(rig.modem.storage).map(({ name, used }) => `${name} ${used}`)
  assert.deepEqual(
    kept.filter(memory => !memory.endsWith(' 0')),
    [],
  )

  async function begin(): Promise<void> {
    if (traffic !== 'receiving') for (const text of OUT) ids.push(await rig.send(text))
    if (traffic !== 'sending') for (const text of IN) rig.modem.network.deliver({ from: OTHER, text })
  }
}

const outcome = (rig: ModemRig, ids: readonly string[]): Promise<string[]> => Promise.all(ids.map(rig.state))
