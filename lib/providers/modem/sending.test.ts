import assert from 'node:assert/strict'
import { createModemRig, ME, OTHER } from '../../../test/support/modem.ts'
import type { ModemRig, RigOptions } from '../../../test/support/modem.ts'

const LONG = 'Довге повідомлення 🚪 '.repeat(8)

describe('a modem sends', () => {
  let rig: ModemRig
  const begin = async (options: RigOptions = {}) => {
    rig = await createModemRig(options)
    return rig
  }
  afterEach(async () => {
    await rig.end()
    rig.modem.stop()
  })

  /** Lets enough happen for a message to be sent and reported. */
  const pass = (ms = 1_000) => rig.clock.advance(ms)
  const texts = () => rig.modem.network.texts()
  const sent = () => rig.modem.network.sent
  const noReports = { reports: [] as number[] }

  it('what it is asked for: class 0, validity, no report, TP-PID', async () => {
    await begin()
    await rig.send('Now', ME, { flash: true, validityMinutes: 60, deliveryReport: false, params: { pid: 64 } })
    await pass()
    const [{ submit }] = sent() as [(typeof rig.modem.network.sent)[number]]
    assert.equal(submit.coding.class, 0)
    assert.deepEqual(submit.validity, { format: 'relative', minutes: 60 })
    assert.equal(submit.reportRequested, false)
    assert.equal(submit.pid, 64)
  })

  it('to a short code as it stands', async () => {
    await begin()
    await rig.send('BAL', '5433')
    await pass()
    assert.equal(sent()[0]?.to, '5433')
  })

  it('the parts of a message under one reference, each message under another', async () => {
    await begin()
    await rig.send(LONG)
    await rig.send(`${LONG}!`)
    await pass()
    const references = sent().map(({ submit }) => submit.header?.concat?.reference)
    assert.equal(new Set(references.slice(0, 3)).size, 1)
    assert.equal(new Set(references).size, 2)
    assert.deepEqual(texts(), [LONG, `${LONG}!`])
  })

  it('through the service centre of the settings', async () => {
    await begin({ settings: { smsc: '+380671234567' } })
    assert.equal(rig.modem.settings.centre, '+380671234567')
  })

  describe('and a report', () => {
    it('makes it delivered only when every part is', async () => {
      await begin()
      rig.modem.network.behaviour.reports = ({ submit }) => (submit.header?.concat?.index === 2 ? [] : [0])
      const id = await rig.send(LONG)
      await pass()
      assert.equal(await rig.state(id), 'accepted')
      rig.modem.network.report(sent()[1]!)
      await pass()
      assert.equal(await rig.state(id), 'delivered')
    })

    for (const [status, state] of [
      [0x46, 'expired'],
      [0x41, 'failed'],
      [0x63, 'failed'],
    ] as const) {
      it(`of TP-ST ${status} ends it as ${state}, with the reason`, async () => {
        await begin()
        rig.modem.network.behaviour.reports = [status]
        const id = await rig.send('Hello')
        await pass()
        const record = await rig.record(id)
        assert.equal(record.state, state)
        assert.equal(record.error?.providerCode, status)
      })
    }

    it('that it is still tried, or was only forwarded, changes nothing', async () => {
      await begin()
      rig.modem.network.behaviour.reports = [0x20, 0x01]
      const id = await rig.send('Hello')
      await pass()
      assert.equal(await rig.state(id), 'accepted')
    })

    it('comes twice, or late after a restart of everything', async () => {
      await begin({ modem: {} })
      Object.assign(rig.modem.network.behaviour, noReports)
      const id = await rig.send('Hello')
      await pass()
      rig = await rig.restart()
      rig.modem.network.report(sent()[0]!)
      rig.modem.network.report(sent()[0]!)
      await pass()
      assert.equal(await rig.state(id), 'delivered')
    })

    it('lies in a memory for reports, where the modem knows no other way', async () => {
      await begin()
      rig.modem.on('+CNMI', ({ kind, text }) => (kind === 'set' && text.split(',')[3] === '1' ? ['ERROR'] : undefined))
      rig = await rig.restart()
      assert.equal(rig.modem.settings.cnmi[3], 2)
      const id = await rig.send('Hello')
      await pass()
      assert.equal(await rig.state(id), 'delivered')
      assert.equal(rig.modem.memory('SR').used, 0)
    })

    it('lies in another memory than the one that is announced', async () => {
      await begin({ modem: { behaviour: { announces: { report: 'SM' } } } })
      rig.modem.on('+CNMI', ({ kind, text }) => (kind === 'set' && text.split(',')[3] === '1' ? ['ERROR'] : undefined))
      rig = await rig.restart()
      const id = await rig.send('Hello')
      await pass()
      assert.equal(await rig.state(id), 'delivered')
    })

    it('of another recipient with the same reference is not taken for it', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      const id = await rig.send('Hello', ME)
      await pass()
      const [part] = sent() as [ReturnType<typeof sent>[number]]
      const reportTo = (number: string, ton: number) =>
        rig.modem.network.report({ ...part, submit: { ...part.submit, to: { number, ton, npi: 1 } } })
      reportTo(OTHER, 1)
      await pass()
      assert.equal(await rig.state(id), 'accepted')
      // Networks may name the recipient in national form.
      reportTo('0501112233', 2)
      await pass()
      assert.equal(await rig.state(id), 'delivered')
    })

    it('is about the message of its time, where the modem began its references anew', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      const first = await rig.send('Before')
      await pass(3_600_000)
      const second = await rig.send('After')
      await pass()
      // As after a restart of some modems: both have the reference of the first.
      const [before, after] = sent() as [ReturnType<typeof sent>[number], ReturnType<typeof sent>[number]]
      const ledger = `parts:${after.reference}`
      const noted = JSON.parse((await rig.store.note('m', ledger))!) as Record<string, unknown>[]
      const key = `parts:${before.reference}`
      const both = [{ ...noted[0], reference: before.reference }, ...JSON.parse((await rig.store.note('m', key))!)]
      await rig.store.setNote('m', key, JSON.stringify(both))
      await rig.store.setNote('m', ledger, '')
      rig = await rig.restart()
      rig.modem.network.report(before)
      await pass()
      assert.deepEqual([await rig.state(first), await rig.state(second)], ['delivered', 'accepted'])
      rig.modem.network.report({ ...after, reference: before.reference })
      await pass()
      assert.equal(await rig.state(second), 'delivered')
    })

    it('of long ago, when the reference was another message, is not taken for it', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      const id = await rig.send('Hello', ME)
      await pass()
      rig.modem.network.report({ ...sent()[0]!, atMs: rig.clock.now() - 3 * 24 * 3_600_000 })
      await pass()
      assert.equal(await rig.state(id), 'accepted')
    })
  })

  describe('and in doubt', () => {
    const loseAnswer = { on: '+CMGS', acts: true, answer: 'silence' } as const

    it('is not sent twice, and a report settles it, after days too', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      rig.modem.inject(loseAnswer)
      const id = await rig.send('Hello')
      await pass(10 * 60_000)
      assert.equal(await rig.state(id), 'unknown')
      rig = await rig.restart()
      await pass(3_600_000)
      rig.modem.network.report(sent()[0]!)
      await pass()
      assert.equal(await rig.state(id), 'delivered')
      assert.deepEqual(texts(), ['Hello'])
    })

    it('goes on with the next part once a report has settled the one before', async () => {
      await begin()
      rig.modem.inject(loseAnswer)
      const id = await rig.send(LONG)
      await pass(120_000)
      assert.ok(['accepted', 'delivered'].includes(await rig.state(id)))
      assert.deepEqual(texts(), [LONG])
      assert.equal(sent().length, 3)
    })

    it('is not settled by a report on an earlier message to the same phone that comes again', async () => {
      await begin()
      const first = await rig.send('One')
      await pass()
      assert.equal(await rig.state(first), 'delivered')
      // What was not taken is not reported on.
      rig.modem.inject({ on: '+CMGS', answer: 'silence' })
      const second = await rig.send('Two')
      await pass(61_000)
      rig.modem.network.report(sent()[0]!)
      await pass(5_000)
      assert.equal(await rig.state(second), 'unknown')
      assert.deepEqual(texts(), ['One'])
    })

    it('is settled by its report, though an earlier one of the same reference has none yet', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      const first = await rig.send('One')
      await pass(3_600_000)
      await rig.send('Two', OTHER)
      await pass()
      rig.modem.network.report(sent()[1]!)
      rig.modem.inject(loseAnswer)
      const third = await rig.send('Three')
      await pass(62_000)
      // The modem began its references anew.
      rig.modem.network.report({ ...sent()[2]!, reference: sent()[0]!.reference })
      await pass(5_000)
      assert.deepEqual([await rig.state(first), await rig.state(third)], ['accepted', 'delivered'])
    })

    it('is not settled by a report that may be on another one in doubt', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      rig.modem.inject(loseAnswer)
      const first = await rig.send('One')
      await pass(300)
      // It restarts while the answer is awaited; then the next one is lost on the way to the network.
      rig.modem.restart()
      rig.modem.inject({ on: '+CMGS', answer: 'silence' })
      const second = await rig.send('Two')
      await pass(70_000)
      assert.deepEqual([await rig.state(first), await rig.state(second)], ['unknown', 'unknown'])
      // The centre's clock is ahead, by nobody knows how much.
      rig.modem.network.report({ ...sent()[0]!, atMs: sent()[0]!.atMs + 3_000 })
      await pass(5_000)
      assert.equal(await rig.state(second), 'unknown')
    })

    it('is not settled by a report on a later message, though our clock was set meanwhile', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      rig.modem.inject({ on: '+CMGS', answer: 'silence' })
      const first = await rig.send('One')
      await pass(62_000)
      const centreMs = rig.clock.now()
      rig.clock.setWall(centreMs + 3 * 24 * 3_600_000)
      const second = await rig.send('Two')
      await pass()
      rig.modem.network.report({ ...sent()[0]!, atMs: centreMs })
      await pass(5_000)
      assert.deepEqual([await rig.state(first), await rig.state(second)], ['unknown', 'accepted'])
    })

    it('is sent again where the flow wants that, and only the part in doubt', async () => {
      await begin()
      Object.assign(rig.modem.network.behaviour, noReports)
      rig.modem.inject(loseAnswer)
      const id = await rig.send(LONG)
      await pass(61_000)
      assert.equal(await rig.state(id), 'unknown')
      await rig.gateway.settle(id, 'resend')
      await pass(10_000)
      assert.equal(await rig.state(id), 'accepted')
      const indexes = sent().map(({ submit }) => submit.header?.concat?.index)
      assert.deepEqual(indexes, [1, 1, 2, 3])
      assert.equal(new Set(sent().map(({ submit }) => submit.header?.concat?.reference)).size, 1)
    })
  })

  it('again from the first part that was not taken, under the same reference', async () => {
    await begin()
    let parts = 0
    rig.modem.network.behaviour.refuse = () => (++parts === 2 ? 38 : undefined)
    const id = await rig.send(LONG)
    await pass(5_000)
    assert.equal(await rig.state(id), 'delivered')
    assert.deepEqual(
      sent().map(({ submit }) => submit.header?.concat?.index),
      [1, 2, 3],
    )
    assert.deepEqual(texts(), [LONG])
  })

  it('goes on after a crash between two parts, without sending one twice', async () => {
    await begin({ modem: { behaviour: { latencyMs: command => (command.startsWith('AT') ? 5 : 250) } } })
    const id = await rig.send(LONG)
    await rig.clock.advance(300)
    assert.equal(sent().length, 2)
    rig = await rig.crash()
    rig.modem.behaviour.latencyMs = 0
    await pass(20_000)
    // The second part was on its way, so that only its report can tell; then the third follows.
    assert.ok(['accepted', 'delivered', 'unknown'].includes(await rig.state(id)))
    assert.equal(new Set(sent().map(({ submit }) => submit.header?.concat?.index)).size, sent().length)
  })

  it('nothing twice, wherever a crash comes', async () => {
    for (let ms = 0; ms < 1_500; ms += 35) {
      await begin({ modem: { behaviour: { latencyMs: command => (command.startsWith('AT') ? 20 : 200) } } })
      const ids = [await rig.send('One'), await rig.send(LONG)]
      await rig.clock.advance(ms)
      rig = await rig.crash()
      await pass(420_000)
      const states = await Promise.all(ids.map(rig.state))
      const indexes = sent().map(({ text, submit }) => submit.header?.concat?.index ?? text)
      assert.equal(new Set(indexes).size, indexes.length, `after ${ms} ms: ${indexes.join(' ')}`)
      for (const [at, text] of ['One', LONG].entries())
        if (states[at] !== 'unknown') assert.ok(texts().includes(text), `after ${ms} ms: ${states.join(' ')}`)
      await rig.end()
      rig.modem.stop()
    }
    await begin()
  }).timeout(20_000)

  const refusals: readonly (readonly [cms: number, code: string, ends: boolean])[] = [
    [38, 'SMS_SERVER', false],
    [21, 'SMS_SEND', true],
    [28, 'SMS_SEND', true],
    [8, 'SMS_CREDIT', true],
  ]
  for (const [cms, code, ends] of refusals) {
    it(`what is refused with +CMS ERROR ${cms} ${ends ? 'no more' : 'again'}: ${code}`, async () => {
      await begin()
      rig.modem.network.behaviour.refuse = () => cms
      const id = await rig.send('Hello')
      await pass(500)
      const { state, error } = await rig.record(id)
      assert.deepEqual([state, error?.code, error?.providerCode], [ends ? 'failed' : 'queued', code, cms])
      rig.modem.network.behaviour.refuse = () => undefined
      await pass(5_000)
      assert.equal(texts().length, ends ? 0 : 1)
    })
  }

  it('when the SIM is back that was gone: until then it waits, and the provider has failed', async () => {
    await begin()
    rig.modem.sim.isPresent = false
    const id = await rig.send('Hello')
    await pass(5_000)
    assert.equal(rig.fares.at(-1)?.health, 'failed')
    assert.match(rig.fares.at(-1)?.error?.message ?? '', /no SIM/)
    assert.equal(await rig.state(id), 'queued')
    await pass(3_600_000)
    rig.modem.sim.isPresent = true
    await pass(15_000)
    assert.equal(await rig.state(id), 'delivered')
  })

  it('when it is on the network again', async () => {
    await begin()
    rig.modem.registration = 'searching'
    const id = await rig.send('Hello')
    await pass(60_000)
    assert.match(rig.fares.at(-1)?.error?.message ?? '', /looking for its network/)
    assert.equal(await rig.state(id), 'queued')
    rig.modem.registration = 'home'
    await pass(100)
    assert.equal(await rig.state(id), 'delivered')
  })

  it('the next part only when reports are acknowledged, however slow the store is', async () => {
    await begin({ modem: { behaviour: { latencyMs: 5 } } })
    const { setNote } = rig.store
    rig.store.setNote = async (owner, key, value) => {
      if (value.includes('delivered')) await new Promise<void>(resolve => rig.clock.after(300, resolve))
      return setNote(owner, key, value)
    }
    await rig.send(LONG)
    await pass(5_000)
    const said = rig.modem.heard.filter(command => /CMGS|CNMA/.test(command)).map(command => command.slice(3, 7))
    assert.deepEqual(said, ['CMGS', 'CNMA', 'CMGS', 'CNMA', 'CMGS', 'CNMA'])
  })

  it('nothing in text mode', async () => {
    await begin()
    rig.modem.on('+CMGF', () => ['ERROR'])
    const id = await rig.send('Hello')
    await pass(60_000)
    assert.deepEqual([sent().length, await rig.state(id)], [0, 'queued'])
    assert.match(rig.fares.at(-1)?.error?.message ?? '', /PDU mode/)
  })

  describe('no PDU as a text', () => {
    const slowly = { latencyMs: (command: string) => (command.startsWith('AT') ? 20 : 100) }

    it('whenever somebody else chooses text mode', async () => {
      for (let ms = 0; ms < 80; ms += 7) {
        await begin({ settings: { allowAt: true }, modem: { behaviour: slowly } })
        const id = await rig.send('Hello')
        await rig.clock.advance(ms)
        const asking = rig.provider.modem.command('AT+CMGF=1')
        await pass(10_000)
        assert.deepEqual(await asking, ['OK'])
        assert.deepEqual([texts(), await rig.state(id)], [['Hello'], 'delivered'], `after ${ms} ms`)
        assert.equal(sent()[0]?.to, ME)
        await rig.end()
        rig.modem.stop()
      }
      await begin()
    })

    it('whenever it restarts, while much else is to be said to it', async () => {
      for (let ms = 0; ms < 400; ms += 19) {
        await begin({ modem: { behaviour: { ...slowly, bootMs: 1_000 } } })
        for (let i = 0; i < 3; i++) rig.modem.network.deliver({ from: OTHER, text: `in ${i}` })
        const ids = [await rig.send('One'), await rig.send('Two')]
        await rig.clock.advance(ms)
        rig.modem.restart()
        await pass(120_000)
        const states = await Promise.all(ids.map(rig.state))
        assert.ok(!states.includes('failed'), `after ${ms} ms: ${states.join(' ')}`)
        assert.ok(sent().every(({ to }) => to === ME))
        assert.ok(sent().length <= 2)
        await rig.end()
        rig.modem.stop()
      }
      await begin()
    }).timeout(20_000)
  })

  it('not faster than it may', async () => {
    await begin({ settings: { ratePerMinute: 30 } })
    for (let i = 0; i < 5; i++) await rig.send(`${i}`)
    await pass(3_000)
    const early = sent().length
    await pass(10_000)
    assert.ok(early < 5, `${early}`)
    assert.equal(sent().length, 5)
  })
})
