import assert from 'node:assert/strict'
import { createSeparator, isRestart } from './unsolicited.ts'

const PDU = '07918346050501F0040C9183050521436500004211210100002101B4'
const TPDU_LENGTH = PDU.length / 2 - 8

describe('unsolicited codes', () => {
  // Written as `! name text | pdu`, lines that belong to the command as they are.
  const cases: readonly (readonly [title: string, running: string | undefined, lines: string[], told: string[]])[] = [
    ['while nothing runs', undefined, ['+CMTI: "SM",3'], ['! +CMTI "SM",3']],
    [
      'many at once',
      undefined,
      ['+CMTI: "SM",1', '+CMTI: "SM",2', 'RING'],
      ['! +CMTI "SM",1', '! +CMTI "SM",2', '! RING '],
    ],
    [
      'between the lines of a listing',
      '+CMGL=4',
      ['+CMGL: 1,0,,20', '+CMTI: "SM",3', PDU, '^RSSI:20', '+CMGL: 2,0,,20', PDU],
      ['+CMGL: 1,0,,20', '! +CMTI "SM",3', PDU, '! ^RSSI 20', '+CMGL: 2,0,,20', PDU],
    ],
    [
      'the words of SIMCom modems for a call',
      '+CSQ',
      [
        'VOICE CALL: BEGIN',
        'MISSED_CALL: 11:53AM 0802086',
        '+CSQ: 20,99',
        'VOICE CALL: END: 000008',
        'VOICE CALL: END',
      ],
      [
        '! VOICE CALL: BEGIN ',
        '! MISSED_CALL 11:53AM 0802086',
        '+CSQ: 20,99',
        '! VOICE CALL: END 000008',
        '! VOICE CALL: END ',
      ],
    ],
    ['a PDU that comes along', undefined, [`+CMT: ,${TPDU_LENGTH}`, PDU], [`! +CMT ,${TPDU_LENGTH} | ${PDU}`]],
    [
      'a status report that comes along',
      '+CSQ',
      [`+CDS: ${TPDU_LENGTH}`, PDU, '+CSQ: 20,99'],
      [`! +CDS ${TPDU_LENGTH} | ${PDU}`, '+CSQ: 20,99'],
    ],
    ['a cell broadcast', undefined, ['+CBM: 20', PDU], [`! +CBM 20 | ${PDU}`]],
    [
      'another one before the PDU',
      undefined,
      ['+CMT: ,20', '+CMTI: "SM",3', PDU],
      ['! +CMTI "SM",3', `! +CMT ,20 | ${PDU}`],
    ],
    [
      'a PDU in the middle of a listing',
      '+CMGL=4',
      ['+CMGL: 1,0,,99', `+CMT: ,${TPDU_LENGTH}`, PDU, '0011223344'],
      ['+CMGL: 1,0,,99', `! +CMT ,${TPDU_LENGTH} | ${PDU}`, '0011223344'],
    ],
    [
      'a PDU between a header of a listing and its own PDU',
      '+CMGL=4',
      ['+CMGL: 1,0,,99', `+CMT: ,${TPDU_LENGTH}`, '0011223344', PDU],
      ['+CMGL: 1,0,,99', '0011223344', `! +CMT ,${TPDU_LENGTH} | ${PDU}`],
    ],
    ['a PDU that was cut off', undefined, ['+CMT: ,20', '0791834'], ['! +CMT ,20 | 0791834']],
    [
      'a header whose PDU is lost',
      '+CSQ',
      ['+CMT: ,20', '+CSQ: 1,2', 'OK', 'OK', 'OK'],
      ['+CSQ: 1,2', 'OK', '! +CMT ,20', 'OK', 'OK'],
    ],
    [
      'two headers, the first without its PDU',
      undefined,
      ['+CMT: ,20', '+CDS: 9', PDU],
      ['! +CMT ,20', `! +CDS 9 | ${PDU}`],
    ],
    [
      'in text mode, whatever the text says',
      '+CSQ',
      ['+CMT: "+380501234567",,"24/11/21,10:00:00+08"', 'OK', '+CSQ: 1,2'],
      ['! +CMT "+380501234567",,"24/11/21,10:00:00+08" | OK', '+CSQ: 1,2'],
    ],
    [
      'a report in text mode, of one line',
      undefined,
      ['+CDS: 6,7,"+380",145,"a","b",0', '+CMTI: "SM",1'],
      ['! +CDS 6,7,"+380",145,"a","b",0', '! +CMTI "SM",1'],
    ],
    ['a number that is asked for is no code', '+CREG?', ['+CREG: 2,1,"1A2B","C3D4"'], ['+CREG: 2,1,"1A2B","C3D4"']],
    ['a change while it is asked for', '+CREG?', ['+CREG: 2', '+CREG: 0,1'], ['! +CREG 2', '+CREG: 0,1']],
    ['a change with its cell while it is asked for', '+CREG?', ['+CREG: 1,"1A2B","C3D4"'], ['! +CREG 1,"1A2B","C3D4"']],
    ['the choices of +CREG', '+CREG=?', ['+CREG: (0-2)'], ['+CREG: (0-2)']],
    ['+CREG while another is asked for', '+CGREG?', ['+CREG: 0', '+CGREG: 0,1'], ['! +CREG 0', '+CGREG: 0,1']],
    ['+CREG while it is set', '+CREG=2', ['+CREG: 1,"1A2B","C3D4"'], ['! +CREG 1,"1A2B","C3D4"']],
    ['the answer of the network to a code', '+CUSD=1,"*100#",15', ['+CUSD: 0,"12.50",15'], ['! +CUSD 0,"12.50",15']],
    ['a setting of +CUSD', '+CUSD?', ['+CUSD: 1'], ['+CUSD: 1']],
    [
      'a text of several lines',
      undefined,
      ['+CUSD: 1,"1. Balance', 'OK', '2. Back",15'],
      ['! +CUSD 1,"1. Balance\nOK\n2. Back",15'],
    ],
    [
      'a text whose quotes close within',
      undefined,
      ['+CUSD: 1,"say "a", or', '"b"",15'],
      ['! +CUSD 1,"say "a", or\n"b"",15'],
    ],
    [
      'a text that was cut off, and another code',
      undefined,
      ['+CUSD: 1,"1. Bal', '+CMTI: "SM",1', 'x",15'],
      ['! +CMTI "SM",1', '! +CUSD 1,"1. Bal\nx",15'],
    ],
    ['a text that was cut off, within a command', '+CUSD=1,"*100#",15', ['+CUSD: 1,"1. Bal', 'OK'], ['OK']],
    ['a signal that was asked for', '+CSQ', ['+CSQ: 20,99'], ['+CSQ: 20,99']],
    ['a signal that was not', '+CMGL=4', ['+CSQ: 20,99'], ['! +CSQ 20,99']],
    ['a PIN that was asked for', '+CPIN?', ['+CPIN: READY'], ['+CPIN: READY']],
    ['a PIN that was not', '+CPMS="SM"', ['+CPIN: NOT READY'], ['! +CPIN NOT READY']],
    ['+CLIP of a call', '+CLIP=1', ['RING', '+CLIP: "+380",145'], ['! RING ', '! +CLIP "+380",145']],
    ['a setting of +CLIP', '+CLIP?', ['+CLIP: 1,1'], ['+CLIP: 1,1']],
    ['the end of a call', '+CSQ', ['NO CARRIER', 'BUSY'], ['! NO CARRIER ', '! BUSY ']],
    ['what becomes of a call', 'D+380501234567;', ['NO CARRIER'], ['NO CARRIER']],
    [
      'words of a vendor',
      '+CSQ',
      ['^BOOT:1,0,0,0', '*PSUTTZ: 1', '^SMMEMFULL', '%CGREG: 1', '$QCX: 1', '_OSIGQ: 3,0'],
      ['! ^BOOT 1,0,0,0', '! *PSUTTZ 1', '! ^SMMEMFULL ', '! %CGREG 1', '! $QCX 1', '! _OSIGQ 3,0'],
    ],
    ['words of a vendor that were asked for', '^SYSINFO', ['^SYSINFO:2,3,0,5,1'], ['^SYSINFO:2,3,0,5,1']],
    ['one of several commands', '+CMEE=1;+CSQ;+CREG?', ['+CSQ: 1,2', '+CREG: 0,1'], ['+CSQ: 1,2', '+CREG: 0,1']],
    ['a name within quotes asks for nothing', '+CUSD=1,";+CSQ",15', ['+CSQ: 1,2'], ['! +CSQ 1,2']],
    [
      'starting words',
      undefined,
      ['RDY', 'SMS Ready', 'Call Ready', 'PB DONE'],
      ['! RDY ', '! SMS Ready ', '! Call Ready ', '! PB DONE '],
    ],
    [
      'other names in an answer',
      'I',
      ['Manufacturer: huawei', '+GCAP: +CGSM,+DS'],
      ['Manufacturer: huawei', '+GCAP: +CGSM,+DS'],
    ],
    ['unknown names while nothing runs', undefined, ['+NEWS: 1', 'garbage'], ['! +NEWS 1', 'garbage']],
    [
      'errors are none',
      '+CMGL=4',
      ['+CMS ERROR: 321', '+CME ERROR: 10', 'OK', 'ERROR'],
      ['+CMS ERROR: 321', '+CME ERROR: 10', 'OK', 'ERROR'],
    ],
  ]
  for (const [title, running, lines, told] of cases) {
    it(`are told from answers: ${title}`, () => {
      const separator = createSeparator()
      assert.deepEqual(lines.flatMap(line => separator.take(line, running)).map(written), told)
    })
  }

  it('are given as they are when their second line does not come', () => {
    const separator = createSeparator()
    assert.equal(separator.holds, false)
    separator.take('+CMT: ,20')
    assert.equal(separator.holds, true)
    assert.deepEqual(separator.flush(), { name: '+CMT', text: ',20' })
    assert.equal(separator.holds, false)
    assert.equal(separator.flush(), undefined)
    assert.deepEqual(separator.take(PDU), [{ kind: 'line', text: PDU }])
  })

  it('do not hold a text without end for ever', () => {
    const separator = createSeparator()
    const told = ['+CUSD: 1,"a', ...Array.from({ length: 200 }, () => 'b')].flatMap(line => separator.take(line))
    assert.equal(told.filter(({ kind }) => kind === 'unsolicited').length, 1)
    assert.ok(told.length > 100)
  })

  it('say when the modem has started', () => {
    assert.deepEqual(
      ['RDY', '^SYSSTART', 'RING', 'SMS Ready'].map(name => isRestart({ name, text: '' })),
      [true, true, false, false],
    )
  })
})

function written(found: ReturnType<ReturnType<typeof createSeparator>['take']>[number]): string {
  if (found.kind === 'line') return found.text
  const { name, text, pdu } = found.code
  return `! ${name} ${text}${pdu === undefined ? '' : ` | ${pdu}`}`
}
