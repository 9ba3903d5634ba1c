import assert from 'node:assert/strict'
import { asks, deadlineMs, dials, namesOf } from './commands.ts'
import { beginExchange, step } from './exchange.ts'
import type { Effect, Exchange, Input } from './exchange.ts'
import { readCallResult, readResult } from './results.ts'

describe('exchange of a command', () => {
  const prompt: Input = { kind: 'prompt' }
  const timeout: Input = { kind: 'timeout' }
  const line = (text: string): Input => ({ kind: 'line', text })
  const answered = (lines: readonly string[], code = 'OK') => ({
    state: 'answered',
    answer: { lines, result: { code } },
  })
  const echoed = (lines: readonly string[]) => ({
    state: 'answered',
    answer: { lines, result: { code: 'OK' }, echoed: true },
  })

  interface Case {
    title: string
    command: string
    body?: string
    inputs: Input[]
    ends: object
    effects?: Effect[]
  }
  const cases: readonly Case[] = [
    { title: 'OK', command: '', inputs: [line('OK')], ends: answered([]) },
    { title: 'lines', command: '+CSQ', inputs: [line('+CSQ: 20,99'), line('OK')], ends: answered(['+CSQ: 20,99']) },
    { title: 'an echo', command: 'I', inputs: [line('ATI'), line('ACME'), line('OK')], ends: echoed(['ACME']) },
    { title: 'an echo with garbage in front', command: '', inputs: [line('AAT'), line('OK')], ends: echoed([]) },
    {
      title: 'what looks like an echo, later',
      command: '+CLAC',
      inputs: [line('AT+CLAC'), line('AT+A'), line('AT+CLAC'), line('OK')],
      ends: echoed(['AT+A', 'AT+CLAC']),
    },
    { title: 'ERROR', command: '+X', inputs: [line('ERROR')], ends: answered([], 'ERROR') },
    {
      title: 'an error in words',
      command: '+X',
      inputs: [line('+CME ERROR: SIM not inserted')],
      ends: { state: 'answered', answer: { lines: [], result: { code: '+CME ERROR', text: 'SIM not inserted' } } },
    },
    {
      title: 'an error by number',
      command: '+CMGR=1',
      inputs: [line('+CMS ERROR: 321')],
      ends: { state: 'answered', answer: { lines: [], result: { code: '+CMS ERROR', number: 321, text: '321' } } },
    },
    { title: 'no call', command: 'D123;', inputs: [line('NO CARRIER')], ends: answered([], 'NO CARRIER') },
    { title: 'silence', command: '+CSQ', inputs: [timeout], ends: { state: 'timed-out', bodyWritten: false } },
    {
      title: 'a body',
      command: '+CMGS=9',
      body: '0011',
      inputs: [prompt, line('+CMGS: 7'), line('OK')],
      effects: ['write-body', 'hurry'],
      ends: answered(['+CMGS: 7']),
    },
    {
      title: 'a body, with echoes',
      command: '+CMGS=9',
      body: '0011',
      inputs: [line('AT+CMGS=9'), prompt, line('0011'), prompt, line('+CMGS: 7'), line('OK')],
      effects: ['write-body', 'hurry'],
      ends: echoed(['+CMGS: 7']),
    },
    {
      title: 'a late OK before the prompt',
      command: '+CMGS=9',
      body: '0011',
      inputs: [line('OK'), line('+CSQ: 1,2'), prompt, line('+CMGS: 7'), line('OK')],
      effects: ['write-body', 'hurry'],
      ends: answered(['+CMGS: 7']),
    },
    {
      title: 'an error instead of a prompt',
      command: '+CMGS=9',
      body: '0011',
      inputs: [line('ERROR')],
      ends: answered([], 'ERROR'),
    },
    {
      title: 'no prompt',
      command: '+CMGS=9',
      body: '0011',
      inputs: [timeout],
      effects: ['escape'],
      ends: { state: 'timed-out', bodyWritten: false },
    },
    {
      title: 'a body and silence',
      command: '+CMGS=9',
      body: '0011',
      inputs: [prompt, timeout],
      effects: ['write-body', 'escape'],
      ends: { state: 'timed-out', bodyWritten: true },
    },
    {
      title: 'a body and no end, though the network took it',
      command: '+CMGS=9',
      body: '0011',
      inputs: [prompt, line('+CSQ: 1,2'), line('+CMGS: 7'), line('O'), timeout],
      effects: ['write-body', 'hurry', 'clean'],
      ends: answered(['+CSQ: 1,2', '+CMGS: 7', 'O']),
    },
    {
      title: 'a reference, and yet an error',
      command: '+CMGS=9',
      body: '0011',
      inputs: [prompt, line('+CMGS: 7'), line('ERROR')],
      effects: ['write-body', 'hurry'],
      ends: answered(['+CMGS: 7'], 'ERROR'),
    },
    {
      title: 'what is like a reference to a command without a body',
      command: '+CMGS?',
      inputs: [line('+CMGS: 7'), timeout],
      ends: { state: 'timed-out', bodyWritten: false },
    },
    {
      title: 'a prompt without a body',
      command: '+CMGS=9',
      inputs: [prompt, line('ERROR')],
      effects: ['escape'],
      ends: answered([], 'ERROR'),
    },
    {
      title: 'what comes after the end',
      command: '',
      inputs: [line('OK'), line('x'), prompt, timeout],
      ends: answered([]),
    },
  ]
  for (const { title, command, body, inputs, ends, effects = [] } of cases) {
    it(`ends right: ${title}`, () => {
      let exchange: Exchange = beginExchange(command, body)
      const seen: Effect[] = []
      for (const input of inputs) {
        const { next, effect } = step(exchange, input)
        exchange = next
        if (effect) seen.push(effect)
      }
      assert.deepEqual([exchange, seen], [ends, effects])
    })
  }

  it('keeps a bounded number of lines', () => {
    let exchange = beginExchange('+CMGL=4')
    for (let i = 0; i < 5000; i++) exchange = step(exchange, line('x')).next
    assert.ok(exchange.state === 'lines' && exchange.lines.length === 2000)
  })
})

describe('results', () => {
  for (const [text, result] of [
    ['OK', { code: 'OK' }],
    ['ERROR', { code: 'ERROR' }],
    ['COMMAND NOT SUPPORT', { code: 'COMMAND NOT SUPPORT' }],
    ['TOO MANY PARAMETERS', { code: 'ERROR' }],
    ['+CMS ERROR: 38', { code: '+CMS ERROR', number: 38, text: '38' }],
    ['+CMS ERROR:512', { code: '+CMS ERROR', number: 512, text: '512' }],
    ['+CME ERROR: SIM busy', { code: '+CME ERROR', text: 'SIM busy' }],
    ['+CME ERROR: -1', { code: '+CME ERROR', text: '-1' }],
    ['OKAY', undefined],
    ['constructor', undefined],
    ['NO CARRIER', undefined],
  ] as const) {
    it(`are read: ${text}`, () => {
      assert.deepEqual(readResult(text), result)
    })
  }

  it('of a call are their own', () => {
    assert.deepEqual(['NO CARRIER', 'BUSY', 'NO DIAL TONE', 'OK', 'toString'].map(readCallResult), [
      { code: 'NO CARRIER' },
      { code: 'BUSY' },
      { code: 'NO DIALTONE' },
      undefined,
      undefined,
    ])
  })
})

describe('commands', () => {
  for (const [command, ms] of [
    ['', 5000],
    ['+CMEE=1', 5000],
    ['+CMGS=23', 60_000],
    ['+CMGL=4', 120_000],
    ['+CMGR=1', 10_000],
    ['+CPIN="1234"', 30_000],
    ['+CPIN?', 30_000],
    ['+CFUN=1,1', 30_000],
    ['+COPS=?', 180_000],
    ['+COPS=0', 120_000],
    ['+COPS?', 10_000],
    ['+CUSD=1,"*100#",15', 45_000],
    ['+CMEE=1;+CSQ', 10_000],
    ['+CMEE=1;+COPS=?', 180_000],
    ['D+380501234567;', 120_000],
    ['H', 20_000],
    ['Z', 10_000],
    ['cmgl', 5000],
    ['+cmgl=4', 120_000],
  ] as const) {
    it(`have a deadline: AT${command}`, () => {
      assert.equal(deadlineMs(command), ms)
    })
  }

  it('have names', () => {
    assert.deepEqual(namesOf('+CMEE=1;^SYSINFO;+CUSD=1,"a;+CSQ",15;E0'), ['+CMEE', '^SYSINFO', '+CUSD'])
    assert.deepEqual(namesOf('E0+CSQ'), ['+CSQ'])
    assert.deepEqual(namesOf('D+380501234567;'), [])
    assert.deepEqual(namesOf('I'), [])
  })

  it('ask or set, and place calls or not', () => {
    assert.ok(asks('+CUSD?', '+CUSD') && asks('+CMEE=1;+CREG?', '+CREG') && asks('+CREG=?', '+CREG'))
    assert.ok(!asks('+CUSD=1,"*100#"', '+CUSD') && !asks('+CREG?', '+CGREG'))
    assert.deepEqual(['D123;', 'A', 'O', 'H', '+ALARM', 'Z'].map(dials), [true, true, true, false, false, false])
  })
})
