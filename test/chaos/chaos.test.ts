import assert from 'node:assert/strict'
import { runChaos } from './chaos.ts'
import { printed } from './table.ts'

const kills = Number(process.env['SMS_CHAOS'] ?? 0)
const seed = Date.now() % 1_000_000

const needs = kills > 0 ? `, seed ${seed}` : ' – pending: SMS_CHAOS, how often, is not set'
describe(`a Node-RED that is killed again and again${needs}`, () => {
  it('loses nothing and sends nothing twice', async function () {
    if (kills === 0) this.skip()
    this.timeout(8 * 60_000 + kills * 15_000)
    const chaos = await runChaos({ kills, seed })
    assert.deepEqual(chaos.problems, [], printed(chaos))
    // Else the kills hit nothing, and nothing was shown.
    assert.ok(chaos.outgoing['attempts cut off by a kill']! > 0, printed(chaos))
    assert.ok(chaos.incoming['webhook called again']! > 0, printed(chaos))
  })
})
