import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { SmsError } from '../errors.ts'
import { createChannel } from './channel.ts'
import type { Channel, ChannelOptions } from './contract.ts'
import { isBodyWritten } from './errors.ts'

describe('command channel', () => {
  it('has one command in flight, in the order they were asked for', async () => {
    const { channel, written, say } = open()
    const answers = [channel.run('+A'), channel.run('+B'), channel.run('+C')]
    assert.deepEqual(written, ['AT+A\r'])
    say('OK')
    assert.deepEqual(written, ['AT+A\r', 'AT+B\r'])
    say('+B: 1', 'OK')
    say('OK')
    assert.deepEqual(
      (await Promise.all(answers)).map(({ lines }) => lines),
      [[], ['+B: 1'], []],
    )
  })

  it('lets urgent commands go before what waits, in their own order', async () => {
    const { channel, written, say } = open()
    const urgent = { urgent: true }
    void Promise.all([channel.run('+A'), channel.run('+B'), channel.run('+C', urgent), channel.run('+D', urgent)])
    for (let i = 0; i < 4; i++) say('OK')
    assert.deepEqual(written, ['AT+A\r', 'AT+C\r', 'AT+D\r', 'AT+B\r'])
  })

  it('sends nothing before the piece that ended the last command is worked off', async () => {
    const { channel, written, say } = open({ onUnsolicited: () => void channel.run('+C') })
    const first = channel.run('+A')
    const second = channel.run('+B')
    say('OK', 'OK', '+CMTI: "SM",1')
    await first
    assert.deepEqual(written, ['AT+A\r', 'AT+B\r'])
    say('OK')
    await second
    assert.deepEqual(written, ['AT+A\r', 'AT+B\r', 'AT+C\r'])
  })

  it('waits for each command as long as the table or the caller says', async () => {
    const { channel, clock } = open()
    const ended: string[] = []
    const note = (name: string) => () => ended.push(`${name} ${clock.steadyMs()}`)
    channel.run('+CIMI').catch(note('+CIMI'))
    await clock.advance(5000)
    assert.deepEqual(ended, ['+CIMI 5000'])

    const other = open()
    other.channel.run('+COPS=?', { timeoutMs: 700 }).catch(() => ended.push(`+COPS ${other.clock.steadyMs()}`))
    await other.clock.advance(700)
    assert.deepEqual(ended, ['+CIMI 5000', '+COPS 700'])
  })

  describe('is impatient with a command that needs no network:', () => {
    /** Milliseconds until a listing is given up, whose lines come at these times and whose end does not. */
    async function listing({ channel, clock, say }: ReturnType<typeof open>, ...linesAtMs: readonly number[]) {
      const startMs = clock.steadyMs()
      let endMs: number | undefined
      const ended = assert
        .rejects(channel.run('+CMGL=4'), { code: 'SMS_TIMEOUT' })
        .then(() => (endMs = clock.steadyMs()))
      for (const atMs of linesAtMs) {
        await clock.advance(startMs + atMs - clock.steadyMs())
        say('+CMGL: 1,0,,20', '00')
      }
      while (endMs === undefined) await clock.advance(100)
      await ended
      return endMs - startMs
    }

    async function clean({ clock, say }: ReturnType<typeof open>): Promise<void> {
      await clock.advance(150)
      say('OK')
      await clock.advance(1_000)
    }

    it('with its silence', async () => {
      assert.equal(await listing(open()), 4_000)
    })

    it('with its silence only, not with what takes long', async () => {
      assert.equal(await listing(open(), 3_900, 7_800, 11_000), 15_000)
    })

    it('but for two minutes at most', async () => {
      assert.equal(await listing(open(), ...Array.from({ length: 60 }, (_, nth) => (nth + 1) * 2_000 - 1)), 120_000)
    })

    it('unless it was once silent, until it is quick again', async () => {
      const opened = open()
      const { channel, clock, say } = opened
      assert.equal(await listing(opened), 4_000)
      await clean(opened)
      const slow = channel.run('+CMGL=4')
      await clock.advance(90_000)
      say('OK')
      await slow
      // It took long, and may again.
      assert.equal(await listing(opened), 120_000)
      await clean(opened)
      const quick = channel.run('+CMGL=4')
      await clock.advance(3_000)
      say('OK')
      await quick
      assert.equal(await listing(opened), 4_000)
    })
  })

  it('counts the time of a result from its body on', async () => {
    const { channel, clock, say } = open()
    const answer = channel.run('+CMGS=9', { body: '00', timeoutMs: 20_000 })
    await clock.advance(9999)
    say('> ')
    await clock.advance(19_999)
    say('+CMGS: 1', 'OK')
    assert.deepEqual((await answer).lines, ['+CMGS: 1'])
  })

  describe('waits three seconds, and no longer,', () => {
    it('for the end of an answer that told the reference of a message', async () => {
      const { channel, written, clock, say } = open()
      const answer = channel.run('+CMGS=9', { body: '00' })
      void channel.run('+B')
      say('> ')
      await clock.advance(30_000)
      say('+CMGS: 1')
      await clock.advance(2_999)
      assert.equal(written.length, 2)
      await clock.advance(1)
      assert.deepEqual(await answer, { lines: ['+CMGS: 1'], result: { code: 'OK' } })
      // The line is made clean first.
      await clock.advance(150)
      assert.equal(written.at(-1), 'AT\r')
      say('OK')
      await clock.advance(1_000)
      assert.equal(written.at(-1), 'AT+B\r')
    })

    const taken = () => {
      const opened = open()
      const told: (() => void)[] = []
      const answer = opened.channel.run('+CMGS=9', { body: '00', onBody: isTaken => told.push(isTaken) })
      return { ...opened, told, answer }
    }

    it('for the answer to a body that was taken, as is known otherwise', async () => {
      const { clock, say, told, answer } = taken()
      let isOver = false
      const ended = assert
        .rejects(answer, error => isBodyWritten(error) && (error as SmsError).code === 'SMS_UNKNOWN')
        .then(() => (isOver = true))
      assert.equal(told.length, 0)
      say('> ')
      await clock.advance(10_000)
      for (let i = 0; i < 3; i++, await clock.advance(999)) told[0]!()
      assert.equal(isOver, false)
      await clock.advance(3)
      await ended
    })

    it('and takes the answer when it comes', async () => {
      const { channel, clock, say, told, answer } = taken()
      say('> ')
      told[0]!()
      await clock.advance(2_999)
      say('+CMGS: 1', 'OK')
      assert.deepEqual((await answer).lines, ['+CMGS: 1'])
      const next = channel.run('+CMGS=9', { body: '00' })
      say('> ')
      // It is another's turn.
      told[0]!()
      await clock.advance(30_000)
      say('+CMGS: 2', 'OK')
      assert.deepEqual((await next).lines, ['+CMGS: 2'])
    })
  })

  it('says in a time-out which command it was, but none of its values', async () => {
    const { channel, clock } = open()
    const answer = channel.run('+CPIN="1234"')
    void clock.advance(30_000)
    await assert.rejects(answer, { code: 'SMS_TIMEOUT', message: 'the modem did not answer to AT+CPIN=' })
  })

  it('holds commands back until the line is clean, and lets them go then', async () => {
    const { channel, clock, say, written } = open()
    void channel.run('+A').catch(() => {})
    const second = channel.run('+B')
    await clock.advance(5150)
    assert.deepEqual(written.splice(0), ['AT+A\r', '\x1b\r', 'AT\r'])
    say('OK')
    await clock.advance(999)
    assert.deepEqual(written, [])
    await clock.advance(1)
    assert.deepEqual(written, ['AT+B\r'])
    say('OK')
    assert.equal((await second).result.code, 'OK')
  })

  it('refuses what is asked of a deaf modem, until it is heard', async () => {
    const told: string[] = []
    const { channel, clock, say } = open({ onDeaf: () => told.push('deaf'), onHeard: () => told.push('heard') })
    const first = assert.rejects(channel.run('+A'), { code: 'SMS_TIMEOUT' })
    const waiting = assert.rejects(channel.run('+B'), { code: 'SMS_TIMEOUT', message: 'the modem does not answer' })
    await clock.advance(5000 + 4 * 1650)
    await Promise.all([first, waiting, assert.rejects(channel.run('+C'), { code: 'SMS_TIMEOUT' })])
    assert.deepEqual(told, ['deaf'])

    await clock.advance(60_000)
    assert.deepEqual(told, ['deaf'])
    say('OK')
    await clock.advance(2500)
    say('OK')
    await clock.advance(1000)
    assert.deepEqual(told, ['deaf', 'heard'])
    const answer = channel.run('+D')
    say('OK')
    assert.equal((await answer).result.code, 'OK')
  })

  it('is at a modem that was mute for 15 s within 3 s after it speaks again', async () => {
    let mute = true
    const { channel, clock, say } = open({}, bytes => {
      if (!mute && bytes.endsWith('\r') && bytes !== '\x1b\r') clock.after(5, () => say('OK'))
    })
    let heardMs = 0
    const ask = () => {
      channel.run('').then(
        () => (heardMs ||= clock.steadyMs()),
        () => clock.after(100, ask),
      )
    }
    ask()
    await clock.advance(15_000)
    mute = false
    await clock.advance(5000)
    assert.ok(heardMs > 15_000 && heardMs < 18_000, String(heardMs))
  })

  it('takes a command out of the queue when it is called off', async () => {
    const { channel, written, say } = open()
    const stop = new AbortController()
    void channel.run('+A')
    const second = assert.rejects(channel.run('+B', { signal: stop.signal }), { code: 'SMS_CANCELLED' })
    const third = channel.run('+C')
    stop.abort()
    await second
    say('OK')
    say('OK')
    await third
    assert.deepEqual(written, ['AT+A\r', 'AT+C\r'])
    await assert.rejects(channel.run('+D', { signal: stop.signal }), { code: 'SMS_CANCELLED' })
  })

  it('waits for the answer to a command that was called off, for nobody', async () => {
    const { channel, written, say } = open()
    const stop = new AbortController()
    const first = assert.rejects(channel.run('+CUSD=1', { signal: stop.signal }), { code: 'SMS_CANCELLED' })
    const second = channel.run('+B')
    stop.abort()
    await first
    assert.deepEqual(written, ['AT+CUSD=1\r'])
    say('+CUSD: 1', 'x', 'OK')
    say('+B: 1', 'OK')
    assert.deepEqual((await second).lines, ['+B: 1'])
  })

  it('leaves the prompt of a message that was called off, which is surely not sent', async () => {
    const { channel, written, say, clock } = open()
    const stop = new AbortController()
    const answer = channel.run('+CMGS=9', { body: '00', signal: stop.signal })
    stop.abort()
    await assert.rejects(
      answer,
      error => error instanceof SmsError && error.code === 'SMS_CANCELLED' && !isBodyWritten(error),
    )
    say('> ')
    await clock.advance(150)
    assert.deepEqual(written, ['AT+CMGS=9\r', '\x1b\r', '\x1b\r', 'AT\r'])
  })

  it('says that a message which was called off may have been sent', async () => {
    const { channel, say } = open()
    const stop = new AbortController()
    const answer = channel.run('+CMGS=9', { body: '00', signal: stop.signal })
    say('> ')
    stop.abort()
    await assert.rejects(answer, error => isBodyWritten(error))
  })

  it('ends every wait with the error it is ended with', async () => {
    const { channel, clock, say } = open()
    const gone = new SmsError('SMS_CONNECTION', 'unplugged')
    const first = channel.run('+CMGS=9', { body: '00' })
    const second = channel.run('+B')
    say('> ')
    say('+CMT: ,20')
    channel.end(gone)
    channel.end(new SmsError('SMS_CANCELLED', 'another'))
    await assert.rejects(
      first,
      error => isBodyWritten(error) && error instanceof SmsError && error.message === 'unplugged',
    )
    await assert.rejects(second, gone)
    await assert.rejects(channel.run('+C'), gone)
    say('OK')
    assert.equal(clock.timers, 0)
  })

  it('ends in the middle of a piece, when that is what a code led to', async () => {
    const told: string[] = []
    const { channel, say } = open({
      onUnsolicited: ({ name }) => {
        told.push(name)
        channel.end(new SmsError('SMS_CONNECTION', 'enough'))
      },
    })
    const answer = assert.rejects(channel.run('+A'), { code: 'SMS_CONNECTION' })
    say('RING', 'RING', 'OK')
    await answer
    assert.deepEqual(told, ['RING'])
  })

  for (const [title, body, doubt] of [
    ['of a command', undefined, false],
    ['of a body', '00', true],
  ] as const) {
    it(`rejects when the writing ${title} fails`, async () => {
      let failing = body === undefined
      const { channel, say } = open({}, () => {
        if (failing) throw new SmsError('SMS_CONNECTION', 'gone')
      })
      const answer = channel.run('+CMGS=9', body === undefined ? {} : { body })
      failing = true
      say('> ')
      await assert.rejects(
        answer,
        error => error instanceof SmsError && error.code === 'SMS_CONNECTION' && isBodyWritten(error) === doubt,
      )
    })
  }

  it('goes on when who is told throws', async () => {
    const notes: string[] = []
    const { channel, say } = open({
      onUnsolicited: () => {
        throw new TypeError('AT+CPIN=1234')
      },
      trace: { sent() {}, received() {}, note: text => notes.push(text) },
    })
    const answer = channel.run('+CSQ')
    say('RING', '+CSQ: 1,2', 'OK')
    assert.deepEqual((await answer).lines, ['+CSQ: 1,2'])
    assert.ok(notes.some(text => /unexpected TypeError/.test(text)) && !notes.join(' ').includes('1234'))
  })

  it('leaves a modem alone for a moment after an error', async () => {
    const { channel, clock, written, say } = open()
    void channel.run('+A')
    void channel.run('+B')
    say('ERROR')
    assert.deepEqual(written, ['AT+A\r'])
    await clock.advance(20)
    assert.deepEqual(written, ['AT+A\r', 'AT+B\r'])
  })

  it('traces what goes over the line', async () => {
    const lines: string[] = []
    const trace = {
      sent: (text: string) => lines.push(`> ${text}`),
      received: (text: string) => lines.push(`< ${text}`),
      note: (text: string) => lines.push(`# ${text}`),
    }
    const { channel, clock, say } = open({ trace })
    const answer = channel.run('+CMGS=9', { body: '0011' })
    say('> ')
    await clock.advance(30)
    say('+CMGS: 1', 'OK')
    await answer
    assert.deepEqual(lines, ['> AT+CMGS=9', '< > ', '> 0011<SUB>', '< +CMGS: 1', '< OK', '# 30 ms'])
  })
})

interface Opened {
  channel: Channel
  clock: ReturnType<typeof createManualClock>
  /** What was written, in order. */
  written: string[]
  /** The modem says these lines, or `> `, in one piece. */
  say(...lines: string[]): void
}

function open(options: Partial<ChannelOptions> = {}, onWrite: (bytes: string) => void = () => {}): Opened {
  const clock = createManualClock()
  const written: string[] = []
  const channel = createChannel({
    transport: {
      async write(bytes) {
        const text = Buffer.from(bytes).toString('latin1')
        written.push(text)
        onWrite(text)
      },
    },
    clock,
    onUnsolicited() {},
    ...options,
  })
  const say = (...lines: string[]) =>
    channel.data(Buffer.from(lines.map(line => (line === '> ' ? '\r\n> ' : `\r\n${line}\r\n`)).join(''), 'latin1'))
  return { channel, clock, written, say }
}
