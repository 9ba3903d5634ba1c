import assert from 'node:assert/strict'
import { createManualClock } from '../../support/clock.ts'
import { createVirtualModem } from './modem.ts'
import type { ModemOptions, VirtualModem } from './modem.ts'

type Step = readonly [typed: string, answered: string] | ((modem: VirtualModem) => void)

/** "Hello" from +380671112233. */
const GOOD = '0791836007000000040C9183601711223300006211120100008005C8329BFD06'
const LENGTH = GOOD.length / 2 - 8

/** What a host types and a modem answers, CR LF as it is, without echo; milliseconds pass between the steps. */
const TRANSCRIPTS: readonly (readonly [title: string, options: ModemOptions, ...steps: readonly Step[]])[] = [
  ['answers', {}, ['AT\r', '\r\nOK\r\n'], ['at+csq\r', '\r\n+CSQ: 20,99\r\n\r\nOK\r\n'], ['\r\n', '']],
  [
    'takes several commands in a line',
    {},
    ['AT+CMEE=1;+CREG=2;+CREG?\r', '\r\n+CREG: 2,1,"00C3","0000A1B2"\r\n\r\nOK\r\n'],
  ],
  [
    'stops a line at the first error',
    {},
    ['AT+FOO;+CMEE=2\r', '\r\nERROR\r\n'],
    ['AT+CMEE?\r', '\r\n+CMEE: 0\r\n\r\nOK\r\n'],
  ],
  ['repeats the last line', {}, ['AT+CBC\r', '\r\n+CBC: 0,95\r\n\r\nOK\r\n'], ['A/', '\r\n+CBC: 0,95\r\n\r\nOK\r\n']],
  ['ignores what is before AT', {}, ['\x1b\r', ''], ['\x1bgarbageAT\r', '\r\nOK\r\n']],
  ['deletes with backspace', {}, ['ATX\b\r', '\r\nOK\r\n']],
  ['echoes', {}, ['ATE1\r', '\r\nOK\r\n'], ['AT\r', 'AT\r\r\nOK\r\n'], ['ATE0\r', 'ATE0\r\r\nOK\r\n']],
  ['answers in numbers', {}, ['ATV0\r', '0\r'], ['AT+FOO\r', '4\r']],
  [
    'tells errors as it was asked to',
    { sim: { isPresent: false } },
    ['AT+CPIN?\r', '\r\nERROR\r\n'],
    ['AT+CMEE=1;+CPIN?\r', '\r\n+CME ERROR: 10\r\n'],
    ['AT+CMEE=2;+CPIN?\r', '\r\n+CME ERROR: SIM not inserted\r\n'],
    ['AT+CMEE=1;+CMGR=1\r', '\r\n+CMS ERROR: 310\r\n'],
  ],
  [
    'asks for the PIN, and for the PUK after three wrong ones',
    { sim: { pin: '1234', puk: '87654321' }, profile: 'huawei-e173' },
    ['AT+CMEE=1;+CPIN?\r', '\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n'],
    ['AT+CMGL=4\r', '\r\n+CMS ERROR: 311\r\n'],
    ['AT+CPIN="0000"\r', '\r\n+CME ERROR: 16\r\n'],
    ['AT^CPIN?\r', '\r\n^CPIN: SIM PIN,,10,2,10,3\r\n\r\nOK\r\n'],
    ['AT+CPIN="0000"\r', '\r\n+CME ERROR: 16\r\n'],
    ['AT+CPIN="0000"\r', '\r\n+CME ERROR: 12\r\n'],
    ['AT+CPIN?\r', '\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n'],
    ['AT+CPIN="87654321","4321"\r', '\r\nOK\r\n'],
    ['AT+CPIN?\r', '\r\n+CPIN: READY\r\n\r\nOK\r\n'],
  ],
  [
    'asks for the PIN again after a restart',
    { sim: { pin: '1234' } },
    ['AT+CPIN="1234"\r', '\r\nOK\r\n'],
    ['AT+CFUN=1,1\r', '\r\nOK\r\n\r\nRDY\r\n\r\n+CFUN: 1\r\n'],
    ['ATE0+CPIN?\r', 'ATE0+CPIN?\r\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n'],
  ],
  [
    'tells its state on the network',
    { registration: 'roaming' },
    ['AT+CREG=1;+CREG?\r', '\r\n+CREG: 1,5\r\n\r\nOK\r\n'],
    modem => (modem.registration = 'searching'),
    ['', '\r\n+CREG: 2\r\n'],
    ['AT+COPS?\r', '\r\n+COPS: 0\r\n\r\nOK\r\n'],
  ],
  [
    'keeps, lists, reads and deletes by memory',
    { profile: 'generic', memories: { SM: 2 } },
    modem => modem.memory('SM').put(GOOD),
    ['AT+CMGF=0;+CPMS="SM","ME","ME"\r', '\r\n+CPMS: 1,2,0,100,0,100\r\n\r\nOK\r\n'],
    ['AT+CMGL=0\r', `\r\n+CMGL: 1,0,,${LENGTH}\r\n${GOOD}\r\n\r\nOK\r\n`],
    ['AT+CMGL=0\r', '\r\nOK\r\n'],
    ['AT+CMGR=1\r', `\r\n+CMGR: 1,,${LENGTH}\r\n${GOOD}\r\n\r\nOK\r\n`],
    ['AT+CMGR=2\r', '\r\n+CMS ERROR: 321\r\n'],
    ['AT+CMGD=1\r', '\r\nOK\r\n'],
    ['AT+CPMS?\r', '\r\n+CPMS: "SM",0,2,"ME",0,100,"ME",0,100\r\n\r\nOK\r\n'],
    ['AT+CPMS="XX"\r', '\r\n+CMS ERROR: 302\r\n'],
  ],
  [
    'announces what it keeps, and waits for room',
    { profile: 'huawei-e173', memories: { SM: 1 } },
    ['AT+CMGF=0;+CNMI=2,1,0,2,0\r', '\r\nOK\r\n'],
    ({ network }) => network.deliverPdu(GOOD),
    ['', '\r\n+CMTI: "SM",0\r\n'],
    ({ network }) => network.deliverPdu(GOOD),
    ['', '\r\n^SMMEMFULL: "SM"\r\n'],
    ['AT+CMGD=0\r', '\r\n+CMTI: "SM",0\r\n\r\nOK\r\n'],
  ],
  [
    'announces another memory than the one it is in',
    { behaviour: { announces: { message: 'ME' } } },
    ['AT+CNMI=2,1\r', '\r\nOK\r\n'],
    ({ network }) => network.deliverPdu(GOOD),
    ['', '\r\n+CMTI: "ME",1\r\n'],
  ],
  [
    'hands messages over, each when the last was acknowledged',
    {},
    ['AT+CMGF=0;+CSMS=1;+CNMI=2,2\r', '\r\n+CSMS: 1,1,1\r\n\r\nOK\r\n'],
    ({ network }) => {
      network.deliverPdu(GOOD)
      network.deliverPdu(GOOD)
    },
    ['', `\r\n+CMT: ,${LENGTH}\r\n${GOOD}\r\n`],
    ['AT+CNMA\r', `\r\n+CMT: ,${LENGTH}\r\n${GOOD}\r\n\r\nOK\r\n`],
    ['AT+CNMA=0\r', '\r\nOK\r\n'],
    ['AT+CNMA\r', '\r\n+CMS ERROR: 340\r\n'],
  ],
  [
    'keeps codes back in mode 0',
    {},
    ['AT+CNMI=0,1\r', '\r\nOK\r\n'],
    ({ network }) => network.deliverPdu(GOOD),
    ['', ''],
    ['AT+CNMI=2\r', '\r\nOK\r\n\r\n+CMTI: "SM",1\r\n'],
  ],
  [
    'puts lines between a header and its PDU',
    { behaviour: { interleave: [{ at: /^\+CMGR/, side: 'after', lines: ['^RSSI:18'], times: 1 }] } },
    modem => modem.memory('SM').put(GOOD),
    ['AT+CMGF=0;+CMGR=1\r', `\r\n+CMGR: 0,,${LENGTH}\r\n\r\n^RSSI:18\r\n${GOOD}\r\n\r\nOK\r\n`],
    ['AT+CMGR=1\r', `\r\n+CMGR: 1,,${LENGTH}\r\n${GOOD}\r\n\r\nOK\r\n`],
  ],
  ['asks for a body, and takes ESC for no', {}, ['AT+CMGF=0;+CMGS=20\r', '\r\n> '], ['0011\x1b', '\r\nOK\r\n']],
  ['refuses a PDU of another length', {}, ['AT+CMGF=0;+CMGS=20\r', '\r\n> '], ['0011\x1a', '\r\n+CMS ERROR: 304\r\n']],
  [
    'says nothing unasked while it takes a body',
    {},
    ['AT+CMGF=0;+CMGS=20\r', '\r\n> '],
    modem => modem.say('^RSSI:18'),
    ['', ''],
    ['0011\x1b', '\r\nOK\r\n\r\n^RSSI:18\r\n'],
  ],
  [
    'goes wrong when it is told to, as often as it is told to',
    {},
    modem => modem.inject({ on: '+CSQ', answer: ['+CME ERROR: 13'], times: 2 }),
    ['AT+CSQ\r', '\r\n+CME ERROR: 13\r\n'],
    ['AT+CSQ\r', '\r\n+CME ERROR: 13\r\n'],
    ['AT+CSQ\r', '\r\n+CSQ: 20,99\r\n\r\nOK\r\n'],
    modem => modem.inject({ on: /^\+CSQ/, answer: 'silence' }),
    ['AT+CSQ\r', ''],
    ['AT\r', '\r\nOK\r\n'],
  ],
  [
    'lets tests answer',
    {},
    modem => modem.on('+CBC', () => ['+CBC: 1,10', 'OK']),
    ['AT+CBC\r', '\r\n+CBC: 1,10\r\n\r\nOK\r\n'],
  ],
  [
    'rings, tells who calls, and hangs up',
    {},
    ['AT+CLIP=1\r', '\r\nOK\r\n'],
    ({ network }) => void network.call('+380671112233'),
    ['', '\r\nRING\r\n\r\n+CLIP: "+380671112233",145,"",,"",0\r\n'],
    ['AT+CLCC\r', '\r\n+CLCC: 1,1,4,0,0,"+380671112233",145\r\n\r\nOK\r\n'],
    ['ATH\r', '\r\nOK\r\n'],
    ({ network }) => assert.equal(network.calls[0]?.state, 'refused'),
  ],
  [
    'asks services of the network',
    {},
    ['AT+CUSD=1,"*100#",15\r', '\r\nOK\r\n\r\n+CUSD: 0,"Balance: 42.17 UAH",15\r\n'],
    ['AT+CUSD=1,"*999#",15\r', '\r\nOK\r\n\r\n+CUSD: 4\r\n'],
    ['AT+CUSD=1,"*102#",15\r', '\r\nOK\r\n\r\n+CUSD: 1,"1. Balance\n2. Tariff",15\r\n'],
    ['AT+CUSD=1,"2",15\r', '\r\nOK\r\n\r\n+CUSD: 0,"Tariff: Home",15\r\n'],
  ],
]

describe('virtual modem', () => {
  for (const [title, options, ...steps] of TRANSCRIPTS)
    it(title, async () => {
      const clock = createManualClock()
      const modem = createVirtualModem({ clock, ...options })
      const line = modem.connect()
      line.write('ATE0\r')
      await clock.advance(1)
      let read = line.text.length
      for (const step of steps) {
        if (typeof step === 'function') {
          step(modem)
          continue
        }
        line.write(step[0])
        await clock.advance(1)
        assert.equal(line.text.slice(read), step[1])
        read = line.text.length
      }
      modem.stop()
    })

  it('takes time to answer, and hears nothing twice', async () => {
    const { clock, modem, line } = create({ behaviour: { latencyMs: 100 } })
    line.write('AT+CSQ\rAT\r')
    await clock.advance(99)
    assert.equal(line.text, 'AT+CSQ\r')
    await clock.advance(1)
    assert.equal(line.text, 'AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\nAT\r')
    await clock.advance(100)
    assert.match(line.text, /AT\r\r\nOK\r\n$/)
    assert.deepEqual(modem.heard, ['AT+CSQ', 'AT'])
  })

  it('is as slow as its line', async () => {
    const { clock, line } = create({ behaviour: { baudRate: 9_600, echo: 'never' } })
    line.write('AT\r')
    // 3 bytes in and 6 out, 10 bits each.
    await clock.advance(9)
    assert.equal(line.text, '')
    await clock.advance(1)
    assert.equal(line.text, '\r\nOK\r\n')
  })

  it('comes in pieces', async () => {
    const { clock, line } = create({ behaviour: { cuts: [1, 3], echo: 'never' } })
    const pieces: string[] = []
    line.onData(bytes => pieces.push(Buffer.from(bytes).toString()))
    line.write('AT\r')
    await clock.advance(1)
    assert.deepEqual(pieces, ['\r', '\nOK', '\r', '\n'])
  })

  it('tells late what it held while mute, or never', async () => {
    const { clock, modem, line } = create({ behaviour: { echo: 'never' } })
    modem.mute(1_000)
    line.write('AT\r')
    await clock.advance(999)
    assert.equal(line.text, '')
    await clock.advance(1)
    assert.equal(line.text, '\r\nOK\r\n')
    modem.mute(1_000, 'drop')
    line.write('AT\r')
    await clock.advance(2_000)
    assert.equal(line.text, '\r\nOK\r\n')
    assert.equal(modem.heard.length, 2)
  })

  it('loses what comes before the prompt, or keeps it', async () => {
    for (const dropsEarly of [true, false]) {
      const { clock, modem, line } = create({ behaviour: { promptDelayMs: 50, dropsEarly } })
      line.write('AT+CMGF=0\rAT+CMGS=20\r0011\x1a')
      await clock.advance(100)
      assert.ok(line.text.includes('> '))
      assert.equal(modem.heard.includes('0011<^Z>'), !dropsEarly)
    }
  })

  it('does not hear while it is deaf', async () => {
    const { clock, modem, line } = create({ behaviour: { deaf: true } })
    line.write('AT\r')
    modem.behaviour.deaf = false
    line.write('AT\r')
    await clock.advance(1)
    assert.deepEqual(modem.heard, ['AT'])
  })

  it('gives up on a host that acknowledges nothing', async () => {
    const { clock, modem, line } = create({ behaviour: { acknowledgeMs: 5_000 } })
    line.write('AT+CSMS=1;+CNMI=2,2,0,1\r')
    await clock.advance(1)
    modem.network.deliverPdu(GOOD)
    await clock.advance(5_000)
    assert.deepEqual(modem.settings.cnmi, [2, 0, 0, 0, 0])
    assert.equal(modem.network.waiting(), 1)
  })

  it('is pulled out, and comes back on another port', async () => {
    const { clock, modem } = create()
    modem.stop()
    const again = createVirtualModem({ clock, port: 'ttyUSB0' })
    const signal = new AbortController().signal
    const closed: (string | undefined)[] = []
    const events = { data() {}, closed: (error?: Error) => void closed.push(error?.message) }
    const line = await again.openPort('ttyUSB0')(events, signal)
    again.unplug()
    assert.deepEqual(closed, ['it was unplugged'])
    await assert.rejects(line.write(Buffer.from('AT\r')), { code: 'SMS_CONNECTION' })
    await assert.rejects(again.open(events, signal), { code: 'SMS_CONNECTION' })
    again.plug()
    assert.equal(again.port, 'ttyUSB1')
    await assert.rejects(again.openPort('ttyUSB0')(events, signal), { code: 'SMS_CONNECTION' })
    const second = await again.open(events, signal)
    await assert.rejects(again.open(events, signal), { code: 'SMS_CONNECTION' })
    await second.close()
    assert.deepEqual(closed, ['it was unplugged', undefined])
    again.stop()
    assert.equal(clock.timers, 0)
  })

  it('leaves no timer behind', async () => {
    const { clock, modem, line } = create({ profile: 'huawei-e173', behaviour: { latencyMs: 100 } })
    modem.network.call('+380671112233')
    line.write('AT\r')
    await clock.advance(10_000)
    assert.match(line.text, /\^RSSI:18/)
    modem.stop()
    assert.equal(clock.timers, 0)
  })
})

function create(options: ModemOptions = {}) {
  const clock = createManualClock()
  const modem = createVirtualModem({ clock, ...options })
  return { clock, modem, line: modem.connect() }
}
