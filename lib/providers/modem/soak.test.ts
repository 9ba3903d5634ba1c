import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createModemRig, ME, OTHER } from '../../../test/support/modem.ts'
import type { ModemRig } from '../../../test/support/modem.ts'
import type { VirtualModem } from '../../../test/sim/modem/modem.ts'
import { PROFILES } from '../../../test/sim/modem/profile.ts'
import type { ProfileName } from '../../../test/sim/modem/profile.ts'

/** One thing that happens, and for how long nothing else does. */
type Step = readonly [happens: keyof typeof STEPS, ms: number]

const STEPS = {
  send: () => {},
  sendLong: () => {},
  receive: () => {},
  receiveLong: () => {},
  nothing: () => {},
  crash: () => {},
  restart: modem => modem.port !== undefined && modem.restart(),
  restartSilently: modem => modem.port !== undefined && modem.restart({ says: [] }),
  forget: modem => modem.loseSettings(),
  mute: modem => modem.mute(9_000, 'hold'),
  muteForGood: modem => modem.mute(9_000, 'drop'),
  unplug: modem => modem.unplug(),
  plug: modem => modem.plug(),
  refuse: modem => modem.inject({ on: '+CMGS', answer: ['+CMS ERROR: 38'] }),
  loseAnswer: modem => modem.inject({ on: '+CMGS', acts: true, answer: 'silence' }),
  losePdu: modem => modem.inject({ on: '+CMGS', answer: 'silence' }),
  keep: modem => modem.inject({ on: '+CMGD', answer: ['ERROR'] }),
  loseDeletion: modem => modem.inject({ on: '+CMGD', acts: true, answer: 'silence' }),
  loseReading: modem => modem.inject({ on: '+CMGR', answer: 'silence' }),
  noise: modem => modem.port !== undefined && modem.say('^RSSI:18', 'RING', '+CMTI: "SM",99', '+CUSD: 2'),
} as const satisfies Record<string, (modem: VirtualModem) => unknown>

const steps: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])),
  fc.constantFrom(0, 1, 40, 300, 2_000, 7_000),
)

describe('a modem, whatever happens', () => {
  it('loses nothing that comes in, doubles nothing, sends nothing twice, and is ready again', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(PROFILES) as ProfileName[])),
        fc.array(steps, { minLength: 1, maxLength: 14 }),
        live,
      ),
      { numRuns: 60, endOnFailure: false },
    )).timeout(60_000)
})

async function live(profile: ProfileName, happenings: readonly Step[]): Promise<void> {
  let rig: ModemRig = await createModemRig({
    modem: { profile, behaviour: { latencyMs: command => (command.startsWith('AT') ? 5 : 150) } },
  })
  const { modem } = rig
  const out = new Map<string, string>()
  const sentIn: string[] = []
  const heard: ModemRig['heard'] = []

  for (const [at, [happens, ms]] of happenings.entries()) {
    const long = happens.endsWith('Long') ? ` ${'ї🚪'.repeat(60)}` : ''
    if (happens.startsWith('send')) out.set(await rig.send(`out ${at}${long}`, ME), `out ${at}${long}`)
    else if (happens.startsWith('receive')) {
      sentIn.push(`in ${at}${long}`)
      modem.network.deliver({ from: OTHER, text: `in ${at}${long}` })
    } else if (happens === 'crash') {
      heard.push(...rig.heard)
      rig = await rig.crash()
    } else {
      // One that forgets has restarted, and so is not amid a sending that it carries out.
      if (happens === 'forget') await rig.clock.advance(3_000)
      STEPS[happens](modem)
    }
    await rig.clock.advance(ms)
  }
  // All is well from now on, and then some for what takes its minute.
  if (modem.port === undefined) modem.plug()
  await rig.clock.advance(400_000)
  heard.push(...rig.heard)
  const states = new Map<string, string>()
  for (const id of out.keys()) states.set(id, await rig.state(id))
  const fares = rig.fares.at(-1)
  await rig.end()
  modem.stop()

  // A lane remembers its last message, whose fate may be unknown for good.
  assert.ok(fares?.health === 'ready' || fares?.error?.code === 'SMS_UNKNOWN', fares?.error?.message)
  // One that the flow had in hand in a crash comes again, and says so.
  const again = new Set(heard.filter(({ redelivered }) => redelivered).map(({ text }) => text))
  const messages = heard.filter(
    ({ type, text, redelivered }) => type === 'message' && (redelivered || !again.has(text)),
  )
  assert.deepEqual(messages.map(({ text }) => text).sort(), sentIn.sort())
  for (const memory of Object.values(modem.storage)) assert.equal(memory.used, 0, memory.name)

  const parts = modem.network.sent.map(({ text, submit }) => `${text} ${submit.header?.concat?.reference}`)
  assert.equal(new Set(parts).size, parts.length, parts.join('\n'))
  const texts = modem.network.texts(ME)
  for (const [id, state] of states) {
    assert.ok(['accepted', 'delivered', 'unknown'].includes(state), state)
    if (state !== 'unknown') assert.ok(texts.includes(out.get(id)!), `${state}, and yet not sent`)
  }
}
