import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import type { ManualClock } from '../../../test/support/clock.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import { smscSettings } from '../../../test/support/smsc-account.ts'
import { startSmsc } from '../../../test/sim/smsc.ts'
import type { Smsc } from '../../../test/sim/smsc.ts'
import { createSmsc } from './index.ts'
import type { SmscProvider, SmscSettings } from './index.ts'

describe('asking SMSC for what came in', () => {
  let clock: ManualClock
  let smsc: Smsc
  let provider: SmscProvider | undefined
  let host: RecordingHost
  let notes: Map<string, string>

  beforeEach(async () => {
    clock = createManualClock()
    smsc = await startSmsc({ clock })
    notes = new Map()
  })
  afterEach(async () => {
    await provider?.stop?.()
    await smsc.stop()
  })

  async function start(settings: Partial<SmscSettings> = {}, reads = 1): Promise<void> {
    provider = createSmsc(smscSettings({ apiUrl: smsc.url, receive: 'poll', ...settings }))
    host = createHost(clock, notes)
    await provider.start?.(host)
    await read(smsc.requests.get + reads, 0)
  }

  async function restart(settings: Partial<SmscSettings> = {}): Promise<void> {
    await provider?.stop?.()
    await start(settings)
  }

  /** Lets time pass until so many readings in all were begun, and what they brought is stored. */
  async function read(count: number, stepMs = 30_000): Promise<void> {
    while (smsc.requests.get < count) await clock.advance(clock.timers > 0 ? stepMs : 0)
    while (clock.timers === 0) await clock.advance(0)
  }

  const text = (words: string) => smsc.receive({ from: '79161112233', text: words, silent: true })
  const texts = () => host.messages.map(message => message.text)

  it('brings what comes, oldest first and once', async () => {
    await start()
    for (const words of ['one', 'two', 'three']) await text(words)
    await read(2)
    await read(3)
    await text('четыре')
    await read(4)
    assert.deepEqual(texts(), ['one', 'two', 'three', 'четыре'])
    const { raw, ...message } = host.messages[0]!
    assert.deepEqual(message, { providerMessageId: '1001', from: '+79161112233', to: '+79990001122', text: 'one' })
    assert.equal((raw as { phone: string }).phone, '79161112233')
  })

  it('leaves out what was there before its first start, and goes on from there after a restart', async () => {
    await text('an old command')
    await start()
    await text('one')
    await read(2)
    assert.deepEqual(texts(), ['one'])
    await provider?.stop?.()
    await text('while we were down')
    await restart()
    assert.deepEqual(texts(), ['while we were down'])
  })

  it('brings everything after a start that found nothing', async () => {
    await start()
    await restart()
    await text('first')
    await read(smsc.requests.get + 1)
    assert.deepEqual(texts(), ['first'])
  })

  it('takes «nothing found» for an empty list', async () => {
    smsc.inject(3, { on: 'get' })
    await start()
    assert.equal(notes.get('inbound.after'), '0')
    assert.equal(host.healths.at(-1)?.health, 'ready')
  })

  it('asks as often as it is told, and not more often than every 20 s', async () => {
    await start({ pollSeconds: 1 })
    await clock.advance(19_999)
    assert.equal(smsc.requests.get, 1)
    await clock.advance(1)
    await read(2, 0)
  })

  it('loses nothing that could not be stored', async () => {
    await start()
    for (const words of ['one', 'two']) await text(words)
    host.fail(true)
    await clock.advance(30_000)
    assert.equal((await host.fares('degraded')).error?.code, 'SMS_PROVIDER')
    host.fail(false)
    await read(2)
    assert.deepEqual(texts(), ['one', 'two'])
    assert.equal(host.healths.at(-1)?.health, 'ready')
  })

  for (const [fault, health] of [
    ['unavailable', 'degraded'],
    ['html', 'degraded'],
    [9, 'degraded'],
    [2, 'failed'],
  ] as const) {
    it(`goes on after a fault, and says how it fares meanwhile: ${fault}`, async () => {
      await start()
      smsc.inject(fault, { on: 'get' })
      await text('one')
      await read(2)
      assert.equal(host.healths.at(-1)?.health, health)
      await read(3, 60_000)
      assert.deepEqual(texts(), ['one'])
      assert.equal(host.healths.at(-1)?.health, 'ready')
    })
  }

  it('skips what is no message', async () => {
    await start()
    notes.set('inbound.after', 'nonsense')
    await read(2)
    assert.match(notes.get('inbound.after') ?? '', /^\d+$/)
  })

  describe('where SMSC calls, too', () => {
    it('finds what a callback missed, at start and every ten minutes', async () => {
      await start({ receive: 'webhook' })
      await text('one')
      await clock.advance(599_999)
      assert.equal(smsc.requests.get, 1)
      await clock.advance(1)
      await read(2, 0)
      await text('two')
      await restart({ receive: 'webhook' })
      assert.deepEqual(texts(), ['two'])
    })
  })
})
