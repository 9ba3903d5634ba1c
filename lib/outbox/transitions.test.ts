import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NOW_MS, stored } from '../../test/support/message.ts'
import { SmsError } from '../errors.ts'
import { OUTGOING_STATES } from '../message.ts'
import type { OutgoingState } from '../message.ts'
import type { StoredMessage } from '../store/store.ts'
import {
  askedAgain,
  calledOff,
  decided,
  doubted,
  ended,
  givenBack,
  notTaken,
  reported,
  retried,
  taken,
  unresolved,
} from './transitions.ts'

const AT_MS = NOW_MS + 1_000
const refused = new SmsError('SMS_CONNECTION', 'no line')
const lost = new SmsError('SMS_UNKNOWN', 'no answer')

/** A message in a state, with the job that goes with it. */
function at(state: OutgoingState, fields: Partial<StoredMessage> = {}): StoredMessage {
  const job = { queued: 'send', scheduled: 'send', unknown: 'ask' } as const
  return stored({ job: (job as Record<string, 'send' | 'ask'>)[state], attempts: 1, ...fields, record: { state } })
}

type Event = (message: StoredMessage) => StoredMessage | undefined

const EVENTS = {
  taken: message => taken(message, {}, AT_MS, false),
  'taken, delivered': message => taken(message, { state: 'delivered' }, AT_MS, false),
  'taken, held': message => taken(message, { state: 'scheduled' }, AT_MS, false),
  retried: message => retried(message, refused, AT_MS, 0),
  failed: message => ended(message, 'failed', refused, AT_MS),
  doubted: message => doubted(message, lost, AT_MS, false),
  'doubted, can settle': message => doubted(message, lost, AT_MS, true),
  'not taken': message => notTaken(message, refused, AT_MS),
  unresolved: message => unresolved(message, AT_MS),
  'called off': message => calledOff(message, AT_MS),
  'decided: taken': message => decided(message, 'taken', AT_MS, false),
  'decided: not taken': message => decided(message, 'notTaken', AT_MS, false),
  'decided: resend': message => decided(message, 'resend', AT_MS, false),
  'reported accepted': message => reported(message, { state: 'accepted' }, AT_MS),
  'reported delivered': message => reported(message, { state: 'delivered' }, AT_MS),
  'reported failed': message => reported(message, { state: 'failed' }, AT_MS),
  'reported sending': message => reported(message, { state: 'sending' }, AT_MS),
  'reported unknown': message => reported(message, { state: 'unknown' }, AT_MS),
} satisfies Record<string, Event>

/** From each state: to which state, and the job there; no entry where nothing new is said. */
const TABLE: Record<keyof typeof EVENTS, Partial<Record<OutgoingState, string>>> = {
  taken: {
    scheduled: 'accepted',
    queued: 'accepted',
    sending: 'accepted',
    unknown: 'accepted',
    accepted: 'accepted',
    cancelled: 'cancelled',
    expired: 'expired',
    failed: 'failed',
    delivered: 'delivered',
  },
  'taken, delivered': {
    scheduled: 'delivered',
    queued: 'delivered',
    sending: 'delivered',
    unknown: 'delivered',
    accepted: 'delivered',
    cancelled: 'delivered',
    expired: 'delivered',
    failed: 'delivered',
    delivered: 'delivered',
  },
  'taken, held': {
    scheduled: 'scheduled',
    queued: 'scheduled',
    sending: 'scheduled',
    unknown: 'scheduled',
    accepted: 'accepted',
    cancelled: 'cancelled',
    expired: 'expired',
    failed: 'failed',
    delivered: 'delivered',
  },
  retried: { sending: 'queued send', unknown: 'queued send' },
  failed: { scheduled: 'failed', queued: 'failed', sending: 'failed', unknown: 'failed' },
  doubted: { sending: 'unknown' },
  'doubted, can settle': { sending: 'unknown ask' },
  'not taken': { unknown: 'queued send' },
  unresolved: { unknown: 'unknown' },
  'called off': { scheduled: 'cancelled', queued: 'cancelled' },
  'decided: taken': { unknown: 'accepted' },
  'decided: not taken': { unknown: 'failed' },
  'decided: resend': { unknown: 'queued send' },
  'reported accepted': { scheduled: 'accepted', queued: 'accepted', sending: 'accepted', unknown: 'accepted' },
  'reported delivered': {
    scheduled: 'delivered',
    queued: 'delivered',
    sending: 'delivered',
    unknown: 'delivered',
    accepted: 'delivered',
    cancelled: 'delivered',
    expired: 'delivered',
    failed: 'delivered',
  },
  'reported failed': {
    scheduled: 'failed',
    queued: 'failed',
    sending: 'failed',
    unknown: 'failed',
    accepted: 'failed',
    cancelled: 'failed',
    expired: 'failed',
  },
  'reported sending': {},
  'reported unknown': {},
}

describe('transitions', () => {
  for (const [name, event] of Object.entries(EVENTS)) {
    it(name, () => {
      const found: Record<string, string> = {}
      for (const state of OUTGOING_STATES) {
        const next = event(at(state))
        if (next) found[state] = [next.record.state, next.job].filter(Boolean).join(' ')
      }
      assert.deepEqual(found, TABLE[name as keyof typeof EVENTS])
    })
  }

  it('a receipt goes into the record; its error is history then', () => {
    const message = stored({
      job: undefined,
      asked: 3,
      record: { state: 'unknown', error: { code: 'SMS_UNKNOWN', message: 'no answer' } },
    })
    const receipt = { providerMessageId: 'SM1', parts: 2, price: { amount: '0.01', currency: 'USD' }, raw: { a: 1 } }
    const { record, asked } = taken(message, receipt, AT_MS, false)!
    const { error: _history, ...before } = message.record
    const at = '2026-11-21T10:00:01.000Z'
    assert.deepEqual(record, { ...before, ...receipt, state: 'accepted', sentAt: at, updatedAt: at })
    assert.equal(asked, 0)
  })

  it('a receipt that comes after its report keeps the state, and adds what it knows', () => {
    const reportedFirst = reported(at('sending'), { state: 'delivered' }, AT_MS)!
    const { record, job } = taken(reportedFirst, { providerMessageId: 'SM1' }, AT_MS + 5, true)!
    assert.deepEqual([record.state, record.providerMessageId, job], ['delivered', 'SM1', undefined])
  })

  const asks: [
    asksForReports: boolean,
    deliveryReport: boolean,
    state: 'accepted' | 'delivered',
    job: string | undefined,
  ][] = [
    [true, true, 'accepted', 'ask'],
    [true, false, 'accepted', undefined],
    [true, true, 'delivered', undefined],
    [false, true, 'accepted', undefined],
  ]
  for (const [asksForReports, deliveryReport, state, job] of asks) {
    it(`a message that is ${state} ${job ? 'is' : 'is not'} asked about: ${asksForReports}, ${deliveryReport}`, () => {
      const message = at('sending')
      const next = taken({ ...message, draft: { ...message.draft, deliveryReport } }, { state }, AT_MS, asksForReports)!
      assert.deepEqual([next.job, next.dueAtMs], [job, job ? AT_MS + 5_000 : 0])
    })
  }

  it('a retry waits, or not at all: never for the clock', () => {
    assert.equal(retried(at('sending'), refused, AT_MS, 0)!.dueAtMs, 0)
    const later = retried(at('sending'), refused, AT_MS, 500)!
    assert.deepEqual([later.dueAtMs, later.record.error], [AT_MS + 500, { code: 'SMS_CONNECTION', message: 'no line' }])
  })

  it('what is given back was not attempted', () => {
    const next = givenBack(at('sending', { attempts: 3 }), AT_MS)!
    assert.deepEqual([next.record.state, next.job, next.attempts, next.dueAtMs], ['queued', 'send', 2, 0])
    assert.equal(givenBack(at('accepted'), AT_MS), undefined)
  })

  describe('doubt', () => {
    const resends: [name: string, fields: Partial<StoredMessage>, state: string][] = [
      ['stays where failing is wanted', { onDoubt: 'fail', doubts: 1 }, 'unknown'],
      ['is sent again where that is wanted', { onDoubt: 'resend', doubts: 1 }, 'queued'],
      ['is sent a third time', { onDoubt: 'resend', doubts: 2 }, 'queued'],
      ['is not sent for ever', { onDoubt: 'resend', doubts: 3 }, 'unknown'],
      ['is not sent beyond its validity', { onDoubt: 'resend', doubts: 1, expiresAtMs: AT_MS }, 'unknown'],
    ]
    for (const [name, fields, state] of resends) {
      it(name, () => assert.equal(unresolved(at('unknown', fields), AT_MS)!.record.state, state))
    }

    it('counts itself, and is settled soon where it can be', () => {
      const next = doubted(at('sending', { asked: 3 }), lost, AT_MS, true)!
      assert.deepEqual([next.doubts, next.asked, next.dueAtMs], [1, 0, AT_MS + 1_000])
    })

    it('that is found unfounded again and again ends as failed', () => {
      assert.equal(notTaken(at('unknown', { doubts: 4 }), refused, AT_MS)!.record.state, 'queued')
      const next = notTaken(at('unknown', { doubts: 5 }), refused, AT_MS)!
      assert.deepEqual([next.record.state, next.record.error?.code], ['failed', 'SMS_CONNECTION'])
    })

    /** How long, and how often, is asked until nothing more is done. */
    function askAll(message: StoredMessage, answered: boolean): { asks: number; minutes: number; state: string } {
      let next = message
      let asks = 0
      let nowMs = AT_MS
      while (next.job === 'ask' && asks < 10_000) {
        next = askedAgain(next, nowMs, answered)!
        nowMs = Math.max(nowMs, next.dueAtMs)
        asks += 1
      }
      return { asks, minutes: Math.round((nowMs - AT_MS) / 60_000), state: next.record.state }
    }
    const expiresAtMs = AT_MS + 60 * 60_000
    const ends: [name: string, message: StoredMessage, answered: boolean, expected: object][] = [
      ['that stays open', at('unknown', { expiresAtMs }), true, { asks: 7, minutes: 5, state: 'unknown' }],
      ['that nobody answers', at('unknown', { expiresAtMs }), false, { asks: 61, minutes: 60, state: 'unknown' }],
      [
        'that nobody answers, of an alarm',
        at('unknown', { expiresAtMs, onDoubt: 'resend' }),
        false,
        { asks: 7, minutes: 5, state: 'queued' },
      ],
    ]
    for (const [name, message, answered, expected] of ends) {
      it(`${name} ends`, () => assert.deepEqual(askAll(message, answered), expected))
    }

    it('that restarts ask about again and again goes on for as long as without them', () => {
      const askedOften = { asked: 6, expiresAtMs: AT_MS + 60 * 60_000 }
      const doubt = (sinceMs: number, onDoubt: 'fail' | 'resend' = 'fail') =>
        at('unknown', { ...askedOften, onDoubt, attemptedAtMs: AT_MS - sinceMs })
      for (const onDoubt of ['fail', 'resend'] as const) {
        const { job, dueAtMs, asked } = askedAgain(doubt(20_000, onDoubt), AT_MS, true)!
        assert.deepEqual([job, dueAtMs - AT_MS, asked], ['ask', 60_000, 6])
        assert.equal(askedAgain(doubt(313_000, onDoubt), AT_MS, true)!.dueAtMs - AT_MS, 1_000)
        assert.notEqual(askedAgain(doubt(314_000, onDoubt), AT_MS, true)!.job, 'ask')
      }
      assert.equal(askedAgain(doubt(-1), AT_MS, true)!.job, undefined, 'the clock was set back')
    })

    it('and a report that never comes: asked for some three days', () => {
      const message = at('accepted', { job: 'ask' })
      const { asks, minutes } = askAll(message, true)
      assert.deepEqual([asks, Math.round(minutes / 60 / 24)], [12, 3])
      assert.equal(askAll(message, false).minutes, 24 * 60)
    })

    it('is not asked about twice: an answer that comes when it is settled changes nothing', () => {
      assert.equal(askedAgain(at('queued'), AT_MS, true), undefined)
      assert.equal(askedAgain(at('delivered'), AT_MS, true), undefined)
    })
  })

  describe('reports', () => {
    it('end in the same state in whatever order and however often they come', () => {
      const words = fc.array(fc.constantFrom(...OUTGOING_STATES), { maxLength: 8 })
      const end = (states: readonly (OutgoingState | 'answer')[]) =>
        states.reduce<StoredMessage>((message, state) => {
          const error = { code: 'SMS_SEND', message: state } as const
          const report = { state: state as OutgoingState, ...(state === 'failed' && { error }) }
          return (state === 'answer' ? taken(message, {}, AT_MS, false) : reported(message, report, AT_MS)) ?? message
        }, at('sending'))
      fc.assert(
        fc.property(words, fc.array(fc.nat()), fc.nat(), (reports, order, answerAt) => {
          const events: (OutgoingState | 'answer')[] = [...reports]
          events.splice(answerAt % (events.length + 1), 0, 'answer')
          // Any order: by random keys; and each may come again later.
          const shuffled = events
            .map((event, i) => ({ event, key: order[i % Math.max(1, order.length)] ?? 0 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ event }) => event)
          const [one, other] = [end(events), end([...shuffled, ...shuffled])]
          assert.equal(one.record.state, other.record.state)
          assert.deepEqual(one.record.error, other.record.error)
          assert.equal(other.job, undefined)
        }),
      )
    })

    it('tell price and parts also where the state is old news, and only once', () => {
      const price = { amount: '0.01', currency: 'USD' }
      const next = reported(at('delivered'), { state: 'accepted', price, parts: 3 }, AT_MS)!
      assert.deepEqual([next.record.state, next.record.price, next.record.parts], ['delivered', price, 1])
      assert.equal(reported(next, { state: 'accepted', price: { ...price, amount: '9' } }, AT_MS), undefined)
    })

    it('go on being asked for until the last one', () => {
      const asked = at('accepted', { job: 'ask', dueAtMs: AT_MS + 9 })
      assert.equal(reported(at('scheduled', { job: 'ask' }), { state: 'accepted' }, AT_MS)!.job, 'ask')
      assert.equal(reported(asked, { state: 'delivered' }, AT_MS)!.job, undefined)
      assert.equal(reported(at('unknown'), { state: 'accepted' }, AT_MS)!.job, undefined)
    })

    it('of success make an old error history, of failure bring their own', () => {
      const error = { code: 'SMS_SEND', message: 'number out of service' } as const
      const failed = reported(at('accepted'), { state: 'failed', error }, AT_MS)!
      assert.deepEqual([failed.record.error, failed.record.sentAt], [error, undefined])
      const delivered = reported(failed, { state: 'delivered' }, AT_MS)!
      assert.deepEqual([delivered.record.error, delivered.record.sentAt], [undefined, '2026-11-21T10:00:01.000Z'])
    })
  })
})
