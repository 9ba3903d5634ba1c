import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModemRig, ME, OTHER } from '../../../test/support/modem.ts'
import type { ModemRig, RigOptions } from '../../../test/support/modem.ts'
import { encodeDeliver } from '../../gsm/encode.ts'
import { createSqliteStore } from '../../store/sqlite/index.ts'

const LONG = 'Довге повідомлення 🚪 '.repeat(8)

describe('a modem receives', () => {
  let rig: ModemRig
  const begin = async (options: RigOptions = {}) => {
    rig = await createModemRig(options)
    return rig
  }
  afterEach(async () => {
    await rig.end()
    rig.modem.stop()
  })
  const pass = (ms = 1_000) => rig.clock.advance(ms)
  const texts = () => rig.heard.map(({ text }) => text)
  const kept = () => Object.values(rig.modem.storage).reduce((sum, { used }) => sum + used, 0)
  const network = () => rig.modem.network

  it('what lies on the SIM and in the modem when it starts, and leaves what was written there to be sent', async () => {
    await begin({ ready: false, modem: { registration: 'none' } })
    rig.modem.memory('SM').put(encodeDeliver({ from: ME, text: 'On the SIM' })[0]!.hex)
    rig.modem.memory('ME').put(encodeDeliver({ from: OTHER, text: 'In the modem' })[0]!.hex, 1)
    rig.modem.memory('ME').put('0011000B918350101122330000AA0131', 2)
    await pass(2_000)
    assert.deepEqual(texts().sort(), ['In the modem', 'On the SIM'])
    assert.deepEqual(
      rig.modem.memory('ME').slots.map(({ status }) => status),
      [2],
    )
  })

  it('a burst of announcements in one piece', async () => {
    await begin()
    for (let i = 0; i < 15; i++) network().deliver({ from: ME, text: `${i}` })
    await pass()
    assert.deepEqual(
      texts(),
      Array.from({ length: 15 }, (_, i) => `${i}`),
    )
    assert.equal(kept(), 0)
  })

  it('the parts of two senders with the same reference as two messages', async () => {
    await begin()
    const part = (from: string, index: number) =>
      encodeDeliver({ from, text: `${from} `.repeat(20), reference: 7, timestamp: { ms: rig.clock.now() } })[index]!.hex
    for (const index of [1, 0]) for (const from of [ME, OTHER]) network().deliverPdu(part(from, index))
    await pass()
    assert.deepEqual(texts().sort(), [`${ME} `.repeat(20), `${OTHER} `.repeat(20)])
  })

  describe('once', () => {
    it('although it was not deleted before a crash', async () => {
      await begin()
      const undo = rig.modem.on('+CMGD', () => ['+CMS ERROR: 500'])
      network().deliver({ from: ME, text: 'Open' })
      await pass()
      assert.deepEqual(texts(), ['Open'])
      rig = await rig.crash()
      await pass(10_000)
      assert.deepEqual(texts(), [])
      undo()
      await pass(70_000)
      assert.deepEqual([texts(), kept()], [[], 0])
    })

    it('wherever a crash comes, and none is lost', async () => {
      for (let ms = 0; ms < 400; ms += 7) {
        await begin({ modem: { behaviour: { latencyMs: 20 } } })
        network().deliver({ from: ME, text: 'Open' })
        network().deliver({ from: ME, text: LONG })
        await rig.clock.advance(ms)
        const before = texts()
        rig = await rig.crash()
        await pass(30_000)
        // What the flow had in hand when it ended comes again, and says so.
        const again = new Set(rig.heard.filter(({ redelivered }) => redelivered).map(({ text }) => text))
        const all = [...before.filter(text => !again.has(text)), ...texts()]
        assert.deepEqual(all.sort(), ['Open', LONG].sort(), `after ${ms} ms`)
        assert.equal(kept(), 0)
        await rig.end()
        rig.modem.stop()
      }
      await begin()
    }).timeout(20_000)

    it('although the modem says OK and deletes nothing', async () => {
      await begin()
      const undo = rig.modem.on('+CMGD', () => ['OK'])
      network().deliver({ from: ME, text: 'Open' })
      await pass(200_000)
      assert.deepEqual([texts(), kept()], [['Open'], 1])
      undo()
      await pass(70_000)
      assert.deepEqual([texts(), kept()], [['Open'], 0])
    })

    it('although each of its parts came twice, one of them late', async () => {
      await begin({ modem: { behaviour: { copies: 2 } } })
      network().deliver({ from: ME, text: LONG })
      await pass(40 * 60_000)
      assert.deepEqual([texts(), rig.heard[0]?.incomplete, kept()], [[LONG], undefined, 0])
    })

    it('whole, although our number becomes known amid its parts', async () => {
      await begin({ ready: false })
      const undo = rig.modem.on('+CNUM', () => ['+CME ERROR: 14'])
      await pass(2_000)
      network().deliver({ from: ME, text: LONG, order: [1], reference: 9 })
      await pass(5_000)
      undo()
      rig.modem.say('RDY')
      await pass(5_000)
      network().deliver({ from: ME, text: LONG, order: [2, 3], reference: 9 })
      network().deliver({ from: ME, text: 'Short' })
      await pass(5_000)
      assert.deepEqual(texts(), [LONG, 'Short'])
      assert.equal(rig.heard[1]?.to, rig.modem.number)
    })

    it('although the memory it lies in cannot be chosen to delete it', async () => {
      await begin({ settings: { storage: 'ME' } })
      rig.modem.memory('SM').put('0011000B918350101122330000AA0131', 2)
      let choices = 0
      rig.modem.on('+CPMS', ({ kind }) => {
        if (kind !== 'set' || (choices += 1) !== 2) return undefined
        rig.modem.loseSettings()
        return ['+CMS ERROR: 500']
      })
      network().deliver({ from: ME, text: 'Open' })
      await pass(20_000)
      assert.deepEqual([texts(), rig.modem.memory('ME').used, rig.modem.memory('SM').used], [['Open'], 0, 1])
    })

    it('although the modem is in text mode, and will not leave it at once', async () => {
      await begin({ settings: { allowAt: true } })
      const asking = rig.provider.modem.command('AT+CMGF=1')
      await pass(100)
      await asking
      rig.modem.inject({ on: '+CMGF', answer: ['+CMS ERROR: 500'] })
      network().deliver({ from: ME, text: 'Open' })
      await pass(20_000)
      assert.deepEqual([rig.heard.map(({ text, error }) => [text, error]), kept()], [[['Open', undefined]], 0])
    })

    it('and what comes while a part is on its way, to a modem that restarts in silence', async () => {
      await begin({
        settings: { storage: 'ME' },
        modem: { behaviour: { latencyMs: command => (command.startsWith('AT') ? 30 : 2_500) } },
      })
      for (let ms = 0; ms < 240; ms += 15) {
        const sending = `out ${ms}`
        network().deliver({ from: OTHER, text: `early ${ms}` })
        await rig.clock.advance(ms)
        await rig.send(sending)
        await rig.clock.advance(140)
        rig.modem.restart({ says: [] })
        network().deliver({ from: OTHER, text: `late ${ms}` })
        await pass(90_000)
        assert.deepEqual(texts().slice(-2).sort(), [`early ${ms}`, `late ${ms}`])
      }
      assert.equal(kept(), 0)
    }).timeout(20_000)

    it('and what comes to lie in its place meanwhile too', async () => {
      await begin()
      let readings = 0
      rig.modem.on('+CMGR', () => {
        if ((readings += 1) !== 2) return undefined
        rig.modem.memory('SM').clear()
        rig.modem.memory('SM').put(encodeDeliver({ from: ME, text: 'Close' })[0]!.hex)
        return ['+CMS ERROR: 321']
      })
      network().deliver({ from: ME, text: 'Open' })
      await pass(20_000)
      assert.deepEqual([texts(), kept()], [['Open', 'Close'], 0])
    })

    it('but the same text later, to the last octet, is another one', async () => {
      await begin()
      const { hex } = encodeDeliver({ from: ME, text: 'Open' })[0]!
      for (let i = 0; i < 3; i++) {
        network().deliverPdu(hex)
        await pass()
      }
      assert.deepEqual(texts(), ['Open', 'Open', 'Open'])
    })
  })

  it('what a modem lists and reads in two ways', async () => {
    await begin()
    rig.modem.on('+CMGR', () => ['+CMGR: 0,,4', '00040100', 'OK'])
    rig.modem.memory('SM').put(encodeDeliver({ from: ME, text: 'Hello' })[0]!.hex)
    rig.modem.say('SMS Ready')
    await pass(20_000)
    assert.deepEqual([texts(), kept()], [['Hello'], 0])
  })

  it('and deletes nothing but what it has read, although the modem chose another memory by itself', async () => {
    await begin({ modem: { behaviour: { latencyMs: 5 } } })
    const put = (name: 'SM' | 'ME', text: string) =>
      rig.modem.memory(name).put(encodeDeliver({ from: ME, text })[0]!.hex)
    put('ME', 'In the modem')
    // What was chosen, the modem's memory, is forgotten before its list is asked for; then it is the SIM's again.
    let lists = 0
    rig.modem.on('+CMGL', () => {
      lists += 1
      if (lists !== 2) return undefined
      rig.modem.loseSettings()
      ;(rig.modem.settings as { cmgf: number }).cmgf = 0
      put('SM', 'On the SIM')
      return undefined
    })
    rig.modem.say('SMS Ready')
    await pass(20_000)
    assert.deepEqual([texts().sort(), kept()], [['In the modem', 'On the SIM'], 0])
  })

  describe('what is handed over and not stored (+CMT)', () => {
    const only = (rig: ModemRig) =>
      rig.modem.on('+CNMI', ({ kind, text }) => (kind === 'set' && text.split(',')[1] !== '2' ? ['ERROR'] : undefined))

    it('and acknowledges it when it is stored', async () => {
      await begin()
      only(rig)
      rig = await rig.restart()
      assert.deepEqual(rig.modem.settings.cnmi.slice(1, 2), [2])
      network().deliver({ from: ME, text: LONG })
      network().deliver({ from: ME, text: 'Next' })
      await pass()
      assert.deepEqual(texts(), [LONG, 'Next'])
      assert.equal(network().waiting(), 0)
    })

    it('once, although the acknowledgement was lost', async () => {
      await begin()
      only(rig)
      rig = await rig.restart()
      rig.modem.inject({ on: '+CNMA', answer: 'silence' })
      network().deliver({ from: ME, text: 'Open' })
      await pass(60_000)
      assert.deepEqual(texts(), ['Open'])
      assert.equal(network().waiting(), 0)
    })
  })

  describe('what cannot be read', () => {
    const broken: readonly (readonly [what: string, pdu: string])[] = [
      ['a PDU that is cut off', '07918360000000F0040C918360111222330000621112'],
      ['an empty one', ''],
      ['one that is no PDU at all', 'XYZ'],
    ]
    for (const [what, pdu] of broken) {
      it(`and tells ${what} with what is known of it, and all others as ever`, async () => {
        await begin()
        rig.modem.memory('SM').put(pdu)
        network().deliver({ from: ME, text: 'before' })
        network().deliver({ from: ME, text: 'after' })
        rig.provider.modem.check([]).catch(() => {})
        await pass(70_000)
        const unread = rig.heard.filter(({ error }) => error)
        assert.deepEqual(texts().filter(Boolean), ['before', 'after'])
        assert.equal(kept(), 0)
        assert.equal(unread.length, 1)
        assert.equal(unread[0]?.text, '')
        assert.deepEqual(unread[0]?.raw, { pdu: pdu.toUpperCase() })
      })
    }
  })

  it('an MMS notification and other data without a text of its own', async () => {
    await begin()
    const data = Buffer.from('0106226170706C69636174696F6E', 'hex')
    for (const destination of [2948, 9200])
      network().deliverPdu(encodeDeliver({ from: ME, data, ports: { destination, source: 9200 } })[0]!.hex)
    await pass()
    assert.deepEqual(texts(), ['', ''])
    assert.deepEqual(
      rig.heard.map(({ raw }) => (raw as { kind?: string }).kind),
      ['wap-push', 'data'],
    )
    assert.equal(kept(), 0)
  })

  it('a character of two septets, or half an octet pair, cut at the border of two parts', async () => {
    await begin()
    const part = (coding: string, index: number, length: string, data: string) =>
      network().deliverPdu(`00440C9183501011223300${coding}62111221000080${length}050003${coding}020${index}${data}`)
    // After one fill bit: A, ESC; e. Then П and half of р; the rest of it, and и.
    part('00', 2, '08', 'CA')
    part('00', 1, '09', '821B')
    part('08', 1, '09', '041F04')
    part('08', 2, '09', '400438')
    await pass()
    assert.deepEqual(texts(), ['A€', 'При'])
  })

  it('a flash message as what it is', async () => {
    await begin()
    network().deliverPdu(encodeDeliver({ from: ME, text: 'Fire!', flash: true })[0]!.hex)
    await pass()
    assert.deepEqual([texts(), (rig.heard[0]!.raw as { class?: number }).class], [['Fire!'], 0])
  })

  it('when it is full, and goes on taking', async () => {
    await begin({ modem: { memories: { SM: 1 } } })
    for (let i = 0; i < 5; i++) network().deliver({ from: ME, text: `${i}` })
    network().deliver({ from: ME, text: LONG })
    await pass(5_000)
    assert.deepEqual(texts(), ['0', '1', '2', '3', '4', LONG])
  })

  it('nothing when it is full of what is not ours, and says so', async () => {
    await begin({ modem: { memories: { SM: 2 } } })
    for (let i = 0; i < 2; i++) rig.modem.memory('SM').put('0011000B918350101122330000AA0131', 2)
    await pass(70_000)
    assert.match(rig.fares.at(-1)?.error?.message ?? '', /full/)
    rig.modem.memory('SM').clear()
    await pass(70_000)
    assert.equal(rig.fares.at(-1)?.health, 'ready')
  })

  it('by asking, where that is wanted', async () => {
    await begin({ settings: { receive: 'poll', pollSeconds: 10 } })
    network().deliver({ from: ME, text: 'Hello' })
    await pass(11_000)
    assert.equal(rig.modem.settings.cnmi[1], 0)
    assert.deepEqual(texts(), ['Hello'])
  })

  it('while the store fails, later', async () => {
    await begin()
    const { receive } = rig.store
    rig.store.receive = () => Promise.reject(new Error('full'))
    network().deliver({ from: ME, text: 'Hello' })
    await pass(20_000)
    assert.deepEqual([texts(), kept()], [[], 1])
    rig.store.receive = receive
    await pass(6_000)
    assert.deepEqual([texts(), kept()], [['Hello'], 0])
  })

  describe('on disk', () => {
    let folder: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'sms-modem-'))
    })
    afterEach(async () => {
      await rig.end()
      await rig.store.close()
      rmSync(folder, { recursive: true, force: true })
    })

    it('halves of a character at the border of two parts, over a restart between them', async () => {
      await begin({ store: createSqliteStore({ path: join(folder, 'messages.db'), retentionDays: 90 }) })
      // 66 units and the first half of a door: as some phones cut, whatever the standard says.
      const text = `${'ї'.repeat(66)}🚪 end`
      const pdus = cutAnywhere(text)
      network().deliverPdu(pdus[0]!)
      await pass()
      rig = await rig.restart()
      network().deliverPdu(pdus[1]!)
      await pass()
      assert.deepEqual(texts(), [text])
    })
  })
})

/** Parts of 67 UTF-16 units each, whatever they cut in two. */
function cutAnywhere(text: string): string[] {
  const total = Math.ceil(text.length / 67)
  return Array.from({ length: total }, (_, at) => {
    const units = [...Array(Math.min(67, text.length - at * 67)).keys()].map(i => text.charCodeAt(at * 67 + i))
    const data = units.map(unit => unit.toString(16).padStart(4, '0')).join('')
    const header = `0500030902${(at + 1).toString(16).padStart(2, '0')}`.replace(
      '0902',
      `09${total.toString(16).padStart(2, '0')}`,
    )
    const length = (6 + units.length * 2).toString(16).padStart(2, '0')
    return `00440C91835010112233000862111221000080${length}${header}${data}`.toUpperCase()
  })
}
