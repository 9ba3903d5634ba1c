import assert from 'node:assert/strict'
import { startTwilio } from '../../../test/sim/twilio.ts'
import type { Texted, Twilio } from '../../../test/sim/twilio.ts'
import { createManualClock } from '../../../test/support/clock.ts'
import type { ManualClock } from '../../../test/support/clock.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  OWN_NUMBER,
  SERVICE_SID,
  twilioSettings,
} from '../../../test/support/twilio-account.ts'
import type { Provider } from '../../provider.ts'
import { createTwilio } from './index.ts'
import type { TwilioSettings } from './index.ts'

const MINUTE_MS = 60_000

describe('polling Twilio', () => {
  let clock: ManualClock
  let twilio: Twilio
  let provider: Provider
  let host: RecordingHost
  const notes = new Map<string, string>()

  beforeEach(async () => {
    notes.clear()
    clock = createManualClock(Date.UTC(2026, 10, 21, 10))
    twilio = await startTwilio({ clock, accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN } } })
  })
  afterEach(async () => {
    await provider.stop?.()
    await twilio.stop()
  })

  /** As Node-RED does; `notes` are what one life leaves to the next. */
  async function start(settings: Partial<TwilioSettings> = {}): Promise<void> {
    provider = createTwilio(twilioSettings({ apiUrl: twilio.url, receive: 'poll', ...settings }))
    host = createHost(clock, notes)
    await provider.start?.(host)
  }

  const text = (body: string, more: Partial<Texted> = {}) =>
    twilio.receive({ from: '+380501112233', to: OWN_NUMBER, body, ...more })

  /** Lets time pass until so many pages in all were asked for, and what they brought is stored. */
  async function read(pages: number, stepMs = 30_000): Promise<void> {
    while (twilio.requests.list < pages) await clock.advance(clock.timers > 0 ? stepMs : 0)
    await idle()
  }

  /** While a poll is under way there is no timer; the next one has one. */
  async function idle(): Promise<void> {
    while (clock.timers === 0) await clock.advance(0)
  }

  const texts = () => host.messages.map(({ text }) => text)

  it('brings what comes, oldest first and once', async () => {
    await start()
    await read(1)
    await clock.advance(1_000)
    for (const body of ['one', 'two', 'three']) await text(body)
    await clock.advance(1_000)
    await text('four')
    await read(2)
    await read(3)
    assert.deepEqual(texts(), ['one', 'two', 'three', 'four'])
    const { message } = await text('five')
    await read(4)
    const [, , , , five] = host.messages
    const { raw, ...shown } = five!
    assert.deepEqual(shown, {
      providerMessageId: message.sid,
      from: '+380501112233',
      to: OWN_NUMBER,
      text: 'five',
      sentAtMs: Math.floor(message.createdAtMs / 1_000) * 1_000,
      parts: 1,
    })
    assert.equal((raw as { sid: string }).sid, message.sid)
  })

  it('asks as often as it is told, and not more often than every 5 s', async () => {
    await start({ pollSeconds: 1 })
    await read(1, 0)
    await clock.advance(4_999)
    assert.equal(twilio.requests.list, 1)
    await clock.advance(1)
    await read(2, 0)
  })

  it('leaves out what was there before its first start, and what others sent or got', async () => {
    await text('an old command')
    await clock.advance(1_000)
    await start()
    await read(1)
    await text('to another', { to: '+15005550010' })
    await text('in')
    const sending = { signal: new AbortController().signal }
    const { outgoing } = await import('../../../test/support/provider-cases.ts')
    await provider.send(outgoing({ to: '+380501112233', text: 'out' }), sending)
    await read(2)
    assert.deepEqual(texts(), ['in'])
  })

  it('waits until all parts of a text are there', async () => {
    await start()
    await read(1)
    const { message } = await text('in pa')
    message.status = 'receiving'
    await text('short')
    await read(2)
    assert.deepEqual(texts(), ['short'])
    Object.assign(message, { status: 'received', body: 'in parts' })
    await read(3)
    assert.deepEqual(texts(), ['short', 'in parts'])
  })

  it('takes up, after days without power, where it was', async () => {
    await start()
    await read(1)
    await text('before')
    await read(2)
    await provider.stop?.()
    await text('while it was off')
    await clock.advance(3 * 24 * 60 * MINUTE_MS)
    await text('just now')
    const known = new Set(host.messages.map(({ providerMessageId }) => providerMessageId!))
    provider = createTwilio(twilioSettings({ apiUrl: twilio.url, receive: 'poll' }))
    host = createHost(clock, notes, known)
    await provider.start?.(host)
    await host.brought(2)
    assert.deepEqual(texts(), ['while it was off', 'just now'])
  })

  it('finds what came between its first start and its first answer', async () => {
    twilio.inject('cut', { on: 'list', times: 4 })
    await start()
    await host.fares('degraded')
    await provider.stop?.()
    await clock.advance(10 * MINUTE_MS)
    await text('early')
    await start()
    await host.fares('degraded')
    await read(6, MINUTE_MS)
    assert.deepEqual(texts(), ['early'])
  })

  it('reads page after page', async () => {
    await start()
    await read(1)
    for (let i = 0; i < 250; i++) await text(`text ${i}`)
    await read(4)
    await host.brought(250)
    assert.deepEqual(
      texts(),
      Array.from({ length: 250 }, (_, i) => `text ${i}`),
    )
  })

  it('reads no further back than it must, in this life and in the next', async () => {
    const offered: string[] = []
    const watch = (): void => {
      const { received } = host
      host.received = message => {
        offered.push(message.text)
        return received(message)
      }
    }
    await start()
    watch()
    await read(1)
    for (let i = 0; i < 250; i++) await text(`text ${i}`)
    await read(4)
    await clock.advance(2 * 60 * MINUTE_MS)
    await idle()
    const before = twilio.requests.list
    await text('new')
    await read(before + 1)
    // The second page has nothing but what is old.
    assert.equal(twilio.requests.list, before + 2)
    assert.equal(offered.length, 251)
    await provider.stop?.()
    await clock.advance(2 * 60 * MINUTE_MS)
    await start()
    watch()
    await read(before + 3)
    assert.equal(twilio.requests.list, before + 4)
    assert.deepEqual(offered.slice(251), ['new'])
  })

  it('reads all of the account for a messaging service, and leaves other services alone', async () => {
    await start({ from: SERVICE_SID })
    await read(1)
    await text('with it', { messagingServiceSid: SERVICE_SID, to: '+15005550010' })
    await text('with another', { messagingServiceSid: SERVICE_SID.replace('0', '1') })
    await text('with none')
    await read(2)
    assert.deepEqual(texts(), ['with it', 'with none'])
  })

  it('says where the pictures are', async () => {
    await start()
    await read(1)
    const path = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/MM1/Media/ME1`
    await text('deleted by now', { mediaUrls: [`https://api.twilio.com${path}`] })
    await text('', { mediaUrls: [`https://api.twilio.com${path}`] })
    twilio.inject('missing', { on: 'media' })
    await read(2)
    assert.deepEqual(texts(), ['deleted by now', ''])
    assert.deepEqual(
      host.messages.map(({ mediaUrls }) => mediaUrls),
      [undefined, [`${twilio.url}${path}`]],
    )
  })

  it('tells how it fares, tries less often while it fails, and goes on', async () => {
    twilio.inject('error', { on: 'list', times: 3 })
    await start({ pollSeconds: 10 })
    const { error } = await host.fares('degraded')
    assert.equal(error?.code, 'SMS_SERVER')
    await text('meanwhile')
    await clock.advance(19_999)
    assert.equal(twilio.requests.list, 1)
    await read(2, 1)
    await clock.advance(39_999)
    assert.equal(twilio.requests.list, 2)
    await read(4, MINUTE_MS)
    await host.brought(1)
    assert.equal(host.healths.at(-1)?.health, 'ready')
  })

  it('waits as long as Twilio asks it to', async () => {
    twilio.inject('limitedFor7s', { on: 'list' })
    await start({ pollSeconds: 5 })
    await host.fares('degraded')
    await read(2)
    assert.ok(clock.now() >= Date.UTC(2026, 10, 21, 10, 0, 7))
  })

  it('has failed when Twilio refuses the credentials', async () => {
    twilio.inject('unauthorized', { on: 'list' })
    await start()
    const { error } = await host.fares('failed')
    assert.equal(error?.code, 'SMS_AUTH')
    assert.equal(error?.providerCode, 20003)
  })

  it('brings again what the store could not take', async () => {
    await start()
    await read(1)
    await text('important')
    host.fail(true)
    await clock.advance(30_000)
    await host.fares('degraded')
    assert.deepEqual(texts(), [])
    host.fail(false)
    await read(2, MINUTE_MS)
    assert.deepEqual(texts(), ['important'])
  })

  it('follows no page to another host or account', async () => {
    const { startScriptedServer } = await import('../../../test/support/http-server.ts')
    for (const next of ['https://evil.example/steal', '//evil.example/x', '/2010-04-01/Accounts/AC1/Messages.json']) {
      const server = await startScriptedServer()
      server.reply({ body: JSON.stringify({ messages: [], next_page_uri: next }) })
      await start({ apiUrl: server.url })
      const { error } = await host.fares('degraded')
      assert.equal(error?.code, 'SMS_PROVIDER')
      assert.equal(server.requests.length, 1)
      await provider.stop?.()
      await server.close()
    }
  })

  it('ends at once, also in the middle of an answer', async () => {
    twilio.inject('silent', { on: 'list' })
    await start()
    while (twilio.requests.list === 0) await clock.advance(0)
    await provider.stop?.()
    await clock.advance(60 * MINUTE_MS)
    assert.equal(twilio.requests.list, 1)
    assert.equal(clock.timers, 0)
    assert.deepEqual(
      host.healths.map(({ health }) => health),
      ['ready'],
    )
  })

  it('looks, beside the webhook, at start and every ten minutes for what was missed', async () => {
    await start({ receive: 'webhook', callbackUrl: 'https://home.example.org/sms/x' })
    await read(1, 0)
    await text('missed')
    await clock.advance(10 * MINUTE_MS - 1)
    assert.equal(twilio.requests.list, 1)
    await read(2, 1)
    await host.brought(1)
    assert.deepEqual(texts(), ['missed'])
  })

  it('is not done when nothing is to be received', async () => {
    await start({ receive: 'off' })
    await clock.advance(60 * MINUTE_MS)
    assert.equal(twilio.requests.list, 0)
    assert.equal(host.healths.at(-1)?.health, 'ready')
  })
})
