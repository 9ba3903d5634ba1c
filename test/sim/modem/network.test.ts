import assert from 'node:assert/strict'
import { decodeIncoming } from '../../../lib/gsm/decode.ts'
import { encodeSubmit } from '../../../lib/gsm/encode.ts'
import { createManualClock } from '../../support/clock.ts'
import type { ManualClock } from '../../support/clock.ts'
import type { Fault } from './behaviour.ts'
import { createVirtualModem } from './modem.ts'
import type { ModemOptions, VirtualModem } from './modem.ts'
import { createNetwork } from './network.ts'
import type { UssdSpelling } from './profile.ts'

const LONG = 'Довгий текст, що не вміщується в одну частину. '.repeat(3).trim()

/** A modem in PDU mode, and what types into it and gives the answer. */
function create(options: ModemOptions = {}) {
  const clock = createManualClock()
  const modem = createVirtualModem({ clock, ...options })
  return { clock, modem, ...connect(modem, clock) }
}

function connect(modem: VirtualModem, clock: ManualClock) {
  const line = modem.connect()
  let read = 0
  async function type(text: string): Promise<string> {
    line.write(text)
    await clock.advance(1)
    const answer = line.text.slice(read)
    read = line.text.length
    return answer
  }
  async function send(to: string, text: string, deliveryReport = false): Promise<string> {
    let answers = ''
    for (const { hex, tpduLength } of encodeSubmit({ to, text, deliveryReport, reference: 9 }))
      answers += (await type(`AT+CMGS=${tpduLength}\r`)) + (await type(`${hex}\x1a`))
    return answers
  }
  return { line, type, send }
}

const pdusIn = (text: string) => [...text.matchAll(/^[0-9A-F]{20,}$/gm)].map(([pdu]) => pdu)

function read(pdu: string | undefined) {
  const decoded = decodeIncoming(pdu ?? '')
  assert.ok(decoded.ok)
  return decoded.value
}

describe('simulated mobile network', () => {
  it('brings a text in its parts', async () => {
    const { modem, type } = create()
    await type('ATE0+CMGF=0;+CNMI=2,1\r')
    modem.network.deliver({ from: '+380671112233', text: LONG, referenceBits: 16, reference: 300 })
    assert.equal((await type('')).match(/\+CMTI: "SM",\d/g)?.length, 3)
    const parts = pdusIn(await type('AT+CMGL=4\r')).map(pdu => read(pdu))
    assert.deepEqual(
      parts.map(
        part => part.kind === 'deliver' && [part.from.number, part.header?.concat?.reference, part.text?.length],
      ),
      [66, 66, 8].map(length => ['+380671112233', 300, length]),
    )
  })

  it('brings parts in any order, some never, and of two senders with one reference', async () => {
    const { modem, type } = create()
    await type('ATE0+CMGF=0\r')
    modem.network.deliver({ from: '+380671112233', text: LONG, reference: 5, order: [3, 1] })
    modem.network.deliver({ from: '+380502223344', text: LONG, reference: 5 })
    const parts = pdusIn(await type('AT+CMGL=4\r')).map(pdu => read(pdu))
    assert.deepEqual(
      parts.map(part => part.kind === 'deliver' && `${part.from.number} ${part.header?.concat?.index}`),
      ['+380671112233 3', '+380671112233 1', '+380502223344 1', '+380502223344 2', '+380502223344 3'],
    )
  })

  it('brings everything twice', async () => {
    const { modem } = create({ behaviour: { copies: 2 } })
    modem.network.deliver({ from: '+380671112233', text: 'Hello' })
    assert.equal(modem.memory('SM').used, 2)
  })

  it('remembers what was sent, and numbers it', async () => {
    const { clock, modem, type, send } = create()
    await type('ATE0+CMGF=0\r')
    assert.equal(await send('+380671112233', 'Hello'), '\r\n> \r\n+CMGS: 1\r\n\r\nOK\r\n')
    await send('+380671112233', LONG)
    const { network } = modem
    assert.deepEqual(network.texts('+380671112233'), ['Hello', LONG])
    assert.deepEqual(network.texts('+380502223344'), [])
    assert.deepEqual(
      network.sent.map(({ reference }) => reference),
      [1, 2, 3, 4],
    )
    assert.ok(network.sent.every(({ from, atMs }) => from === modem.number && atMs <= clock.now()))
  })

  it('reports, the way it is asked to', async () => {
    for (const [ds, pattern] of [
      [1, /\+CDS: 25\r\n[0-9A-F]+\r\n/],
      [2, /\+CDSI: "SR",1\r\n/],
    ] as const) {
      const { modem, type, send } = create()
      await type(`ATE0+CMGF=0;+CNMI=2,1,0,${ds}\r`)
      const answer = await send('+380671112233', 'Hello', true)
      assert.match(answer, pattern)
      const told = ds === 1 ? answer : await type('AT+CPMS="SR";+CMGR=1\r')
      const report = read(pdusIn(told)[0])
      assert.ok(report.kind === 'status-report')
      assert.deepEqual([report.reference, report.to.number, report.outcome], [1, '+380671112233', 'delivered'])
      assert.deepEqual(modem.network.sent[0]?.reports, [0])
    }
  })

  it('reports as late, as often and as badly as it is told to', async () => {
    const { clock, modem, type, send } = create()
    Object.assign(modem.network.behaviour, { reports: [0x20, 0x46], reportDelayMs: 5_000, reportTimes: 2 })
    await type('ATE0+CMGF=0;+CNMI=2,1,0,1\r')
    await send('+380671112233', 'Hello', true)
    await clock.advance(4_900)
    assert.deepEqual(modem.network.sent[0]?.reports, [])
    await clock.advance(200)
    assert.deepEqual(modem.network.sent[0]?.reports, [0x20, 0x20, 0x46, 0x46])
  })

  const lost: readonly (readonly [title: string, fault: Fault, answer: string, sent: number])[] = [
    ['after the network took it', { on: '+CMGS', acts: true, answer: 'silence' }, '\r\n> ', 1],
    ['before the network took it', { on: '+CMGS', answer: 'silence' }, '\r\n> ', 0],
    [
      'and the answer lies',
      { on: '+CMGS', acts: true, answer: ['+CMS ERROR: 500'] },
      '\r\n> \r\n+CMS ERROR: 500\r\n',
      1,
    ],
    ['and the prompt never comes', { on: '+CMGS', when: 'command', answer: 'silence' }, '', 0],
  ]
  for (const [title, fault, answer, sent] of lost)
    it(`loses an answer ${title}`, async () => {
      const { modem, type, send } = create()
      await type('ATE0+CMGF=0\r')
      modem.inject(fault)
      assert.equal(await send('+380671112233', 'Hello'), answer)
      assert.equal(modem.network.sent.length, sent)
    })

  it('answers late', async () => {
    const { clock, modem, type, send } = create()
    await type('ATE0+CMGF=0\r')
    modem.inject({ on: '+CMGS', lateMs: 70_000 })
    assert.equal(await send('+380671112233', 'Hello'), '\r\n> ')
    assert.equal(modem.network.sent.length, 1)
    await clock.advance(70_000)
    assert.equal(await type(''), '\r\n+CMGS: 1\r\n\r\nOK\r\n')
  })

  it('refuses what it is told to, and what nobody is there for', async () => {
    const { modem, type, send } = create()
    await type('ATE0+CMGF=0\r')
    modem.network.behaviour.refuse = ({ to }) => (to.number.startsWith('+900') ? 28 : undefined)
    assert.match(await send('+900', 'Hello'), /\+CMS ERROR: 28/)
    modem.registration = 'searching'
    assert.match(await send('+380671112233', 'Hello'), /\+CMS ERROR: 331/)
    assert.equal(modem.network.sent.length, 0)
  })

  it('keeps messages for a modem that is away', async () => {
    const { clock, modem } = create()
    modem.registration = 'none'
    modem.network.deliver({ from: '+380671112233', text: 'One' })
    modem.registration = 'roaming'
    assert.equal(modem.memory('SM').used, 1)
    modem.unplug()
    modem.network.deliver({ from: '+380671112233', text: 'Two' })
    assert.equal(modem.network.waiting(), 1)
    modem.plug()
    await clock.advance(1)
    assert.equal(modem.memory('SM').used, 2)
  })

  it('carries texts from modem to modem, as they are', async () => {
    const clock = createManualClock()
    const network = createNetwork({ clock })
    const [first, second] = ['+380501111111', '+380502222222'].map(number => createVirtualModem({ network, number }))
    assert.ok(first && second)
    const { type, send } = connect(first, clock)
    await type('ATE0+CMGF=0\r')
    await send(second.number, LONG, true)
    await clock.advance(1)
    const parts = second.memory('SM').slots.map(({ pdu }) => read(pdu))
    assert.equal(parts.map(part => (part.kind === 'deliver' ? part.text : '')).join(''), LONG)
    assert.ok(parts.every(part => part.kind === 'deliver' && part.from.number === first.number))
    assert.equal(first.memory('SM').used, 0)
  })

  it('tells about USSD in three spellings', async () => {
    const spellings: readonly (readonly [UssdSpelling, asked: string, answered: RegExp])[] = [
      ['text', '*100#', /\+CUSD: 0,"Balance: 42\.17 UAH",15/],
      ['packed', 'AA180C3602', /\+CUSD: 0,"[0-9A-F]{32}",15/],
      ['ucs2', '002A0031003000300023', /\+CUSD: 0,"00420061006C[0-9A-F]{60}",72/],
    ]
    for (const [ussd, asked, answered] of spellings) {
      const { type } = create({ behaviour: { ussd } })
      assert.match(await type(`AT+CUSD=1,"${asked}",15\r`), answered)
    }
    const { type } = create()
    assert.match(await type('AT+CUSD=1,"*101#",15\r'), /\+CUSD: 0,"0411[0-9A-F]+",72/)
  })

  it('has a text mode, for people', async () => {
    const { modem, type } = create()
    await type('ATE0+CMGF=1\r')
    assert.equal(await type('AT+CMGS="+380671112233"\r'), '\r\n> ')
    assert.equal(await type('Hello\x1a'), '\r\n+CMGS: 1\r\n\r\nOK\r\n')
    assert.deepEqual(modem.network.texts(), ['Hello'])
    modem.network.deliver({
      from: 'Kyivstar',
      text: 'Good day',
      timestamp: { ms: Date.UTC(2026, 10, 21, 8), offsetQuarters: 8 },
    })
    assert.equal(
      await type('AT+CMGL="ALL"\r'),
      '\r\n+CMGL: 1,"REC UNREAD","Kyivstar",,"26/11/21,10:00:00+08"\r\nGood day\r\n\r\nOK\r\n',
    )
  })

  it('loses its settings when it starts anew', async () => {
    const { modem, type } = create()
    await type('ATE0+CMGF=0;+CNMI=2,1;+CMEE=1;+CSMS=1\r')
    modem.restart({ says: ['RDY'] })
    assert.equal(await type(''), '\r\nRDY\r\n')
    const { echo, cmgf, cnmi, cmee, csms } = modem.settings
    assert.deepEqual([echo, cmgf, cnmi, cmee, csms], [true, 1, [0, 0, 0, 0, 0], 0, 0])
  })
})
