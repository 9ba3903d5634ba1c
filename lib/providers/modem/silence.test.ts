import assert from 'node:assert/strict'
import { createModemRig, OTHER } from '../../../test/support/modem.ts'
import type { ModemRig } from '../../../test/support/modem.ts'
import type { ModemSettings } from './settings.ts'

const BACK_MS = 6_000
/** By then the port is being opened anew. What is handed over (`+CMT`) just then is not heard. */
const REOPENED_AFTER_MS = 25_000
/** The modem waits fifteen seconds for its acknowledgement, then hands over nothing until it is set up; that is noticed. */
const HANDED_AGAIN_MS = 18_000
/** From a hiccup to what takes a modem through every step of the ladder. */
const LASTS_MS = [300, 1_200, 3_900, 5_000, 15_000, 31_000] as const
/** Commands while it reads what has come, from when it was told. */
const COMMANDS = ['+CPMS', '+CMGR', '+CMGD', '+CMGL', '+CNMI?', '+CNMA'] as const

const SETTINGS: Readonly<Record<string, Partial<ModemSettings>>> = {
  // What is handed over at once awaits its acknowledgement.
  '+CNMA': { initCommands: '+CNMI=2,2,0,1,0' },
  '+CMGL': { pollSeconds: 2 },
}
const WORDS = { drop: 'and forgets', hold: 'and tells all afterwards', deaf: 'and hears nothing' } as const

describe('a modem that falls silent', () => {
  for (const command of COMMANDS) {
    for (const mute of ['drop', 'hold', 'deaf'] as const) {
      it(`at ${command}, ${WORDS[mute]}, is back in six seconds, however long it took`, async () => {
        for (const lastsMs of LASTS_MS) {
          const backMs = await silence(command, mute, lastsMs)
          const isAgain = command === '+CNMA' && lastsMs > REOPENED_AFTER_MS
          assert.ok(backMs <= BACK_MS + (isAgain ? HANDED_AGAIN_MS : 0), `${backMs} ms after ${lastsMs} ms`)
        }
      })
    }
  }
})

/** How long it takes, after a silence, until all that has come is in the flow and the modem's memories are free. */
async function silence(command: string, mute: keyof typeof WORDS, lastsMs: number): Promise<number> {
  const rig = await createModemRig({ settings: SETTINGS[command] ?? {} })
  const { behaviour, network, watch } = rig.modem
  let isSilent = false
  watch((side, text) => {
    if (side !== 'host' || isSilent || !text.startsWith(`AT${command}`)) return
    isSilent = true
    if (mute === 'deaf') behaviour.deaf = true
    else behaviour.mute = mute
  })
  network.deliver({ from: OTHER, text: 'Before' })
  for (let i = 0; i < 100 && !isSilent; i++) await rig.clock.advance(100)
  assert.ok(isSilent)
  await rig.clock.advance(lastsMs)
  Object.assign(behaviour, { mute: false, deaf: false })
  network.deliver({ from: OTHER, text: 'After' })
  let backMs = 0
  for (; backMs < 60_000 && !isBack(rig); backMs += 100) await rig.clock.advance(100)
  await rig.end()
  rig.modem.stop()
  return backMs
}

function isBack({ heard, modem }: ModemRig): boolean {
  const isFree = Object.values(modem.storage).every(({ used }) => used === 0)
  return isFree && ['Before', 'After'].every(text => heard.some(message => message.text === text))
}
