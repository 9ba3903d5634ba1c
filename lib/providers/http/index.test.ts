import assert from 'node:assert/strict'
import { httpSettings } from '../../../test/support/http-account.ts'
import { startScriptedServer } from '../../../test/support/http-server.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import type { MessageDraft } from '../../provider.ts'
import { createHttp } from './index.ts'
import type { HttpSettings } from './index.ts'

describe('an HTTP API', () => {
  it('says how it may be used', () => {
    const provider = createHttp(httpSettings({ ratePerSecond: 2, defaultCountry: 'UA', optOut: true }))
    assert.deepEqual(provider.pace, { concurrency: 8, perSecond: 2 })
    assert.deepEqual(provider.numbers, { defaultCountry: 'UA', shortCodes: true })
    assert.deepEqual([provider.respectsOptOut, createHttp(httpSettings()).respectsOptOut], [true, false])
  })

  const wrong: readonly (readonly [settings: Partial<HttpSettings>, message: RegExp])[] = [
    [{ method: 'DELETE' }, /the method must be one of/],
    [{ url: '' }, /the URL must begin with/],
    [{ body: '{ "to": {{nope}} }' }, /the body names {{nope}}, which does not exist/],
    [{ headers: 'X: {{secret.key}}' }, /the header X needs the secret «key»/],
    [{ contentType: 'what?' }, /content type/],
    [{ success: 'perhaps' }, /the condition of success/],
    [{ idPath: '/(/' }, /the path of the id/],
    [{ errorCodes: '1 = LIMIT' }, /line 1 of the error codes/],
    [{ states: 'a = b' }, /line 1 of the states/],
    [{ statusUrl: 'nowhere', statusPath: 'a' }, /the status URL must begin/],
    [{ receive: 'webhook', path: 'abcdefghijklmnop', inPart: 'a, b' }, /must be three/],
    [{ receive: 'webhook', path: 'abcdefghijklmnop', reply: '{{text}}' }, /the reply names {{text}}/],
    [{ receive: 'webhook', path: 'abcdefghijklmnop', replyType: '?' }, /content type/],
  ]
  for (const [settings, message] of wrong) {
    it(`is refused: ${message.source}`, () =>
      assert.throws(() => createHttp(httpSettings(settings)), { name: 'SmsError', code: 'SMS_CONFIG', message }))
  }

  it('shows no secret when its settings are wrong', () => {
    const secrets = { key: 'hunter2' }
    const settings = [{ url: 'x' }, { headers: 'A: {{secret.key}} {{nope}}' }, { body: '{{secret.key}} {' }]
    for (const more of settings)
      assert.throws(
        () => createHttp(httpSettings({ secrets, ...more })),
        (error: Error) => !JSON.stringify([error.message, error.stack]).includes('hunter2'),
      )
  })

  const drafts: readonly (readonly [
    settings: Partial<HttpSettings>,
    draft: Partial<MessageDraft>,
    code: string | undefined,
  ])[] = [
    [{}, {}, undefined],
    [{}, { flash: true }, 'SMS_UNSUPPORTED'],
    [{ body: '{ "flash": {{flash}} }' }, { flash: true }, undefined],
    [{}, { mediaUrls: ['https://example.org/a.jpg'] }, 'SMS_UNSUPPORTED'],
    [{}, { mediaUrls: [] }, undefined],
    [{ body: '{ "media": {{mediaUrls}} }' }, { mediaUrls: ['https://example.org/a.jpg'] }, undefined],
    [{ headers: 'X-Text: {{text}}' }, { text: 'a\r\nX-Other: b' }, 'SMS_REQUEST'],
    [{ url: 'http://h/{{from}}/send' }, {}, 'SMS_REQUEST'],
    [{}, { text: 'Є', encoding: 'gsm7' }, 'SMS_REQUEST'],
  ]
  for (const [settings, draft, code] of drafts) {
    it(`${code ?? 'takes'} for ${JSON.stringify(draft)} with ${JSON.stringify(settings)}`, () => {
      const check = () => createHttp(httpSettings(settings)).check!(outgoing(draft))
      if (code === undefined) check()
      else assert.throws(check, { code })
    })
  }

  it('makes what carriers ask for of a message', async () => {
    const server = await startScriptedServer()
    server.reply({ body: '{"ok":true,"id":"1"}' })
    const names = [
      ['to', 'toNoPlus', 'from', 'fromNoPlus', 'fromType', 'textOrHex', 'id', 'idNumber', 'encoding', 'parts'],
      ['validitySeconds', 'validityMs', 'callbackUrl', 'params.sim', 'allowReply', 'deliveryReport'],
    ].flat()
    const body = `{ ${names.map(name => `"${name}": {{${name}}}`).join(', ')} }`
    const provider = createHttp(httpSettings({ url: server.url, body, callbackUrl: 'https://h/sms/x' }))
    const message = outgoing({ text: 'Є', from: '+15550001111', validityMinutes: 5, params: { sim: 2 } })
    await provider.send(message, { signal: new AbortController().signal })
    await provider.stop?.()
    await server.close()
    assert.deepEqual(JSON.parse(server.requests[0]!.body), {
      to: '+380501112233',
      toNoPlus: '380501112233',
      from: '+15550001111',
      fromNoPlus: '15550001111',
      fromType: 'number',
      textOrHex: '0404',
      id: message.id,
      idNumber: '1730871820288768',
      encoding: 'ucs2',
      parts: 1,
      validitySeconds: 300,
      validityMs: 300_000,
      callbackUrl: 'https://h/sms/x',
      'params.sim': 2,
      allowReply: true,
      deliveryReport: true,
    })
  })
})
