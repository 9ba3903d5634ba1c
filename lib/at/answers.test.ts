import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  readBattery,
  readCaller,
  readIccid,
  readMemoryChoices,
  readOwnNumbers,
  readPin,
  readServiceCentre,
  readSignal,
  readUssd,
  textOf,
  textsOf,
} from './answers.ts'
import { hasMode, readOperator, readRegistration } from './registration.ts'
import { readListing, readMemories, readReference, readSlot, readStoredPdu } from './storage.ts'

describe('answers of a modem', () => {
  table('+CSQ', readSignal, [
    ['20,99', { rssi: 20, dbm: -73, percent: 65 }],
    ['31,0', { rssi: 31, dbm: -51, percent: 100, ber: 0 }],
    ['0,7', { rssi: 0, dbm: -113, percent: 0, ber: 7 }],
    ['99,99', { rssi: 99 }],
    ['18', { rssi: 18, dbm: -77, percent: 58 }],
    ['191,99', { rssi: 191, dbm: -25, percent: 100 }],
    ['199,99', { rssi: 199 }],
    ['32,99', undefined],
    ['', undefined],
    ['x', undefined],
  ])

  table('+CREG', readRegistration, [
    ['0,1', { state: 'registered', roaming: false }],
    [
      '2,5,"1A2B","00C3D4E5",7',
      { state: 'registered', roaming: true, lac: '1A2B', cell: '00C3D4E5', technology: 'LTE' },
    ],
    ['1', { state: 'registered', roaming: false }],
    ['1,"1A2B","C3D4",2', { state: 'registered', roaming: false, lac: '1A2B', cell: 'C3D4', technology: 'UMTS' }],
    ['2,1,1A2B,C3D4', { state: 'registered', roaming: false, lac: '1A2B', cell: 'C3D4' }],
    ['2,1, "1A2B", "C3D4"', { state: 'registered', roaming: false, lac: '1A2B', cell: 'C3D4' }],
    ['0,0', { state: 'idle', roaming: false }],
    ['2', { state: 'searching', roaming: false }],
    ['0,3', { state: 'denied', roaming: false }],
    ['3,3,,,,0,17', { state: 'denied', roaming: false }],
    ['0,8', { state: 'emergency', roaming: false }],
    ['0,6', { state: 'registered', roaming: false }],
    ['5,"FFFE","01"', { state: 'registered', roaming: true, lac: 'FFFE', cell: '01' }],
    ['0,99', undefined],
    ['', undefined],
  ])

  it('of +CREG begin with a mode, or do not', () => {
    assert.deepEqual(['0,1', '2,1,"1A2B","C3"', '1', '1,"1A2B","C3"', '2,10', '5', '5,1A2B,C3'].map(hasMode), [
      true,
      true,
      false,
      false,
      true,
      false,
      false,
    ])
  })

  table('+COPS?', readOperator, [
    ['0', { mode: 0 }],
    ['0,0,"Kyivstar, UA",7', { mode: 0, name: 'Kyivstar, UA', technology: 'LTE' }],
    ['1,2,"25503"', { mode: 1, name: '25503' }],
    ['0,0,"004B0059"', { mode: 0, name: 'KY' }],
    ['0,2,25503,0', { mode: 0, name: '25503', technology: 'GSM' }],
    ['', undefined],
  ])

  table('+CPMS', readMemories, [
    [
      '"SM",3,20,"SM",3,20,"ME",0,100',
      [
        { memory: 'SM', used: 3, total: 20 },
        { memory: 'SM', used: 3, total: 20 },
        { memory: 'ME', used: 0, total: 100 },
      ],
    ],
    [
      '3,20,3,20',
      [
        { used: 3, total: 20 },
        { used: 3, total: 20 },
      ],
    ],
    ['"sm",3,20', [{ memory: 'SM', used: 3, total: 20 }]],
    ['"SM",3,20,"ME",x,100', [{ memory: 'SM', used: 3, total: 20 }]],
    ['"SM",3', []],
    ['', []],
  ])

  table('+CPMS=?', readMemoryChoices, [
    ['("SM","ME","SR"),("SM","ME"),("SM")', [['SM', 'ME', 'SR'], ['SM', 'ME'], ['SM']]],
    [
      '"SM","ME"',
      [
        ['SM', 'ME'],
        ['SM', 'ME'],
        ['SM', 'ME'],
      ],
    ],
    ['', []],
  ])

  table('+CMTI', readSlot, [
    ['"SM",3', { memory: 'SM', index: 3 }],
    ['"ME", 0', { memory: 'ME', index: 0 }],
    ['sr,17', { memory: 'SR', index: 17 }],
    ['"SM"', undefined],
    ['3', undefined],
    ['', undefined],
  ])

  table('+CMGS', readReference, [
    ['7', 7],
    [' 255,"24/11/21,10:00:00+08"', 255],
    ['256', undefined],
    ['', undefined],
  ])

  const pdu = '07918346050501F0040C91830505214365000042112101000021C834'
  table('AT+CMGL=4', readListing, [
    [[], []],
    [
      ['+CMGL: 1,0,,20', pdu.toLowerCase(), '+CMGL: 12,1,"Anna, work",20', pdu],
      [
        { index: 1, status: 0, tpduLength: 20, pdu },
        { index: 12, status: 1, tpduLength: 20, pdu },
      ],
    ],
    // A slot that holds nothing readable must still be told, so that it can be freed.
    [
      ['+CMGL: 1,0,,20', '+CMGL: 2,0,,20', pdu],
      [
        { index: 1, status: 0, tpduLength: 20, pdu: '' },
        { index: 2, status: 0, tpduLength: 20, pdu },
      ],
    ],
    [['+CMGL: 3,0,,20'], [{ index: 3, status: 0, tpduLength: 20, pdu: '' }]],
    [['+CMGL: 4,0,,20', '07918'], [{ index: 4, status: 0, tpduLength: 20, pdu: '07918' }]],
    [['+CMGL: 5,0,20', pdu], [{ index: 5, status: 0, tpduLength: 20, pdu }]],
    [['+CMGL: x', pdu], []],
    [[pdu], []],
  ])

  table('AT+CMGR=1', readStoredPdu, [
    [['+CMGR: 0,,20', pdu.toLowerCase()], { status: 0, tpduLength: 20, pdu }],
    [['+CMGR: 1,"Anna",20', pdu], { status: 1, tpduLength: 20, pdu }],
    [['+CMGR: 0,,0'], undefined],
    [['+CMGR: 0,,20'], { status: 0, tpduLength: 20, pdu: '' }],
    [[], undefined],
  ])

  table('+CUSD', readUssd, [
    ['0,"Balance: 12.50 UAH",15', { status: 0, text: 'Balance: 12.50 UAH', dcs: 15 }],
    ['1,"Say "yes", or no",15', { status: 1, text: 'Say "yes", or no', dcs: 15 }],
    ['1,"1. Balance\n2. Bonus",72', { status: 1, text: '1. Balance\n2. Bonus', dcs: 72 }],
    ['0, "AA180C3602", 15', { status: 0, text: 'AA180C3602', dcs: 15 }],
    ['0,"no scheme"', { status: 0, text: 'no scheme' }],
    ['0,"no scheme",', { status: 0, text: 'no scheme' }],
    ['0,"cut off', { status: 0, text: 'cut off' }],
    ['0,C8329BFD06,15', { status: 0, text: 'C8329BFD06', dcs: 15 }],
    ['0,"",15', { status: 0, text: '', dcs: 15 }],
    ['2', { status: 2 }],
    ['4', { status: 4 }],
    ['x', undefined],
    ['', undefined],
  ])

  table('+CLIP', readCaller, [
    ['"+380501234567",145,,,,0', { number: '+380501234567', validity: 0 }],
    ['"380501234567",145,"",0,"Anna",0', { number: '+380501234567', validity: 0, name: 'Anna' }],
    ['"0501234567",129', { number: '0501234567', validity: 0 }],
    ['"",128,,,,1', { number: '', validity: 1 }],
    ['"002B003300380030",145,"",,"",0', { number: '+380', validity: 0 }],
    ['', undefined],
  ])

  table('+CBC', readBattery, [
    ['0,85', { status: 0, percent: 85 }],
    ['0,85,4016', { status: 0, percent: 85, millivolts: 4016 }],
    ['0,101', undefined],
    ['', undefined],
  ])

  table('+CPIN', readPin, [
    ['READY', 'READY'],
    ['"SIM PIN"', 'SIM PIN'],
    ['sim puk', 'SIM PUK'],
    ['SIM PIN,3', 'SIM PIN'],
    ['', undefined],
  ])

  table('+CNUM', readOwnNumbers, [
    [
      ['+CNUM: "My number","380501234567",145', '+CNUM: ,"0501234567",129'],
      ['+380501234567', '0501234567'],
    ],
    [['+CNUM: "","",129'], []],
    [['+CNUM: "Line 1","+380501234567",145,7,4'], ['+380501234567']],
    [[], []],
  ])

  table('+CSCA', readServiceCentre, [
    ['"+380672021111",145', '+380672021111'],
    ['"380672021111",145', '+380672021111'],
    ['"002B0033003800300036",145', '+3806'],
    ['"",129', undefined],
    ['', undefined],
  ])

  table('+CCID and its kin', readIccid, [
    [['+CCID: "8938003991234567890"'], '8938003991234567890'],
    [['89380039912345678901'], '89380039912345678901'],
    [['^ICCID: 8938003991234567890F'], '8938003991234567890'],
    [['+ICCID: 89380039912345678901'], '89380039912345678901'],
    [['+QCCID: 8938003991234567890f'], '8938003991234567890'],
    [['358240051111110'], undefined],
    [[], undefined],
  ])

  it('are found by their names', () => {
    const lines = ['+CREG: 0,1', '+CREGX: 1', '+CREG:2', 'x']
    assert.equal(textOf(lines, '+CREG'), '0,1')
    assert.deepEqual(textsOf(lines, '+CREG'), ['0,1', '2'])
    assert.equal(textOf(lines, '+COPS'), undefined)
  })

  it('of any kind never throw', () => {
    const nasty = fc.string({ unit: fc.constantFrom(...'0123456789,"()-+ FA:\n'.split('')), maxLength: 40 })
    fc.assert(
      fc.property(nasty, text => {
        for (const read of [readSignal, readRegistration, readOperator, readMemories, readMemoryChoices, readSlot])
          read(text)
        for (const read of [readReference, readUssd, readCaller, readBattery, readPin, readServiceCentre]) read(text)
        for (const read of [readListing, readOwnNumbers, readIccid]) read([`+CMGL: ${text}`, `+CNUM: ${text}`, text])
        readStoredPdu([`+CMGR: ${text}`, text])
      }),
    )
  })
})

function table<T, R>(title: string, read: (given: T) => R, rows: readonly (readonly [given: T, meant: R])[]): void {
  for (const [given, meant] of rows) {
    it(`are read: ${title} ${JSON.stringify(given)}`, () => {
      assert.deepEqual(read(given), meant)
    })
  }
  it(`are read: ${title}, and nothing of nothing`, () => {
    const empty = read((Array.isArray(rows[0]?.[0]) ? [] : undefined) as T)
    assert.ok(empty === undefined || (Array.isArray(empty) && empty.length === 0))
  })
}
