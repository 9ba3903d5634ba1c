import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NOW_MS, stored } from '../../test/support/message.ts'
import { ERROR_CODES, SmsError } from '../errors.ts'
import type { SmsErrorCode } from '../errors.ts'
import type { StoredMessage } from '../store/store.ts'
import { choose, elsewhere, inLane, placed, routeLine } from './choose.ts'
import type { Candidate, Routing } from './routing.ts'

const candidate = (lane: string, own: Candidate['own'] = {}): Candidate => ({
  lane,
  name: lane.toUpperCase(),
  own,
  parts: 1,
  encoding: 'gsm7',
})
const routingOf = (...lanes: string[]): Routing => ({
  why: 'Router «R»: route 1',
  candidates: lanes.map(lane => candidate(lane)),
  tried: [],
  rounds: 0,
})
const message = (lane: string, routing: Routing): StoredMessage => stored({ lane, routing })
const error = (code: SmsErrorCode) => new SmsError(code, 'no')
const waits =
  (ms: Record<string, number> = {}) =>
  (lane: string) =>
    ms[lane] ?? 0

/** The lanes a message goes through while each attempt fails with the error given next, and how it ends. */
function journey(lanes: string[], codes: SmsErrorCode[], ms: Record<string, number> = {}): string[] {
  const routing = routingOf(...lanes)
  let current = inLane(message('?', routing), routing, placed(routing, waits(ms)))
  const steps = [current.lane]
  for (const code of codes) {
    const choice = choose(current, error(code), waits(ms))
    if (!choice) return [...steps, 'end']
    steps.push(choice.delayMs > 0 ? `${choice.candidate.lane} in ${choice.delayMs}` : choice.candidate.lane)
    current = inLane(current, choice.routing, choice.candidate)
  }
  return steps
}

describe('where a routed message goes', () => {
  const NEXT: ReadonlySet<SmsErrorCode> = new Set<SmsErrorCode>([
    'SMS_CONNECTION',
    'SMS_AUTH',
    'SMS_CREDIT',
    'SMS_LIMITS',
    'SMS_SERVER',
    'SMS_PROVIDER',
    'SMS_CONFIG',
    'SMS_UNSUPPORTED',
    'SMS_SEND',
  ])
  for (const code of Object.keys(ERROR_CODES) as SmsErrorCode[]) {
    it(`${NEXT.has(code) ? 'is the next way' : 'is nowhere'} after ${code}`, () =>
      assert.deepEqual(journey(['a', 'b'], [code]), ['a', NEXT.has(code) ? 'b' : 'end']))
  }

  const journeys: [
    name: string,
    lanes: string[],
    codes: SmsErrorCode[],
    waits: Record<string, number>,
    way: string[],
  ][] = [
    [
      'goes round again, later each time',
      ['a', 'b'],
      ['SMS_CONNECTION', 'SMS_SERVER', 'SMS_CONNECTION', 'SMS_CONNECTION'],
      {},
      ['a', 'b', 'a in 1000', 'b', 'a in 2000'],
    ],
    ['ends where nobody will have it', ['a', 'b'], ['SMS_AUTH', 'SMS_CREDIT'], {}, ['a', 'b', 'end']],
    ['waits with one that may be back', ['a', 'b'], ['SMS_AUTH', 'SMS_CONNECTION'], {}, ['a', 'b', 'b in 1000']],
    [
      'does not ask again who refused the message',
      ['a', 'b'],
      ['SMS_SEND', 'SMS_CONNECTION', 'SMS_CONNECTION'],
      {},
      ['a', 'b', 'b in 1000', 'b in 2000'],
    ],
    ['begins with one that can send', ['a', 'b'], ['SMS_CONNECTION'], { a: 500 }, ['b', 'a']],
    ['passes one over that rests', ['a', 'b', 'c'], ['SMS_CONNECTION'], { b: 500 }, ['a', 'c']],
    ['waits for the one that is back first', ['a', 'b', 'c'], [], { a: 900, b: 500, c: Infinity }, ['b']],
    ['does not wait for one that is paused', ['a', 'b'], ['SMS_CONNECTION'], { b: Infinity }, ['a', 'a in 1000']],
    ['begins with the first where nobody can send', ['a', 'b'], [], { a: Infinity, b: Infinity }, ['a']],
    ['stays with its only way', ['a'], ['SMS_LIMITS', 'SMS_LIMITS'], {}, ['a', 'a in 1000', 'a in 2000']],
  ]
  for (const [name, lanes, codes, ms, way] of journeys) {
    it(name, () => assert.deepEqual(journey(lanes, codes, ms), way))
  }

  it('is nowhere else for one that was sent again in doubt', () => {
    const routing = { ...routingOf('a', 'b'), stays: true as const }
    assert.equal(choose(message('a', routing), error('SMS_CONNECTION'), waits()), undefined)
    assert.equal(elsewhere(message('a', routing), waits({ a: 1 })), undefined)
  })

  it('is no lane that cannot send, nor one that was tried, for one that waits', () => {
    const routing = routingOf('a', 'b', 'c')
    const tried = [{ lane: 'b', code: 'SMS_SEND', again: false }] as const
    const lane = (given: Routing, ms: Record<string, number>) => elsewhere(message('a', given), waits(ms))?.lane
    assert.equal(lane(routing, {}), undefined)
    assert.equal(lane(routing, { a: 1 }), 'b')
    assert.equal(lane({ ...routing, tried }, { a: 1 }), 'c')
    assert.equal(lane(routing, { a: 1, b: 1, c: 1 }), undefined)
  })

  it('is every way once a round, in order among those that can send', () => {
    const lanes = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 })
    const codes = fc.array(fc.constantFrom<SmsErrorCode>('SMS_CONNECTION', 'SMS_LIMITS', 'SMS_AUTH', 'SMS_SERVER'), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(lanes, codes, (given, failures) => {
        const steps = journey(given, failures).map(step => step.split(' ')[0])
        const rounds = Math.ceil(steps.length / given.length)
        for (let round = 0; round < rounds; round++) {
          const part = steps.slice(round * given.length, (round + 1) * given.length).filter(step => step !== 'end')
          // Who refuses the account begins no round, yet is tried in it.
          assert.equal(new Set(part).size, part.length)
          if (round === 0) assert.deepEqual(part, given.slice(0, part.length))
        }
      }),
    )
  })
})

describe('a message in another lane', () => {
  it('is what that carrier is told, and says why it is there', () => {
    const routing: Routing = {
      why: 'Router «R»: route 1',
      candidates: [candidate('a', { from: 'Shop', params: { x: 1 } }), { ...candidate('b', {}), parts: 2 }],
      tried: [{ lane: 'a', code: 'SMS_CREDIT', again: false }],
      rounds: 0,
    }
    const at = stored({ lane: 'a', routing, record: { from: 'Shop', providerMessageId: 'x' } })
    const before = { ...at, draft: { ...at.draft, from: 'Shop', params: { x: 1 } } }
    const { draft, record, lane } = inLane(before, routing, routing.candidates[1]!)
    assert.deepEqual([lane, draft], ['b', stored({}, NOW_MS).draft])
    assert.deepEqual(
      [record.provider, record.providerNode, record.from, record.providerMessageId, record.parts],
      ['B', 'b', undefined, undefined, 2],
    )
    assert.equal(record.route, 'Router «R»: route 1, failover to B: A SMS_CREDIT')
    const back = inLane({ ...before, record, draft, lane }, routing, routing.candidates[0]!)
    assert.deepEqual([back.draft, back.record.from], [before.draft, 'Shop'])
  })

  it('says whom it passed', () => {
    const routing = routingOf('a', 'b')
    assert.equal(routeLine(routing, routing.candidates[1]!), 'Router «R»: route 1, B: A cannot send now')
    assert.equal(routeLine(routing, routing.candidates[0]!), 'Router «R»: route 1, A')
  })
})
