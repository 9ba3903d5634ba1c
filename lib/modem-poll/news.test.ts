import assert from 'node:assert/strict'
import type { Readings } from '../providers/modem/checks.ts'
import type { CheckFailure, Poll } from './ask.ts'
import { createNews } from './news.ts'

const of = (readings: Readings, failures: readonly CheckFailure[] = []): Poll => ({ readings, failures })
const signal = (percent?: number): Readings => ({
  signal: percent === undefined ? { rssi: 99 } : { rssi: Math.round((percent * 31) / 100), percent, ber: percent % 7 },
})
const battery = (percent: number, millivolts: number, status = 0): Readings => ({
  battery: { status, percent, millivolts },
})
const network = (more: Partial<NonNullable<Readings['network']>> = {}): Readings => ({
  network: { state: 'registered', roaming: false, operator: 'One', ...more },
})
const failure = (code: CheckFailure['code'], message = 'why'): CheckFailure => ({ check: 'balance', code, message })

const SERIES: readonly (readonly [what: string, polls: readonly Poll[], isNew: readonly boolean[]])[] = [
  [
    'a signal that swings',
    [58, 61, 52, 65, 50].map(percent => of(signal(percent))),
    [true, false, false, false, false],
  ],
  ['a signal that drifts', [60, 56, 52, 50, 48].map(percent => of(signal(percent))), [true, false, false, true, false]],
  ['a signal that is lost', [of(signal(60)), of(signal()), of(signal()), of(signal(60))], [true, true, false, true]],
  ['a battery', [of(battery(80, 4000)), of(battery(79, 3990)), of(battery(77, 3950))], [true, false, true]],
  ['a charger', [of(battery(80, 4000)), of(battery(80, 4000, 1))], [true, true]],
  [
    'a network',
    [of(network()), of(network()), of(network({ operator: 'Two' })), of(network({ state: 'searching' }))],
    [true, false, true, true],
  ],
  [
    'the words around an amount',
    [of({ balance: { amount: '5', text: 'at 10:00' } }), of({ balance: { amount: '5', text: 'at 10:01' } })],
    [true, false],
  ],
  [
    'an amount, and an answer without one',
    [
      of({ balance: { amount: '5', text: '5' } }),
      of({ balance: { amount: '4', text: '4' } }),
      of({ balance: { text: '?' } }),
    ],
    [true, true, true],
  ],
  [
    'a failure, in whatever words',
    [of({}, [failure('SMS_TIMEOUT')]), of({}, [failure('SMS_TIMEOUT', 'other')]), of({}, [failure('SMS_SERVER')])],
    [true, false, true],
  ],
  [
    'one that failed and is back',
    [
      of({ balance: { amount: '5', text: '' } }),
      of({}, [failure('SMS_TIMEOUT')]),
      of({ balance: { amount: '5', text: '' } }),
    ],
    [true, true, true],
  ],
  [
    'one of two',
    [of({ ...signal(60), ...network() }), of({ ...signal(62), ...network({ roaming: true }) })],
    [true, true],
  ],
  [
    'what is not there this time',
    [of({ messages: 1, ...signal(60) }), of(signal(61)), of({ messages: 1 })],
    [true, false, false],
  ],
  ['nothing', [of({})], [false]],
]

describe('the news of a poll', () => {
  for (const [what, polls, isNew] of SERIES) {
    it(`are told of ${what}`, () => {
      const news = createNews()
      assert.deepEqual(
        polls.map(poll => news.take(poll)),
        isNew,
      )
    })
  }
})
