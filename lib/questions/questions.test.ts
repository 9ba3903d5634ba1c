import assert from 'node:assert/strict'
import fc from 'fast-check'
import { never } from '../../test/support/carrier.ts'
import { ANN, BOB, createQuestionsUnderTest, MINUTE_MS } from '../../test/support/questions.ts'
import type { QuestionsUnderTest } from '../../test/support/questions.ts'
import { SmsError } from '../errors.ts'
import { createJudge } from './judge.ts'
import { GRACE_MS } from './follow.ts'

const texts = ({ carrier }: QuestionsUnderTest) => carrier.calls.map(({ text }) => text)

describe('questions', () => {
  it('the oldest to a number takes its answer; the rest goes to those who listen', async () => {
    const t = await createQuestionsUnderTest()
    await t.ask('A')
    await t.ask('B')
    await t.ask('C', BOB)
    for (const [text, from] of [
      ['1', ANN],
      ['2', BOB],
      ['no 3', ANN],
      ['4', ANN],
    ] as const)
      await t.text(text, from)
    assert.deepEqual(t.ends, ['A: answered 1', 'C: answered 2', 'B: refused no 3'])
    assert.deepEqual(
      t.heard.map(({ text }) => text),
      ['4'],
    )
    assert.deepEqual(t.counts, [1, 2, 3, 2, 1, 0])
    const [{ question, end }] = t.ended as [(typeof t.ended)[0]]
    assert.deepEqual([question.to, question.copy, end.asked?.text, end.asked?.to], [ANN, { about: 'A' }, 'A', ANN])
  })

  it('a text of before, a call, another carrier, or what fits nothing is no answer', async () => {
    const judge = createJudge({ matchType: 'keyword', match: 'yes', refuse: 'no' })
    const t = await createQuestionsUnderTest({ asker: { judge } })
    await t.gateway.inbox.received({ id: 'q', name: 'Other' }, { from: ANN, text: 'yes' })
    await t.text('yes')
    await t.ask('A')
    await t.text('yes', ANN, { type: 'call' })
    await t.gateway.inbox.received({ id: 'q', name: 'Other' }, { from: ANN, text: 'yes' })
    await t.text('perhaps')
    assert.deepEqual(t.ends, [])
    assert.equal(t.heard.length, 5)
    await t.text('Yes!')
    assert.deepEqual(t.ends, ['A: answered Yes!'])
  })

  it('what came in before a question, and nobody has heard, is not its answer', async () => {
    const t = await createQuestionsUnderTest()
    t.gateway.flowsStopping()
    await t.text('old')
    await t.ask('A')
    t.gateway.flowsStarted()
    await t.clock.advance(0)
    assert.deepEqual([t.ends, t.heard.length], [[], 1])
  })

  it('what nobody wants is offered, and waits for one who listens, however much it is', async () => {
    const t = await createQuestionsUnderTest()
    const { gateway } = t
    t.unlisten()
    await t.ask('A', BOB)
    for (let n = 0; n < 120; n += 1) await t.text(`${n}`)
    await t.text('yes', BOB)
    assert.deepEqual([t.ends, t.heard], [['A: answered yes'], []])
    gateway.inbox.listen(undefined, record => void t.heard.push(record))
    await t.clock.advance(0)
    assert.deepEqual(
      t.heard.map(({ text }) => text),
      Array.from({ length: 120 }, (_, n) => `${n}`),
    )
    assert.ok(t.heard.every(({ redelivered }) => redelivered === undefined))
  })

  it('numbers are compared as the carrier writes them', async () => {
    const t = await createQuestionsUnderTest({ provider: { numbers: { defaultCountry: 'US' } } })
    await t.ask('A')
    await t.text('yes', '202 555 0144')
    assert.deepEqual(t.ends, ['A: answered yes'])
  })

  it('an answer is waited for from when the question is sent, each time anew', async () => {
    let send = () => {}
    const t = await createQuestionsUnderTest({
      asker: { retries: 1, retryText: 'A, please' },
      provider: { send: () => new Promise(resolve => (send = () => resolve({}))) },
    })
    await t.ask('A')
    await t.clock.advance(MINUTE_MS / 2)
    send()
    await t.clock.advance(MINUTE_MS - 1)
    assert.deepEqual(texts(t), ['A'])
    await t.clock.advance(1)
    assert.deepEqual(texts(t), ['A', 'A, please'])
    send()
    await t.clock.advance(MINUTE_MS - 1)
    assert.deepEqual(t.ends, [])
    await t.clock.advance(1)
    assert.deepEqual(t.ends, ['A: timedOut'])
    assert.equal(t.ended[0]?.end.asked?.text, 'A, please')
  })

  it('an answer that is quicker than the carrier says that the question is sent', async () => {
    const t = await createQuestionsUnderTest({ provider: { send: never } })
    await t.ask('A')
    await t.text('yes')
    assert.deepEqual(t.ends, ['A: answered yes'])
    assert.equal(t.ended[0]?.end.asked?.text, 'A')
  })

  for (const [what, error, code] of [
    ['refused', new SmsError('SMS_SEND', 'no'), 'SMS_SEND'],
    ['in doubt', new SmsError('SMS_UNKNOWN', 'who knows'), 'SMS_UNKNOWN'],
    ['out of reach', new SmsError('SMS_CONNECTION', 'no line'), 'SMS_EXPIRED'],
  ] as const) {
    it(`a question that is ${what} has failed, not timed out`, async () => {
      const t = await createQuestionsUnderTest({ provider: { send: () => Promise.reject(error) } })
      await t.ask('A')
      await t.clock.advance(2 * MINUTE_MS)
      assert.deepEqual(t.ends, [`A: failed ${code}`])
      await t.text('yes')
      assert.equal(t.heard.length, 1)
    })
  }

  it('a repetition that waits for its carrier when the answer comes is called off', async () => {
    const t = await createQuestionsUnderTest({ asker: { retries: 1 } })
    await t.ask('A')
    await t.gateway.pause('p')
    await t.clock.advance(MINUTE_MS)
    await t.text('1')
    await t.gateway.resume('p')
    await t.clock.advance(MINUTE_MS)
    assert.deepEqual(t.ends, ['A: answered 1'])
    assert.deepEqual(texts(t), ['A'])
  })

  it('a question that turns out not to arrive has failed', async () => {
    const t = await createQuestionsUnderTest({ provider: { send: async () => ({ providerMessageId: 'S1' }) } })
    await t.ask('A')
    const error = new SmsError('SMS_SEND', 'no such number').toJSON()
    await t.gateway.outbox.report('p', { providerMessageId: 'S1', state: 'failed', error })
    await t.clock.advance(0)
    assert.deepEqual(t.ends, ['A: failed SMS_SEND'])
  })

  it('who cannot be asked is told at once; the others are asked', async () => {
    const t = await createQuestionsUnderTest()
    assert.deepEqual((await t.ask('A', [ANN, 'nobody'])).length, 1)
    assert.equal(t.counts.at(-1), 1)
    await assert.rejects(t.ask(''), { code: 'SMS_REQUEST' })
  })

  it('where the store fails nobody is asked, and nothing is left open', async () => {
    const t = await createQuestionsUnderTest()
    for (const method of ['setNote', 'add'] as const) {
      t.faults.fails = name => name === method
      await assert.rejects(t.ask('A', [ANN, BOB]), { code: 'SMS_STORE' })
      t.faults.fails = () => false
    }
    assert.deepEqual(t.carrier.calls, [])
    await t.clock.advance(5_000)
    const again = await t.restart()
    await again.text('yes')
    assert.deepEqual([again.ends, again.heard.length], [[], 1])
  })

  describe('over a restart', () => {
    it('go on: what came meanwhile is their answer, with the copy and the record', async () => {
      const t = await createQuestionsUnderTest()
      await t.ask('A')
      await t.ask('B', BOB)
      t.gateway.flowsStopping()
      await t.text('stored')
      const next = await t.restart()
      assert.deepEqual(next.ends, ['A: answered stored'])
      assert.deepEqual([next.ended[0]?.question.copy, next.ended[0]?.end.asked?.text], [{ about: 'A' }, 'A'])
      await next.text('live', BOB)
      assert.deepEqual([next.ends[1], next.heard.length], ['B: answered live', 0])
      assert.deepEqual(next.carrier.calls, [])
      assert.deepEqual((await next.restart()).counts, [])
    })

    it('keep their deadline', async () => {
      const t = await createQuestionsUnderTest()
      await t.ask('A')
      const next = await t.restart({}, MINUTE_MS / 2)
      await next.clock.advance(MINUTE_MS / 2 - 2_001)
      assert.deepEqual(next.ends, [])
      await next.clock.advance(1)
      assert.deepEqual(next.ends, ['A: timedOut'])
    })

    it('are told to be out of time when what comes late had a chance', async () => {
      const t = await createQuestionsUnderTest()
      await t.ask('A')
      await t.ask('B', BOB)
      const next = await t.restart({}, 60 * MINUTE_MS)
      await next.text('late', BOB)
      await next.clock.advance(GRACE_MS - 1)
      assert.deepEqual(next.ends, ['B: answered late'])
      await next.clock.advance(1)
      assert.deepEqual(next.ends, ['B: answered late', 'A: timedOut'])
    })

    it('wait no longer than they were to, also with a clock that was set back', async () => {
      const t = await createQuestionsUnderTest()
      await t.ask('A')
      const next = await t.restart({}, -24 * 60 * MINUTE_MS)
      await next.clock.advance(MINUTE_MS - 1)
      assert.deepEqual(next.ends, [])
      await next.clock.advance(1)
      assert.deepEqual(next.ends, ['A: timedOut'])
    })

    it('are repeated once, whenever the process ended', async () => {
      for (const failing of ['add', 'setNote', 'get'] as const) {
        const t = await createQuestionsUnderTest({ asker: { retries: 1 } })
        await t.ask('A')
        t.faults.fails = method => method === failing
        await t.clock.advance(MINUTE_MS)
        const before = texts(t).length
        const next = await t.restart()
        await next.clock.advance(GRACE_MS)
        assert.equal(before + texts(next).length, 2, failing)
      }
    })

    it('are not repeated twice where only the outbox knows that they were', async () => {
      const t = await createQuestionsUnderTest({ asker: { retries: 1 } })
      await t.ask('A')
      let isAdded = false
      t.faults.fails = method => {
        isAdded ||= method === 'add'
        return isAdded && method === 'setNote'
      }
      await t.clock.advance(MINUTE_MS)
      assert.equal(texts(t).length, 2)
      const next = await t.restart()
      await next.clock.advance(2 * MINUTE_MS)
      assert.deepEqual([texts(next), next.ends], [[], ['A: timedOut']])
    })

    it('that were not sent yet are sent once', async () => {
      const t = await createQuestionsUnderTest({
        provider: { send: () => Promise.reject(new SmsError('SMS_CONNECTION', 'no line')) },
      })
      await t.ask('A')
      const before = texts(t).length
      const next = await t.restart()
      await next.clock.advance(MINUTE_MS / 2)
      assert.ok(before === 1 && texts(next).length >= 1)
      assert.equal((await next.gateway.store.history({ direction: 'out', limit: 10 })).length, 1)
    })

    it('an answer that was handed on, of which only the inbox does not know, is not a command', async () => {
      const t = await createQuestionsUnderTest()
      await t.ask('A')
      t.faults.fails = method => method === 'finishReceived'
      await t.text('yes')
      assert.deepEqual(t.ends, ['A: answered yes'])
      const next = await t.restart()
      assert.deepEqual([next.ends, next.heard], [[], []])
    })
  })

  it('go on over a deploy, with what the node says now', async () => {
    const t = await createQuestionsUnderTest()
    await t.ask('A')
    await t.redeploy({ judge: createJudge({ matchType: 'keyword', match: 'yes', refuse: '' }) })
    await t.text('no')
    await t.text('yes')
    assert.deepEqual([t.ends, t.heard.length], [['A: answered yes'], 1])
    await t.ask('B')
    await t.redeploy()
    await t.clock.advance(MINUTE_MS)
    assert.equal(t.ends[1], 'B: timedOut')
  })

  for (const removed of [true, false]) {
    it(`are dropped when their node is not there any more, said ${removed ? 'at its end' : 'by its absence'}`, async () => {
      const t = await createQuestionsUnderTest()
      await t.ask('A')
      t.leave(removed)
      t.gateway.flowsStarted()
      await t.text('yes')
      await t.clock.advance(2 * MINUTE_MS)
      const next = await t.restart()
      assert.deepEqual([t.ends, t.heard.length, next.counts], [[], 1, []])
    })
  }

  it('who opts out does so, and refuses', async () => {
    const t = await createQuestionsUnderTest({
      provider: { respectsOptOut: true },
      asker: { judge: createJudge({ matchType: 'any', match: '', refuse: 'stop' }) },
    })
    await t.ask('A')
    await t.text('STOP')
    assert.deepEqual(t.ends, ['A: refused STOP'])
    await t.ask('B')
    await t.clock.advance(0)
    assert.deepEqual(t.ends, ['A: refused STOP', 'B: failed SMS_OPTED_OUT'])
  })

  it('in whatever order: each answer goes one way, each question ends once, the oldest first', async () => {
    const person = fc.constantFrom(ANN, BOB)
    const step = fc.oneof(
      fc.record({ does: fc.constant('ask' as const), who: person }),
      fc.record({ does: fc.constant('text' as const), who: person, text: fc.constantFrom('yes', 'no', 'what') }),
      fc.record({ does: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 20_000, MINUTE_MS) }),
      fc.record({ does: fc.constantFrom('redeploy' as const, 'restart' as const, 'stop' as const, 'start' as const) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
        const judge = createJudge({ matchType: 'keyword', match: 'yes', refuse: 'no' })
        const asker = { judge, retries: 1 }
        const lives = [await createQuestionsUnderTest({ asker })]
        let asked = 0
        let texted = 0
        for (const one of steps) {
          const t = lives.at(-1)!
          if (one.does === 'ask') await t.ask(`Q${asked++}`, one.who)
          if (one.does === 'text') await t.text(`${one.text} ${texted++}`, one.who)
          if (one.does === 'pass') await t.clock.advance(one.ms)
          if (one.does === 'redeploy') await t.redeploy(asker)
          if (one.does === 'restart') lives.push(await t.restart())
          if (one.does === 'stop') t.gateway.flowsStopping()
          if (one.does === 'start') t.gateway.flowsStarted()
        }
        lives.at(-1)!.gateway.flowsStarted()
        await lives.at(-1)!.clock.advance(10 * MINUTE_MS)

        const ended = lives.flatMap(life => life.ended)
        const answers = ended.flatMap(({ end }) => ('answer' in end ? end.answer.text : []))
        const others = lives.flatMap(({ heard }) => heard.map(({ text }) => text))
        const numbered = (text: string) => Number(text.split(' ')[1])
        const everything = [...answers, ...others].map(numbered).toSorted((a, b) => a - b)
        assert.deepEqual(
          everything,
          Array.from({ length: texted }, (_, index) => index),
        )
        assert.deepEqual(
          ended.map(({ question }) => question.text).toSorted(),
          Array.from({ length: asked }, (_, n) => `Q${n}`).toSorted(),
        )
        for (const who of [ANN, BOB]) {
          const answered = ended.filter(({ question, end }) => question.to === who && 'answer' in end)
          const order = answered.map(({ question }) => question.id)
          assert.deepEqual(order, order.toSorted())
        }
      }),
      { numRuns: 60 },
    )
  })
})
