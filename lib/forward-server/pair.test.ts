import assert from 'node:assert/strict'
import { fakeCarrier } from '../../test/support/carrier.ts'
import { startPair } from '../../test/support/forward.ts'
import type { Pair } from '../../test/support/forward.ts'
import { SmsError } from '../errors.ts'
import type { SmsErrorCode } from '../errors.ts'
import type { SmsRecord } from '../message.ts'

describe('a server and a client', () => {
  let pair: Pair
  afterEach(() => pair.close())

  it('a message goes out through the server, and what becomes of it comes back', async () => {
    pair = await startPair()
    const id = await pair.client.send('Привіт', { from: 'Alarm', params: { a: 1 }, flash: true, allowReply: false })
    const { providerMessageId } = await pair.client.becomes(id, 'accepted')
    const [sent] = pair.carrier.calls
    assert.deepEqual(
      [sent?.to, sent?.text, sent?.from, sent?.params, sent?.flash, sent?.allowReply, sent?.deliveryReport],
      ['+12025550123', 'Привіт', 'Alarm', { a: 1 }, true, false, true],
    )
    assert.ok(sent)
    assert.equal(sent.id, providerMessageId)
    await pair.server.host.reported({ id: sent.id, state: 'delivered' })
    await pair.client.becomes(id, 'delivered')
  })

  it('the category goes with it: as the record of the server has it, for its router, and on to the carrier', async () => {
    pair = await startPair()
    for (const [index, category] of ['alarm', 'users/notification', undefined].entries()) {
      const id = await pair.client.send('x', category === undefined ? {} : { category })
      const { providerMessageId } = await pair.client.becomes(id, 'accepted')
      const record = await pair.server.becomes(providerMessageId!, 'accepted')
      assert.deepEqual([record.category, pair.carrier.calls[index]?.category], [category, category])
    }
  })

  it('a report may come before the answer', async () => {
    pair = await startPair(
      fakeCarrier({
        async send({ id }) {
          await pair.server.host.reported({ id, state: 'delivered' })
          await pair.client.becomes(ours, 'delivered')
          return {}
        },
      }),
    )
    const ours = await pair.client.send('x')
    await pair.client.becomes(ours, 'delivered')
  })

  for (const [code, retryable] of [
    ['SMS_CREDIT', false],
    ['SMS_OPTED_OUT', false],
    ['SMS_BLOCKED', false],
    ['SMS_REQUEST', false],
    ['SMS_SEND', false],
  ] as const satisfies readonly (readonly [SmsErrorCode, boolean])[]) {
    it(`${code} of the carrier is ${code} at the client, with the carrier's own code`, async () => {
      const error = new SmsError(code, 'No.', { providerCode: 17, retryable })
      pair = await startPair(fakeCarrier({ send: () => Promise.reject(error) }))
      const record = await pair.client.becomes(await pair.client.send('x'), 'failed')
      assert.deepEqual(record.error, { code, message: 'No.', providerCode: 17 })
      assert.equal(pair.carrier.calls.length, 1)
    })
  }

  it('an answer that is lost is doubt, and is settled without sending twice', async () => {
    pair = await startPair()
    pair.at.server.loseAnswers(1)
    const ids = [await pair.client.send('1'), await pair.client.send('2'), await pair.client.send('3')]
    for (const id of ids) await pair.client.becomes(id, 'accepted')
    assert.deepEqual(
      pair.carrier.calls.map(({ text }) => text),
      ['1', '2', '3'],
    )
  })

  it('doubt of the server is doubt of the client, and ends with it', async () => {
    pair = await startPair(fakeCarrier({ send: () => Promise.reject(new SmsError('SMS_UNKNOWN', 'no answer came')) }))
    const id = await pair.client.send('x')
    const { error } = await pair.client.becomes(id, 'unknown')
    assert.deepEqual(error, { code: 'SMS_UNKNOWN', message: 'no answer came' })
    await pair.server.host.reported({ id: pair.carrier.calls[0]!.id, state: 'delivered' })
    await pair.client.becomes(id, 'delivered')
    assert.equal(pair.carrier.calls.length, 1)
  })

  it('waits while the server is away, and keeps the order', async () => {
    pair = await startPair()
    await pair.endServer()
    const ids = [await pair.client.send('1'), await pair.client.send('2')]
    await pair.client.becomes(ids[0]!, 'unknown')
    await pair.restartServer()
    for (const id of ids) await pair.client.becomes(id, 'accepted')
    assert.deepEqual(
      pair.carrier.calls.map(({ text }) => text),
      ['1', '2'],
    )
  }).timeout(10_000)

  it('what comes in goes on to the client, once and in order, also after either was away', async () => {
    pair = await startPair()
    const receive = (text: string) =>
      pair.server.host.received({ providerMessageId: text, from: '+12025550144', to: '+12025550100', text })
    await receive('1')
    await pair.client.came(1)
    await pair.endClient()
    for (const text of ['2', '3']) await receive(text)
    await pair.endServer()
    await pair.restartServer()
    await receive('4')
    await pair.restartClient()
    await pair.client.came(3)
    const first = pair.client.received[0]!
    assert.deepEqual(
      [first.from, first.to, first.provider, first.redelivered],
      ['+12025550144', '+12025550100', 'Remote', undefined],
    )
    assert.deepEqual(
      pair.client.received.map(({ text }) => text),
      ['2', '3', '4'],
    )
  }).timeout(10_000)

  it('a call rings at the client, and is missed there when it is over', async () => {
    pair = await startPair(fakeCarrier(), { events: ['calls'] })
    const call = { type: 'call', providerMessageId: '1', from: '+12025550144', text: '' } as const
    await pair.server.host.received(call)
    await pair.client.came(1)
    assert.deepEqual([pair.client.received[0]!.type, pair.client.received[0]!.state], ['call', 'ringing'])
    const over = new Promise<SmsRecord>(resolve => pair.client.gateway.on('message', resolve))
    await pair.server.host.received({ ...call, state: 'missed' })
    const { id, state } = await over
    assert.deepEqual([id, state], [pair.client.received[0]!.id, 'missed'])
    await pair.server.host.received({ ...call, providerMessageId: '2', state: 'missed' })
    await pair.client.came(2)
    assert.deepEqual(
      pair.client.received.map(record => record.state),
      ['ringing', 'missed'],
    )
  })

  it('a message that the client has stored and could not say so is not doubled', async () => {
    pair = await startPair()
    pair.at.client.loseAnswers(1)
    for (const text of ['1', '2'])
      await pair.server.host.received({ providerMessageId: text, from: '+12025550144', text })
    await pair.client.came(2)
    assert.deepEqual(
      pair.client.received.map(({ text }) => text),
      ['1', '2'],
    )
    assert.ok(pair.at.client.requests.length >= 3)
  }).timeout(10_000)

  it('what becomes of a message while the client is away is told later', async () => {
    pair = await startPair()
    const id = await pair.client.send('x')
    await pair.client.becomes(id, 'accepted')
    await pair.endClient()
    await pair.server.host.reported({ id: pair.carrier.calls[0]!.id, state: 'delivered' })
    await pair.endServer()
    await pair.restartServer()
    await pair.restartClient()
    await pair.client.becomes(id, 'delivered')
  })

  it('what became of a message in the moment of a crash is told after it', async () => {
    pair = await startPair()
    const id = await pair.client.send('x')
    await pair.client.becomes(id, 'accepted')
    await pair.server.forward.stop()
    // The change is stored, and nobody heard of it.
    await pair.server.host.reported({ id: pair.carrier.calls[0]!.id, state: 'delivered' })
    await pair.endServer()
    await pair.restartServer()
    await pair.client.becomes(id, 'delivered')
  })

  it('does not bring back what came from it', async () => {
    pair = await startPair()
    await pair.server.host.received({ providerMessageId: '1', from: '+12025550144', text: '1' })
    await pair.client.came(1)
    // As a client on the same runtime would: with the server among those that forwarded it.
    const { raw } = pair.client.received[0]!
    await pair.server.host.received({ providerMessageId: '2', from: '+12025550144', text: '2', raw })
    await pair.server.host.received({ providerMessageId: '3', from: '+12025550144', text: '3' })
    await pair.client.came(2)
    assert.deepEqual(
      pair.client.received.map(({ text }) => text),
      ['1', '3'],
    )
  })

  it('asks about a message where nothing is pushed', async () => {
    pair = await startPair(fakeCarrier(), { events: [] })
    const id = await pair.client.send('x')
    await pair.client.becomes(id, 'accepted')
    await pair.server.host.reported({ id: pair.carrier.calls[0]!.id, state: 'delivered' })
    assert.equal((await pair.client.gateway.query(id)).state, 'delivered')
  })
})
