import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeCarrier } from '../test/support/carrier.ts'
import { createManualClock } from '../test/support/clock.ts'
import { NOW_MS, sending } from '../test/support/message.ts'
import { SmsError } from './errors.ts'
import { createGateway } from './gateway.ts'
import { createSqliteStore } from './store/sqlite/index.ts'

const HOUR_MS = 3_600_000
const YEAR_MS = 365 * 24 * HOUR_MS

/*
 * A Raspberry Pi has no clock of its own: after a power cut it may stand years back until the network tells it the time.
 */
describe('a clock set back by years', () => {
  for (const years of [3, 56]) {
    for (const restarts of [false, true]) {
      it(`by ${years}${restarts ? ', and a restart,' : ''} loses nothing, ends nothing, sends nothing early`, async () => {
        const folder = await mkdtemp(join(tmpdir(), 'sms-clock-'))
        const clock = createManualClock()
        const open = async () => {
          const store = createSqliteStore({ path: join(folder, 'messages.db'), retentionDays: 1, clock })
          await store.open(clock.now())
          return createGateway({ store, clock, random: () => 0, log: () => {} })
        }
        let gateway = await open()
        let isUp = false
        const carrier = () =>
          fakeCarrier({
            send: async () => (isUp ? {} : Promise.reject(new SmsError('SMS_CONNECTION', 'no line'))),
          })
        let [p, q] = [carrier(), carrier()]
        const close = async () => {
          const closing = gateway.close()
          await clock.advance(1_000)
          await closing
        }
        try {
          gateway.use('p', p)
          const submitted = await gateway.outbox.submit([
            sending({ text: 'tried', validityMs: 2 * HOUR_MS }),
            sending({ text: 'waiting', lane: 'q', validityMs: 2 * HOUR_MS }),
            sending({ text: 'later', notBeforeMs: NOW_MS + HOUR_MS }),
          ])
          const states = async () => {
            const messages = await Promise.all(submitted.map(({ id }) => gateway.outbox.get({ id })))
            return messages.map(message => message?.record.state)
          }
          await clock.advance(5_000)
          assert.ok(p.calls.length > 1)

          if (restarts) await close()
          clock.setWall(NOW_MS - years * YEAR_MS)
          if (restarts) {
            gateway = await open()
            p = carrier()
            gateway.use('p', p)
          }
          // Longer than they are valid, but by the wrong clock.
          await clock.advance(3 * HOUR_MS)
          assert.deepEqual(await states(), ['queued', 'queued', 'scheduled'])

          isUp = true
          gateway.use('q', q)
          await clock.advance(2 * 60_000)
          assert.deepEqual(await states(), ['accepted', 'accepted', 'scheduled'])
          assert.deepEqual(
            [p, q].map(({ calls }) => calls.at(-1)?.text),
            ['tried', 'waiting'],
          )

          clock.setWall(NOW_MS + HOUR_MS - 60_000)
          await clock.advance(59_000)
          assert.deepEqual(await states(), ['accepted', 'accepted', 'scheduled'])
          await clock.advance(60_000)
          assert.deepEqual(await states(), ['accepted', 'accepted', 'accepted'])
          assert.equal(p.calls.filter(({ text }) => text === 'later').length, 1)
        } finally {
          await close()
          await rm(folder, { recursive: true })
        }
      })
    }
  }
})
