import assert from 'node:assert/strict'
import { MODEM_FAULTS } from './modem-faults.ts'
import { startModemChaos } from './modem-round.ts'
import type { ModemChaos, Round } from './modem-round.ts'

/** Those that tell most first: `SMS_CHAOS` says how many of them. */
const ROUNDS: readonly Round[] = [
  { traffic: 'both', kill: { as: 'a part was taken', nth: 1 } },
  { traffic: 'receiving', kill: { as: '+CMGD', nth: 2 } },
  { traffic: 'sending', kill: { as: 'a part was taken', nth: 3 } },
  { traffic: 'both', kill: { as: '+CNMA', nth: 2 } },
  { traffic: 'both' },
  { traffic: 'sending', kill: { as: '+CMGS', nth: 2 } },
  { traffic: 'receiving', kill: { as: '+CMGR', nth: 2 } },
  { traffic: 'both', kill: { as: '+CMGD', nth: 1 } },
  { traffic: 'receiving' },
]

const asked = Number(process.env['SMS_CHAOS'] ?? 0)

describe(`modems with faults, and kills${asked > 0 ? '' : ' – pending: SMS_CHAOS is not set'}`, function () {
  this.timeout(240_000)
  let chaos: ModemChaos
  before(async function () {
    if (!(asked > 0)) this.skip()
    chaos = await startModemChaos(MODEM_FAULTS)
  })
  after(() => chaos?.end())

  for (const round of ROUNDS.slice(0, asked || ROUNDS.length)) {
    const { kill, traffic } = round
    const when = kill ? `killed as ${kill.as.startsWith('+') ? `${kill.as} is given` : kill.as} (${kill.nth})` : 'alive'
    it(`lose nothing and double nothing: ${traffic}, ${when}`, async () => {
      assert.deepEqual(await chaos.round(round), [], chaos.told())
    })
  }
})
