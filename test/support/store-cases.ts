import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isoTime } from '../../lib/clock.ts'
import type { SmsRecord } from '../../lib/message.ts'
import { KEY_WINDOW_MS } from '../../lib/store/idempotency.ts'
import type { Fragment, HistoryQuery, Job, Store, StoredMessage } from '../../lib/store/store.ts'
import { incoming, NOW_MS, stored } from './message.ts'

/** An engine with an empty, open store. */
export interface StoreUnderTest {
  readonly store: Store
  /** Ends without closing, as a killed process does, and opens what it left. */
  restart(nowMs: number): Promise<Store>
  /** Removes what the test made. */
  dispose?(): Promise<void>
}

interface Taking {
  readonly lane?: string
  readonly job?: Job
  readonly nowMs?: number
}

/** What every engine of the store must do. */
export function testStore(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest
    let store: Store
    beforeEach(async () => {
      under = await create()
      store = under.store
    })
    afterEach(async () => {
      await store.close().catch(() => {})
      await under.dispose?.()
    })

    const add = async (...messages: StoredMessage[]) => {
      await store.add(messages)
      return messages.map(message => message.record.id)
    }
    const take = async (limit = 100, { lane = 'p', job = 'send', nowMs = NOW_MS }: Taking = {}) =>
      (await store.take(lane, job, limit, nowMs, 60_000)).map(message => message.record.id)
    const set = (id: string, fields: Partial<StoredMessage>) =>
      store.change({ id }, message => ({ ...message, ...fields }))
    const restart = async (nowMs: number) => {
      store = await under.restart(nowMs)
    }

    describe('keeps messages', () => {
      it('gives back what was added, to the last field', async () => {
        const message = stored({
          record: {
            from: 'Ünïcode ’ \u0000 \ud83d\ude00',
            text: 'line\nline '.repeat(500),
            ref: { nested: [1, null, { deep: 'Привіт' }], empty: '' },
            category: 'users/notification',
            error: { code: 'SMS_CONNECTION', message: 'no line', providerCode: 7 },
            price: { amount: '0.0075', currency: 'USD' },
            mediaUrls: ['https://example.org/a.jpg'],
            raw: { status: 'queued' },
          },
          attemptedAtMs: NOW_MS - 1,
          priority: -3,
          doubts: 2,
          validityMs: 60_000,
          onDoubt: 'resend',
          idempotencyKey: 'key',
        })
        const [added] = await store.add([message])
        assert.deepEqual(added, { message, existing: false })
        assert.deepEqual(await store.get({ id: message.record.id }), message)
        assert.equal(await store.get({ id: 'another' }), undefined)
      })

      it('adds all of them or none', async () => {
        const [known, fresh] = [stored(), stored()]
        await add(known)
        await assert.rejects(store.add([fresh, known]), { code: 'SMS_STORE' })
        assert.equal(await store.get({ id: fresh.record.id }), undefined)
        assert.equal(await store.waiting('p'), 1)
      })

      it('answers the known message for an idempotency key, of one recipient', async () => {
        const first = stored({ idempotencyKey: 'k' })
        const again = stored({ idempotencyKey: 'k' })
        const other = stored({ idempotencyKey: 'k', record: { to: '+380509998877' } })
        await add(first)
        const [id] = await take()
        const added = await store.add([again, other, stored({ idempotencyKey: 'k' })])
        assert.deepEqual(
          added.map(({ message, existing }) => [message.record.id, message.record.state, existing]),
          [
            [id, 'sending', true],
            [other.record.id, 'queued', false],
            [id, 'sending', true],
          ],
        )
        assert.equal(await store.get({ id: again.record.id }), undefined)
      })

      it('knows an idempotency key within one call, and after a restart', async () => {
        const [a, b] = [stored({ idempotencyKey: 'k' }), stored({ idempotencyKey: 'k' })]
        const added = await store.add([a, b])
        assert.deepEqual(
          added.map(({ message, existing }) => [message.record.id, existing]),
          [
            [a.record.id, false],
            [a.record.id, true],
          ],
        )
        await restart(NOW_MS)
        const [later] = await store.add([b])
        assert.deepEqual([later?.message.record.id, later?.existing], [a.record.id, true])
      })

      it('forgets an idempotency key after its window, but not while its message is under way', async () => {
        const later = NOW_MS + KEY_WINDOW_MS
        const known = async (
          fields: Partial<StoredMessage>,
          nowMs: number,
          state: 'failed' | 'accepted' = 'failed',
        ) => {
          const idempotencyKey = JSON.stringify(fields) + state + nowMs
          await add(stored({ ...fields, idempotencyKey, record: { state } }))
          const [added] = await store.add([stored({ idempotencyKey }, nowMs)])
          const [again] = await store.add([stored({ idempotencyKey }, nowMs)])
          assert.equal(again!.existing, true)
          assert.equal(again!.message.record.id, added!.message.record.id)
          return added!.existing
        }
        assert.equal(await known({ job: undefined }, later - 1), true)
        assert.equal(await known({ job: undefined }, later), false)
        assert.equal(await known({ job: undefined }, later, 'accepted'), true)
        assert.equal(await known({ job: 'send' }, later), true)
      })

      it('takes any text for a key, an id or a note', async () => {
        const odd = ['a', 'a\u0000b', 'a\u0000c', '\ud800', '\ud801', "'; --", '\\', '"', '\n', '😀']
        for (const text of odd) {
          const [added] = await store.add([
            stored({ idempotencyKey: text, lane: text, record: { text, providerNode: text, providerMessageId: text } }),
          ])
          assert.equal(added!.existing, false, JSON.stringify(text))
          await store.setNote('p', text, text)
        }
        for (const text of odd) {
          const found = await store.get({ providerNode: text, providerMessageId: text })
          assert.deepEqual([found?.record.text, found?.lane, await store.note('p', text)], [text, text, text])
          assert.equal(await store.waiting(text), 1)
        }
      })

      it('finds a message by its carrier id, and the latest where the carrier uses one again', async () => {
        const [old, young] = await add(stored(), stored())
        const key = { providerNode: 'p', providerMessageId: '7' }
        const name = (id: string) =>
          store.change({ id }, message => ({ ...message, record: { ...message.record, providerMessageId: '7' } }))
        assert.equal(await store.get(key), undefined)
        await name(old!)
        assert.equal((await store.get(key))?.record.id, old)
        await name(young!)
        assert.equal((await store.get(key))?.record.id, young)
        assert.equal(await store.get({ ...key, providerNode: 'q' }), undefined)
        const changed = await store.change(key, message => ({ ...message, asked: 5 }))
        assert.equal(changed?.after.record.id, young)
      })

      it('changes one atomically, tells before and after, and leaves it for undefined', async () => {
        const [id] = await add(stored())
        const raise = () => store.change({ id: id! }, message => ({ ...message, asked: message.asked + 1 }))
        const changes = await Promise.all(Array.from({ length: 10 }, raise))
        assert.deepEqual(
          changes.map(change => [change?.before.asked, change?.after.asked]),
          Array.from({ length: 10 }, (_, i) => [i, i + 1]),
        )
        assert.equal(await store.change({ id: id! }, () => undefined), undefined)
        assert.equal((await store.get({ id: id! }))?.asked, 10)
        assert.equal(await store.change({ id: 'another' }, message => message), undefined)
      })
    })

    describe('keeps the states a message has been in', () => {
      const at = (ms: number) => isoTime(NOW_MS + ms)
      const move = (id: string, fields: Partial<StoredMessage['record']>, ms: number) =>
        store.change({ id }, message => ({
          ...message,
          record: { ...message.record, ...fields, updatedAt: at(ms) },
        }))

      it('in order, with the error it had in each, also over a restart', async () => {
        const [id, other] = await add(stored(), stored())
        await store.take('p', 'send', 2, NOW_MS + 1, 1)
        const error = { code: 'SMS_LIMITS', message: 'too fast', providerCode: 429 } as const
        await move(id!, { state: 'queued', error }, 2)
        await move(id!, { state: 'queued', parts: 2 }, 3)
        await move(id!, { state: 'sending' }, 4)
        await restart(NOW_MS + 5)
        await move(id!, { state: 'delivered' }, 6)
        const steps = await store.trail(id!)
        assert.deepEqual(steps.slice(0, 4), [
          { state: 'queued', at: at(0) },
          { state: 'sending', at: at(1) },
          { state: 'queued', at: at(2), error },
          { state: 'sending', at: at(4), error },
        ])
        assert.deepEqual(
          steps.slice(4).map(step => [step.state, step.at, step.error?.code]),
          [
            ['unknown', at(5), 'SMS_UNKNOWN'],
            ['delivered', at(6), 'SMS_UNKNOWN'],
          ],
        )
        assert.deepEqual(
          (await store.trail(other!)).map(step => step.state),
          ['queued', 'sending', 'unknown'],
        )
      })

      it('and none of what it does not have', async () => {
        assert.deepEqual(await store.trail('another'), [])
      })
    })

    describe('gives out work', () => {
      it('by priority, then in the order it was added in, each piece once', async () => {
        const ids = await add(
          stored(),
          stored({ priority: 5 }),
          stored(),
          stored({ priority: -1 }),
          stored({ priority: 5 }),
        )
        assert.deepEqual(await take(2), [ids[1], ids[4]])
        assert.deepEqual(await take(), [ids[0], ids[2], ids[3]])
        assert.deepEqual(await take(), [])
      })

      it('as an attempt begun', async () => {
        const [id] = await add(stored({ asked: 4, attempts: 2 }))
        const [taken] = await store.take('p', 'send', 1, NOW_MS + 5, 60_000)
        assert.deepEqual(taken, await store.get({ id: id! }))
        assert.deepEqual(
          [taken!.record.state, taken!.job, taken!.attempts, taken!.attemptedAtMs, taken!.asked],
          ['sending', undefined, 3, NOW_MS + 5, 0],
        )
        assert.equal(taken!.record.updatedAt, '2026-11-21T10:00:00.005Z')
      })

      it('only of its lane and kind', async () => {
        const [send, ask, other] = await add(
          stored(),
          stored({ job: 'ask' }),
          stored({ lane: 'q' }),
          stored({ job: undefined }),
        )
        assert.deepEqual(await take(), [send])
        assert.deepEqual(await take(9, { job: 'ask' }), [ask])
        assert.deepEqual(await take(9, { lane: 'q' }), [other])
        assert.deepEqual(await take(9, { lane: 'r' }), [])
      })

      it('not before it is due, and then after what was added before it', async () => {
        const ids = await add(
          stored({ dueAtMs: NOW_MS + 2 }),
          stored({ dueAtMs: NOW_MS + 1 }),
          stored({ dueAtMs: NOW_MS + 3 }),
        )
        assert.deepEqual(await take(), [])
        assert.deepEqual(await take(9, { nowMs: NOW_MS + 2 }), [ids[0], ids[1]])
        assert.deepEqual(await take(9, { nowMs: NOW_MS + 3 }), [ids[2]])
      })

      it('at once where it is due at 0, whatever the clock says', async () => {
        const ids = await add(stored())
        assert.deepEqual(await take(9, { nowMs: 1_000 }), ids)
      })

      it('in its first place when it comes back', async () => {
        const ids = await add(stored(), stored(), stored())
        assert.deepEqual(await take(2), [ids[0], ids[1]])
        await set(ids[1]!, { job: 'send' })
        await set(ids[0]!, { job: 'send' })
        assert.deepEqual(await take(), ids)
      })

      it('an ask again when its lease is over', async () => {
        const ids = await add(stored({ job: 'ask', record: { state: 'unknown' } }))
        const [taken] = await store.take('p', 'ask', 9, NOW_MS, 60_000)
        assert.deepEqual([taken?.record.state, taken?.attempts, taken?.dueAtMs], ['unknown', 0, NOW_MS + 60_000])
        assert.deepEqual(await take(9, { job: 'ask', nowMs: NOW_MS + 59_999 }), [])
        assert.deepEqual(await take(9, { job: 'ask', nowMs: NOW_MS + 60_000 }), ids)
      })

      it('no more to two who take at once than there is', async () => {
        const ids = await add(...Array.from({ length: 10 }, () => stored()))
        const taken = await Promise.all([take(6), take(6), take(6)])
        assert.deepEqual(taken.flat().toSorted(), ids)
      })

      it('and says when the next is due', async () => {
        assert.equal(await store.nextDue('p', 'send'), undefined)
        const [first] = await add(
          stored({ dueAtMs: NOW_MS + 9 }),
          stored({ dueAtMs: NOW_MS + 5 }),
          stored({ lane: 'q' }),
        )
        assert.equal(await store.nextDue('p', 'send'), NOW_MS + 5)
        assert.equal(await store.nextDue('p', 'ask'), undefined)
        assert.equal((await take(9, { nowMs: NOW_MS + 5 })).length, 1)
        assert.equal(await store.nextDue('p', 'send'), NOW_MS + 9)
        await set(first!, { dueAtMs: NOW_MS + 7 })
        assert.equal(await store.nextDue('p', 'send'), NOW_MS + 7)
        await set(first!, { job: undefined })
        assert.equal(await store.nextDue('p', 'send'), undefined)
      })

      it('and counts what waits to be sent', async () => {
        const [id] = await add(stored(), stored({ dueAtMs: NOW_MS + 9 }), stored({ job: 'ask' }), stored({ lane: 'q' }))
        assert.equal(await store.waiting('p'), 2)
        await take(1)
        assert.equal(await store.waiting('p'), 1)
        await set(id!, { job: 'send' })
        assert.equal(await store.waiting('p'), 2)
        assert.equal(await store.waiting('r'), 0)
      })

      it('and lists what waits in a lane and could go elsewhere, in pages', async () => {
        const routing = { why: 'Router', candidates: [], tried: [], rounds: 0 }
        const ids = await add(
          stored({ routing }),
          stored(),
          stored({ routing, dueAtMs: NOW_MS + 1 }),
          stored({ routing, lane: 'q"ä\n' }),
          stored({ routing, priority: 5 }),
        )
        const list = async (lane: string, limit: number, after?: string) =>
          (await store.waitingRouted(lane, limit, after)).map(({ record }) => ids.indexOf(record.id))
        assert.deepEqual(await list('p', 2), [0, 2])
        assert.deepEqual(await list('p', 2, ids[2]), [4])
        assert.deepEqual(await list('p', 2, ids[4]), [])
        assert.deepEqual([...(await store.lanesRouted())].sort(), ['p', 'q"ä\n'])
        assert.deepEqual((await store.waitingRouted('p', 1))[0]?.routing, routing)
        await take(1)
        await set(ids[0]!, { lane: 'q"ä\n' })
        assert.deepEqual(await list('p', 9), [2])
        await set(ids[2]!, { job: undefined })
        await set(ids[3]!, { job: 'ask' })
        assert.deepEqual(await list('p', 9), [])
        assert.deepEqual(await list('q"ä\n', 9), [0])
        await restart(NOW_MS)
        assert.deepEqual(await list('q"ä\n', 9), [0])
      })

      it('at once what waits for another try, but nothing scheduled and no report', async () => {
        const later = { dueAtMs: NOW_MS + 60_000 }
        const ids = await add(
          stored({ ...later, record: { state: 'queued' } }),
          stored({ ...later, record: { state: 'scheduled' } }),
          stored({ ...later, job: 'ask', record: { state: 'unknown' } }),
          stored({ ...later, job: 'ask', record: { state: 'accepted' } }),
          stored({ ...later, lane: 'q', record: { state: 'queued' } }),
        )
        const became = stored({ ...later, record: { state: 'scheduled' } })
        await add(became)
        await set(became.record.id, { record: { ...became.record, state: 'queued' } })
        await store.retryNow('p')
        assert.equal((await store.get({ id: ids[0]! }))?.dueAtMs, 0)
        assert.deepEqual(await take(), [ids[0], became.record.id])
        assert.deepEqual(await take(9, { job: 'ask' }), [ids[2]])
        assert.deepEqual(await take(9, { lane: 'q' }), [])
        assert.deepEqual(await take(9, { nowMs: NOW_MS + 60_000 }), [ids[1]])
      })

      it('as a plain list would, whatever happens to it', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
            const fresh = await create()
            const model: StoredMessage[] = []
            let nowMs = NOW_MS
            for (const { kind, pick, priority, delayMs, job } of steps) {
              nowMs += 1
              const inWork = model.filter(message => message.job === undefined)
              if (kind === 'add') {
                const message = stored({ priority, dueAtMs: delayMs && nowMs + delayMs, job })
                await fresh.store.add([message])
                model.push(message)
              } else if (kind === 'take') {
                const taken = await fresh.store.take('p', job, pick, nowMs, 20)
                const expected = model
                  .filter(message => message.job === job && message.dueAtMs <= nowMs)
                  .toSorted((a, b) => b.priority - a.priority)
                  .slice(0, pick)
                assert.deepEqual(
                  taken.map(({ record }) => record.id),
                  expected.map(({ record }) => record.id),
                )
                for (const message of taken) model[indexOf(model, message)] = message
              } else if (inWork.length > 0) {
                const { record } = inWork[pick % inWork.length]!
                const change = await fresh.store.change({ id: record.id }, message => ({
                  ...message,
                  job,
                  dueAtMs: delayMs && nowMs + delayMs,
                }))
                model[indexOf(model, change!.after)] = change!.after
              }
              for (const job of ['send', 'ask'] as const) {
                const due = model.filter(message => message.job === job).map(message => message.dueAtMs)
                const [next, least] = [await fresh.store.nextDue('p', job), Math.min(...due)]
                // Of what is due already, any time that is past will do.
                assert.ok(due.length === 0 ? next === undefined : next === least || (least <= nowMs && next! <= nowMs))
              }
              assert.equal(await fresh.store.waiting('p'), model.filter(message => message.job === 'send').length)
            }
            await fresh.store.close()
            await fresh.dispose?.()
          }),
          { numRuns: 40 },
        )
      })

      it('from a long queue as from a short one', async () => {
        const messages = Array.from({ length: 20_000 }, (_, i) => stored({ dueAtMs: i % 2 === 0 ? 0 : NOW_MS + 1e9 }))
        await store.add(messages)
        for (let i = 0; i < 200; i++) {
          const [id] = await take(1)
          assert.equal(id, messages[2 * i]!.record.id)
        }
        assert.equal(await store.waiting('p'), 19_800)
      })
    })

    describe('opened again', () => {
      it('finds in doubt what was being sent, and all else as it was', async () => {
        const [sent, queued, accepted] = [stored(), stored(), stored({ job: undefined, record: { state: 'accepted' } })]
        await add(sent, queued, accepted)
        await take(1)
        await restart(NOW_MS + 5)
        const unknown = await store.get({ id: sent.record.id })
        assert.deepEqual(
          [unknown?.record.state, unknown?.job, unknown?.attempts, unknown?.doubts, unknown?.record.error?.code],
          ['unknown', 'ask', 1, 1, 'SMS_UNKNOWN'],
        )
        assert.deepEqual(await take(9, { job: 'ask', nowMs: 0 }), [sent.record.id])
        assert.deepEqual(await store.get({ id: queued.record.id }), queued)
        assert.deepEqual(await store.get({ id: accepted.record.id }), accepted)
        assert.deepEqual(await take(), [queued.record.id])
      })

      it('keeps order and numbers on', async () => {
        const before = await add(stored(), stored())
        await restart(NOW_MS)
        const after = await add(stored())
        assert.deepEqual(await take(), [...before, ...after])
      })

      it('gives incoming records that were taken and not finished again, as redelivered', async () => {
        const records = [incoming(), incoming(), incoming()]
        for (const record of records) await store.receive(record)
        const [first] = await store.takeReceived('p', 2, 0)
        await store.finishReceived([first!.id], 'handed')
        await restart(NOW_MS)
        assert.deepEqual(await store.takeReceived('p', 9, 0), [{ ...records[1], redelivered: true }, records[2]])
      })

      it('still knows what was received, and the notes', async () => {
        await store.receive(incoming({ providerMessageId: '1' }))
        await store.setNote('p', 'polled', 'SM1')
        await restart(NOW_MS)
        assert.equal(await store.receive(incoming({ providerMessageId: '1' })), false)
        assert.equal(await store.note('p', 'polled'), 'SM1')
      })
    })

    describe('keeps what comes in', () => {
      it('once by provider and carrier id; without an id always', async () => {
        assert.equal(await store.receive(incoming({ providerMessageId: '1' })), true)
        assert.equal(await store.receive(incoming({ providerMessageId: '1' })), false)
        assert.equal(await store.receive(incoming({ providerMessageId: '1', providerNode: 'q' })), true)
        assert.equal(await store.receive(incoming()), true)
        assert.equal(await store.receive(incoming()), true)
        assert.equal((await store.takeReceived('p', 9, 0)).length, 3)
      })

      it('once where it comes twice at the same time', async () => {
        const received = await Promise.all([1, 2, 3].map(() => store.receive(incoming({ providerMessageId: '1' }))))
        assert.equal(received.filter(Boolean).length, 1)
      })

      it('and gives it out in order, once, of one provider, up to a limit', async () => {
        const records = [incoming(), incoming({ providerNode: 'q' }), incoming(), incoming()]
        for (const record of records) await store.receive(record)
        assert.deepEqual(await store.takeReceived('p', 2, 0), [records[0], records[2]])
        assert.deepEqual(await store.takeReceived('p', 9, 0), [records[3]])
        assert.deepEqual(await store.takeReceived('p', 9, 0), [])
      })

      it('and takes back what the flow was not there for, to its place', async () => {
        const records = [incoming(), incoming(), incoming()]
        for (const record of records) await store.receive(record)
        await store.takeReceived('p', 2, 0)
        await store.finishReceived([records[0]!.id], 'waiting')
        await store.finishReceived([records[1]!.id], 'handed')
        assert.deepEqual(await store.takeReceived('p', 9, 0), [records[0], records[2]])
        await store.finishReceived(['another'], 'handed')
        await store.finishReceived([records[1]!.id], 'waiting')
        await restart(NOW_MS)
        assert.equal((await store.takeReceived('p', 9, 0)).length, 2)
      })

      it('and gives up what has waited too long, also where nothing is taken', async () => {
        const [old, young] = [incoming({}, NOW_MS - 10), incoming()]
        for (const record of [old, young]) await store.receive(record)
        assert.deepEqual(await store.takeReceived('p', 0, NOW_MS - 5), [])
        assert.deepEqual(await store.takeReceived('p', 9, 0), [young])
      })
    })

    describe('keeps calls', () => {
      const call = (fields: Partial<SmsRecord> = {}) =>
        incoming({ type: 'call', state: 'ringing', text: '', ...fields })
      const states = async () => (await store.history({ type: 'call', limit: 9 })).map(record => record.state)

      it("that ring until they are over, by our id or by the carrier's", async () => {
        const [one, other] = [call({ providerMessageId: '1', raw: { a: 1 } }), call()]
        for (const record of [one, other]) await store.receive(record)
        const missed = { ...one, state: 'missed', updatedAt: isoTime(NOW_MS + 5) }
        assert.deepEqual(await store.endCall({ providerNode: 'p', providerMessageId: '1' }, NOW_MS + 5), missed)
        assert.deepEqual(await store.history({ state: 'missed', limit: 9 }), [missed])
        assert.equal((await store.endCall({ id: other.id }, NOW_MS + 5))?.state, 'missed')
        assert.deepEqual(await store.history({ state: 'ringing', limit: 9 }), [])
        assert.deepEqual(await store.counts(0, NOW_MS + 1), { missed: 2 })
      })

      it('that are over as they are, and nothing else', async () => {
        const [over, message] = [
          call({ state: 'missed', providerMessageId: '1' }),
          incoming({ providerMessageId: '2' }),
        ]
        for (const record of [over, message]) await store.receive(record)
        for (const key of [
          { id: over.id },
          { id: message.id },
          { id: 'another' },
          { providerNode: 'p', providerMessageId: '1' },
          { providerNode: 'p', providerMessageId: '2' },
          { providerNode: 'q', providerMessageId: '1' },
        ])
          assert.equal(await store.endCall(key, NOW_MS + 5), undefined)
        assert.deepEqual(await store.takeReceived('p', 9, 0), [over, message])
      })

      it('and hands them over once, as they are by then', async () => {
        const [early, late] = [call({ providerMessageId: '1' }), call({ providerMessageId: '2' })]
        for (const record of [early, late]) await store.receive(record)
        assert.deepEqual(await store.takeReceived('p', 1, 0), [early])
        for (const providerMessageId of ['1', '2'])
          await store.endCall({ providerNode: 'p', providerMessageId }, NOW_MS)
        await store.finishReceived([early.id], 'handed')
        assert.deepEqual(await store.takeReceived('p', 9, 0), [{ ...late, state: 'missed' }])
        assert.equal(await store.receive(call({ providerMessageId: '1' })), false)
      })

      it('that rang when it ended as missed', async () => {
        const [handed, taken, waits] = [call(), call(), call()]
        for (const record of [handed, taken, waits]) await store.receive(record)
        await store.takeReceived('p', 2, 0)
        await store.finishReceived([handed.id], 'handed')
        await restart(NOW_MS + 5)
        const missed = { state: 'missed', updatedAt: isoTime(NOW_MS + 5) }
        assert.deepEqual(await store.takeReceived('p', 9, 0), [
          { ...taken, ...missed, redelivered: true },
          { ...waits, ...missed },
        ])
        assert.deepEqual(await states(), ['missed', 'missed', 'missed'])
      })
    })

    describe('keeps parts', () => {
      const part = (index: number, fields: Partial<SmsRecord> = {}, group = 'g'): Fragment => ({
        group,
        index,
        total: 3,
        record: incoming({ text: `${index} \ud83d`, raw: { pdu: index }, ...fields }),
      })

      it('of a group in order, each once, over a restart too', async () => {
        const [one, two, three] = [part(1), part(2), part(3)]
        assert.deepEqual(await store.addFragment(three), [three])
        assert.deepEqual(await store.addFragment(one), [one, three])
        assert.deepEqual(await store.addFragment(part(3)), [one, three])
        await restart(NOW_MS)
        assert.deepEqual(await store.addFragment(two), [one, two, three])
        assert.deepEqual(await store.fragmentGroups(), [[one, two, three]])
      })

      it('of groups and providers apart, until they are dropped', async () => {
        const [a, b, c] = [part(1), part(1, {}, 'h'), part(1, { providerNode: 'q' })]
        for (const fragment of [a, b, c]) assert.deepEqual(await store.addFragment(fragment), [fragment])
        assert.equal((await store.fragmentGroups()).length, 3)
        await store.dropFragments('p', 'g')
        await store.dropFragments('p', 'another')
        assert.deepEqual(new Set(await store.fragmentGroups()), new Set([[b], [c]]))
        const again = part(1)
        assert.deepEqual(await store.addFragment(again), [again])
      })

      it('not again that come again after their group was dropped, which their carrier id tells', async () => {
        const ids = (fragments: readonly Fragment[]) => fragments.map(({ index }) => index)
        const same = { providerMessageId: 'x' }
        assert.deepEqual(ids(await store.addFragment(part(1, same))), [1])
        assert.deepEqual(ids(await store.addFragment(part(2, same))), [1, 2])
        await store.dropFragments('p', 'g')
        await restart(NOW_MS)
        assert.deepEqual(ids(await store.addFragment(part(1, same))), [])
        assert.deepEqual(ids(await store.addFragment(part(3, same))), [3])
        assert.deepEqual(ids(await store.addFragment(part(2, same))), [3])
        assert.deepEqual(ids(await store.addFragment(part(1, { ...same, providerNode: 'q' }))), [1])
      })

      it('that were in the way of another, once they are not', async () => {
        await store.addFragment(part(1, { providerMessageId: 'x' }))
        const other = part(1, { providerMessageId: 'y' })
        assert.equal((await store.addFragment(other)).length, 1)
        await store.dropFragments('p', 'g')
        assert.deepEqual(await store.addFragment(other), [other])
      })
    })

    describe('deletes', () => {
      const DAY_MS = 24 * 3_600_000
      const price = { amount: '0.01', currency: 'EUR' }

      it('what is over and old, and nothing else', async () => {
        const long = NOW_MS - 100 * DAY_MS
        const over = (fields: Partial<StoredMessage['record']>, nowMs = long) =>
          stored({ job: undefined, record: { providerMessageId: `${nowMs}`, ...fields } }, nowMs)
        const gone = [
          over({ state: 'delivered' }),
          over({ state: 'failed' }),
          over({ state: 'expired' }),
          over({ state: 'cancelled' }),
          over({ state: 'accepted' }),
          over({ state: 'unknown' }),
        ]
        const changed = over({ state: 'failed' })
        const kept = [
          { ...changed, record: { ...changed.record, price, updatedAt: isoTime(NOW_MS - 10 * DAY_MS) } },
          over({ state: 'delivered' }, NOW_MS - 10 * DAY_MS),
          over({ state: 'delivered', updatedAt: isoTime(NOW_MS - 10 * DAY_MS) }),
          over({ state: 'accepted' }, NOW_MS - 21 * DAY_MS),
          over({ state: 'unknown' }, NOW_MS - 21 * DAY_MS),
          over({ state: 'sending' }),
          stored({ job: 'ask', record: { state: 'accepted' } }, long),
          stored({ job: 'ask', record: { state: 'unknown' } }, long),
          stored({ job: 'send' }, long),
          stored({ job: 'send', dueAtMs: NOW_MS + 1, record: { state: 'scheduled' } }, long),
        ]
        await store.add([...gone, changed, ...kept.slice(1)])
        await set(changed.record.id, kept[0]!)
        const came = [incoming({}, long), incoming({}, long), incoming({}, long), incoming({}, NOW_MS - DAY_MS)]
        for (const record of came) await store.receive(record)
        const [handed, taken, , young] = came
        await store.takeReceived('p', 2, 0)
        await store.finishReceived([handed!.id], 'handed')
        await store.finishReceived([young!.id], 'handed')
        assert.equal(await store.prune(NOW_MS - 20 * DAY_MS, 1_000), gone.length + 1)
        const left = (await store.history({ limit: 1_000 })).map(record => record.id)
        assert.deepEqual(
          new Set(left),
          new Set([...kept.map(({ record }) => record.id), ...came.slice(1).map(r => r.id)]),
        )
        for (const { record } of gone) {
          assert.equal(await store.get({ id: record.id }), undefined)
          assert.deepEqual(await store.trail(record.id), [])
        }
        for (const message of kept) assert.deepEqual(await store.get({ id: message.record.id }), message)
        await store.finishReceived([taken!.id], 'waiting')
        assert.equal((await store.takeReceived('p', 9, 0)).length, 2)
        assert.equal(await store.waiting('p'), 2)
      })

      it('no more at a time than it is told', async () => {
        await store.add(Array.from({ length: 25 }, () => stored({ job: undefined, record: { state: 'failed' } })))
        for (let i = 0; i < 25; i++) await store.receive(incoming())
        const taken = await store.takeReceived('p', 100, 0)
        await store.finishReceived(
          taken.map(record => record.id),
          'handed',
        )
        const pruned: number[] = []
        while (pruned.at(-1) !== 0) pruned.push(await store.prune(NOW_MS + 1, 10))
        assert.deepEqual(pruned, [10, 10, 10, 10, 10, 0])
        assert.deepEqual(await store.history({ limit: 10 }), [])
      })
    })

    describe('remembers', () => {
      it('records in both directions, newest first, by what is asked for', async () => {
        const sent = stored({}, NOW_MS)
        const answer = incoming({ from: '+1' }, NOW_MS + 1)
        const failed = stored({ record: { to: '+1', state: 'failed' } }, NOW_MS + 2)
        const call = incoming({ type: 'call', state: 'missed', from: '+2', to: '+1' }, NOW_MS + 3)
        await store.add([sent, failed])
        await store.receive(call)
        await store.receive(answer)
        const [a, b, c, d] = [sent.record.id, answer.id, failed.record.id, call.id]
        const cases = [
          [{}, [d, c, b, a]],
          [{ limit: 2 }, [d, c]],
          [{ direction: 'in' }, [d, b]],
          [{ direction: 'out' }, [c, a]],
          [{ type: 'call' }, [d]],
          [{ number: '+1' }, [d, c, b]],
          [{ state: 'failed' }, [c]],
          [{ sinceMs: NOW_MS + 2 }, [d, c]],
          [{ untilMs: NOW_MS + 2 }, [c, b, a]],
          [{ sinceMs: NOW_MS + 1, untilMs: NOW_MS + 1 }, [b]],
          [{ skip: 1, limit: 2 }, [c, b]],
          [{ skip: 4 }, []],
          [{ number: '+1', untilMs: NOW_MS + 2, skip: 1 }, [b]],
          [{ type: 'message', direction: 'in', number: '+1', state: 'received', sinceMs: NOW_MS }, [b]],
          [{ number: '+3' }, []],
        ] as const
        for (const [query, expected] of cases) {
          const found = await store.history({ limit: 10, ...query })
          assert.deepEqual(
            found.map(record => record.id),
            expected,
            JSON.stringify(query),
          )
        }
      })

      it('records by what became of them, each once', async () => {
        const [self, named] = [stored({ record: { from: '+1', to: '+1' } }), stored({ record: { to: '+2' } })]
        await add(self, named)
        await set(named.record.id, { record: { ...named.record, from: '+1' } })
        await set(self.record.id, { record: { ...self.record, state: 'failed' } })
        const found = async (query: Partial<HistoryQuery>) =>
          (await store.history({ limit: 9, ...query })).map(record => record.id)
        assert.deepEqual(await found({ number: '+1' }), [named.record.id, self.record.id])
        assert.deepEqual(await found({ number: '+2' }), [named.record.id])
        assert.deepEqual(await found({ number: '+1', state: 'failed' }), [self.record.id])
        assert.deepEqual(await found({ state: 'queued' }), [named.record.id])
      })

      it('records of one moment, page by page, each once', async () => {
        await add(...Array.from({ length: 7 }, () => stored()))
        await store.receive(incoming())
        const pages: string[] = []
        for (let skip = 0; skip < 9; skip += 3) {
          const page = await store.history({ untilMs: NOW_MS, skip, limit: 3 })
          pages.push(...page.map(record => record.id))
        }
        assert.deepEqual([pages.length, new Set(pages).size], [8, 8])
      })

      it('how many are in each state, of those created in a time', async () => {
        const [early, late] = [stored({ record: { state: 'failed' } }), stored({}, NOW_MS + 10)]
        await add(early, late, stored({ record: { state: 'failed' } }, NOW_MS + 5))
        await store.receive(incoming({}, NOW_MS + 5))
        await store.receive(incoming({ type: 'call', state: 'missed' }, NOW_MS + 9))
        assert.deepEqual(await store.counts(NOW_MS, NOW_MS + 10), { failed: 2, received: 1, missed: 1 })
        assert.deepEqual(await store.counts(NOW_MS + 10, NOW_MS + 11), { queued: 1 })
        await set(late.record.id, { record: { ...late.record, state: 'delivered' } })
        assert.deepEqual(await store.counts(NOW_MS + 6, NOW_MS + 100), { missed: 1, delivered: 1 })
        assert.deepEqual(await store.counts(NOW_MS + 11, NOW_MS + 100), {})
      })

      it('notes, of each owner apart', async () => {
        assert.equal(await store.note('p', 'k'), undefined)
        await store.setNote('p', 'k', '1')
        await store.setNote('q', 'k', '2')
        await store.setNote('p', 'k', '3')
        assert.deepEqual([await store.note('p', 'k'), await store.note('q', 'k')], ['3', '2'])
      })
    })

    it('refuses with SMS_STORE once it is closed', async () => {
      await store.close()
      await assert.rejects(store.add([stored()]), { code: 'SMS_STORE' })
      await assert.rejects(store.take('p', 'send', 1, NOW_MS, 1), { code: 'SMS_STORE' })
      await assert.rejects(
        store.change({ id: 'x' }, message => message),
        { code: 'SMS_STORE' },
      )
      await assert.rejects(store.receive(incoming()), { code: 'SMS_STORE' })
      await assert.rejects(store.note('p', 'k'), { code: 'SMS_STORE' })
    })
  })
}

const step = fc.record({
  kind: fc.constantFrom('add', 'take', 'change'),
  pick: fc.nat(3),
  priority: fc.integer({ min: -1, max: 1 }),
  delayMs: fc.nat(5),
  job: fc.constantFrom('send' as const, 'ask' as const),
})

const indexOf = (model: readonly StoredMessage[], { record }: StoredMessage) =>
  model.findIndex(message => message.record.id === record.id)
