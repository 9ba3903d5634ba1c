import assert from 'node:assert/strict'
import { incoming, stored } from '../support/message.ts'
import { compare } from './books.ts'
import type { Books, FlowLine, StoreLine } from './books.ts'
import type { Texted } from './incoming.ts'
import type { Order } from './outgoing.ts'

const ME = '+380501234567'
const OURS = '+15550006666'

const order = (key: string, more: Partial<Order> = {}): Order => ({
  key,
  to: ME,
  text: `Text of ${key}`,
  sendInMs: 0,
  takenIn: true,
  tries: 1,
  ...more,
})

const sent = (sid: string, body: string) => ({ direction: 'outbound-api', sid, to: ME, body }) as const

function out(key: string, providerMessageId: string, more: Partial<StoreLine['record']> = {}): StoreLine {
  const { record } = stored({
    record: { id: `id-${key}`, to: ME, text: `Text of ${key}`, ref: { key }, state: 'accepted', providerMessageId },
  })
  const states = ['queued', 'sending', more.state ?? 'accepted'] as const
  return { record: { ...record, ...more }, trail: states.map(state => ({ state, at: record.createdAt })) }
}

const texted = (sid: string, more: Partial<Texted> = {}): Texted => ({
  sid,
  from: ME,
  text: `Text of ${sid}`,
  createdAtMs: 1_000,
  way: 'both',
  acknowledged: true,
  calls: 1,
  ...more,
})

const came = (sid: string): StoreLine => ({
  record: incoming({ id: `id-${sid}`, providerMessageId: sid, to: OURS, text: `Text of ${sid}` }),
  trail: [],
})

const told = (sid: string, more: Partial<FlowLine> = {}): FlowLine => ({
  about: 'in',
  id: `id-${sid}`,
  state: 'received',
  text: `Text of ${sid}`,
  providerMessageId: sid,
  redelivered: false,
  ...more,
})

const became = (key: string, state: string): FlowLine => ({ ...told(''), about: 'status', id: `id-${key}`, state })

/** As all should be: two messages out, of which one was handed in twice, and two in, of which one came twice. */
const sound: Books = {
  orders: [order('a', { tries: 2 }), order('b')],
  ledger: [sent('SM1', 'Text of a'), sent('SM2', 'Text of b'), { ...sent('SM3', 'Text of SM3'), direction: 'inbound' }],
  texted: [texted('SM3'), texted('SM4', { way: 'onlyListed', acknowledged: false, calls: 0 })],
  store: [out('a', 'SM1'), out('b', 'SM2'), came('SM3'), came('SM4')],
  flow: [became('a', 'accepted'), told('SM3'), told('SM4'), told('SM4', { redelivered: true })],
  lastStartMs: 2_000,
}

describe('the books of the chaos', () => {
  it('agree where nothing was lost and nothing was sent twice', () => {
    const { outgoing, incoming, problems } = compare(sound)
    assert.deepEqual(problems, [])
    assert.deepEqual([outgoing['taken in (answered 2xx)'], outgoing['in the ledger of the carrier']], [2, 2])
    assert.deepEqual([incoming['reached the flow'], incoming['reached it again, marked as redelivered']], [2, 1])
  })

  it('agree where of two equal messages each is known by the id of the other', () => {
    const equal = { text: 'Alarm' }
    const { problems } = compare({
      ...sound,
      orders: [order('a', equal), order('b', equal)],
      ledger: [sent('SM1', 'Alarm'), sent('SM2', 'Alarm')],
      store: [out('a', 'SM2', equal), out('b', 'SM1', equal), came('SM3'), came('SM4')],
    })
    assert.deepEqual(problems, [])
  })

  it('need not have what was only listed after the last start', () => {
    const late = texted('SM5', { way: 'onlyListed', acknowledged: false, createdAtMs: 2_001 })
    assert.deepEqual(compare({ ...sound, texted: [...sound.texted, late] }).problems, [])
  })

  const cases: Readonly<Record<string, Partial<Books>>> = {
    'taken in, and not in the store: a': { store: sound.store.slice(1), ledger: sound.ledger.slice(1) },
    'lost: «Text of a»': { ledger: sound.ledger.slice(1) },
    'sent twice: «Text of a»': { ledger: [...sound.ledger, sent('SM9', 'Text of a')] },
    'sent twice: «Nobody asked for this»': { ledger: [...sound.ledger, sent('SM9', 'Nobody asked for this')] },
    'stored twice: a': { store: [...sound.store, out('a', 'SM9', { id: 'another' })] },
    'never answered: a': { orders: [order('a', { takenIn: false }), order('b')] },
    'in doubt: a': { store: [out('a', 'SM1', { state: 'unknown' }), ...sound.store.slice(1)] },
    'failed: a': { store: [out('a', 'SM1', { state: 'failed' }), ...sound.store.slice(1)] },
    'unfinished: a': { store: [out('a', 'SM1', { state: 'queued' }), ...sound.store.slice(1)] },
    'one id of the carrier, several messages: SM2': { store: [out('a', 'SM2'), ...sound.store.slice(1)] },
    'told, and not so in the store: id-a delivered': { flow: [...sound.flow, became('a', 'delivered')] },
    'never acknowledged: Text of SM3': { texted: [texted('SM3', { acknowledged: false })] },
    'acknowledged or listed, and not in the store: Text of SM3': {
      store: sound.store.filter(({ record }) => record.providerMessageId !== 'SM3'),
    },
    'acknowledged or listed, and not in the store: Text of SM4': { store: sound.store.slice(0, -1) },
    'did not reach the flow: Text of SM3': { flow: [told('SM4')] },
    'did not reach the flow: Text of SM4': { flow: [told('SM3')] },
    'repeated without a mark: Text of SM3': { flow: [...sound.flow, told('SM3')] },
    'stored twice: SM3': { store: [...sound.store, came('SM3')] },
    'not what was texted: Garbled': { flow: [...sound.flow, told('SM3', { text: 'Garbled', redelivered: true })] },
  }
  for (const [problem, wrong] of Object.entries(cases)) {
    it(`show what is ${problem}`, () => {
      const { problems } = compare({ ...sound, ...wrong })
      assert.ok(
        problems.some(found => found.startsWith(problem)),
        problems.join('\n'),
      )
    })
  }
})
