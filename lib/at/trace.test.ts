import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { createTrace, joinTraces, maskPrivate, maskSecrets } from './trace.ts'

describe('trace of a line', () => {
  it('is a transcript', async () => {
    const lines: string[] = []
    const clock = createManualClock()
    const trace = createTrace({ write: line => lines.push(line), clock })
    trace.sent('AT+CMGF=0')
    trace.received('OK')
    await clock.advance(250)
    trace.received('> ')
    trace.received('\xe9\x07')
    trace.note('no answer in 5 ms')
    assert.deepEqual(lines, ['> AT+CMGF=0', '< OK', '# 250 ms', '< > ', '< \\xe9\\x07', '# no answer in 5 ms'])
  })

  it('goes to several places, masked or not', () => {
    const [masked, full]: [string[], string[]] = [[], []]
    const trace = joinTraces([
      createTrace({ write: line => masked.push(line), mask: true }),
      createTrace({ write: line => full.push(line) }),
    ])
    trace.sent('AT+CPIN="1234"')
    trace.received('+CLIP: "+380501234567",145')
    trace.note('closed')
    assert.deepEqual(masked, ['> AT+CPIN=****', '< +CLIP: "*************",145', '# closed'])
    assert.deepEqual(full, ['> AT+CPIN=****', '< +CLIP: "+380501234567",145', '# closed'])
  })

  it('never has a PIN that was sent in it, however its echo is cut', () => {
    const lines: string[] = []
    const trace = createTrace({ write: line => lines.push(line) })
    trace.sent('AT+CPIN="12345678","1234"')
    for (const line of ['N="12345678","1234"', '12345678"', 'PIN:1234', '+CSQ: 12,99']) trace.received(line)
    assert.deepEqual(lines.slice(1), ['< N="****","****"', '< ****"', '< PIN:****', '< +CSQ: 12,99'])
  })

  for (const [line, masked] of [
    ['AT+CPIN="1234"', 'AT+CPIN=****'],
    ['AT+CPIN=1234', 'AT+CPIN=****'],
    ['AT+CPIN="12345678","1234"', 'AT+CPIN=****,****'],
    ['AT+CMEE=1;+CPIN="1234"', 'AT+CMEE=1;+CPIN=****'],
    ['AT+CLCK="SC",1,"1234"', 'AT+CLCK="SC",1,****'],
    ['AT+CPWD="SC","1234","4321"', 'AT+CPWD="SC",****,****'],
    ['at+cpin="12', 'at+cpin=****'],
    ['xAT+CPIN="1234"', 'xAT+CPIN=****'],
    ['AT+CPIN?', 'AT+CPIN?'],
    ['+CPIN: READY', '+CPIN: READY'],
    ['AT+CPIN=?', 'AT+CPIN=?'],
    ['AT^CARDLOCK="12345678"', 'AT^CARDLOCK=****'],
  ] as const) {
    it(`never has a PIN in it: ${line}`, () => {
      assert.equal(maskSecrets(line), masked)
      const lines: string[] = []
      createTrace({ write: text => lines.push(text) }).sent(line)
      assert.deepEqual(lines, [`> ${masked}`])
    })
  }

  for (const [line, masked] of [
    ['+CLIP: "+380501234567",145', '+CLIP: "*************",145'],
    ['+CUSD: 0,"Balance: 12.50",15', '+CUSD: 0,"**************",15'],
    ['AT+CUSD=1,"*100#",15', 'AT+CUSD=1,"*****",15'],
    ['ATD+380501234567;', 'ATD*************;'],
    ['AT+CPMS="SM","ME","SM"', 'AT+CPMS="SM","ME","SM"'],
    ['AT+CSCS="UCS2"', 'AT+CSCS="UCS2"'],
    ['07918346050501F0040C9183', '************************'],
    ['07918346050501F0<SUB>', '****************<SUB>'],
    ['89380039912345678901', '********************'],
    ['+CMTI: "SM",12', '+CMTI: "SM",12'],
    ['+CREG: 2,1,"1A2B","00C3D4E5",7', '+CREG: 2,1,"1A2B","********",7'],
    ['+CUSD: 0,"cut off', '+CUSD: 0,"*******'],
  ] as const) {
    it(`has no numbers and texts in it, where that is asked for: ${line}`, () => {
      assert.equal(maskPrivate(line), masked)
    })
  }
})
