import assert from 'node:assert/strict'
import fc from 'fast-check'
import { sign } from '../../../test/sim/twilio-calls.ts'
import { isSigned } from './signature.ts'

// Token and vectors of Twilio's own libraries.
const TOKEN = '12345'
const URL = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const FORM = new URLSearchParams({
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
})
const SIGNATURE = 'RSOYDt4T1cUTdK1PDd93/VVr8B8='
const JSON_BODY = Buffer.from('{"property": "value", "boolean": true}')
const JSON_URL = `${URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`
const JSON_SIGNATURE = 'a9nBmqA0ju/hNViExpshrM61xv4='

describe("Twilio's signature", () => {
  it('fits the published form', () => {
    assert.ok(isSigned(TOKEN, SIGNATURE, { url: URL, form: FORM }))
  })

  it('fits the published JSON', () => {
    assert.ok(isSigned(TOKEN, JSON_SIGNATURE, { url: JSON_URL, body: JSON_BODY }))
  })

  const refused: readonly (readonly [title: string, ...args: Parameters<typeof isSigned>])[] = [
    ['another token', '12346', SIGNATURE, { url: URL, form: FORM }],
    ['another signature', TOKEN, SIGNATURE.replace('R', 'S'), { url: URL, form: FORM }],
    ['a shorter signature', TOKEN, SIGNATURE.slice(1), { url: URL, form: FORM }],
    ['no signature', TOKEN, '', { url: URL, form: FORM }],
    ['another path', TOKEN, SIGNATURE, { url: URL.replace('myapp', 'yourapp'), form: FORM }],
    ['another host', TOKEN, SIGNATURE, { url: URL.replace('my', 'your'), form: FORM }],
    ['another scheme', TOKEN, SIGNATURE, { url: URL.replace('https', 'http'), form: FORM }],
    ['another query', TOKEN, SIGNATURE, { url: URL.replace('bar=2', 'bar=3'), form: FORM }],
    ['a field more', TOKEN, SIGNATURE, { url: URL, form: new URLSearchParams([...FORM, ['More', '']]) }],
    ['no fields', TOKEN, SIGNATURE, { url: URL }],
    ['a body that was changed', TOKEN, JSON_SIGNATURE, { url: JSON_URL, body: Buffer.from('{"boolean": true}') }],
    ['a body without its hash', TOKEN, sign(URL, {}, TOKEN), { url: URL, body: JSON_BODY }],
    ['something that is no URL', TOKEN, SIGNATURE, { url: 'no url', form: FORM }],
  ]
  for (const [title, ...args] of refused) it(`is refused with ${title}`, () => assert.equal(isSigned(...args), false))

  // [what Twilio signed, what reached us]
  const urls: readonly (readonly [signed: string, seen: string])[] = [
    ['https://a.example/sms/x', 'https://a.example:443/sms/x'],
    ['https://a.example:443/sms/x', 'https://a.example/sms/x'],
    ['https://a.example:8443/sms/x?a=1', 'https://a.example:8443/sms/x?a=1'],
    ['https://a.example/sms/x?a=1', 'https://a.example:8443/sms/x?a=1'],
    ['http://a.example:80/sms/x', 'http://a.example/sms/x'],
    ['https://[2001:db8::1]/sms/x', 'https://[2001:db8::1]:443/sms/x'],
    ["https://a.example/sms/x?name=O'Brien", 'https://a.example/sms/x?name=O%27Brien'],
    ['https://a.example/sms/x?name=O%27Brien', "https://a.example/sms/x?name=O'Brien"],
    ['https://a.example/sms/x?name=a%20b', 'https://a.example/sms/x?name=a+b'],
    ['https://a.example/sms/x?name=%C3%A9&flag=', 'https://a.example:443/sms/x?name=%C3%A9&flag='],
    ['https://A.example/sms/x', 'https://A.example/sms/x'],
  ]
  for (const [signed, seen] of urls) {
    it(`fits ${seen} when ${signed} was signed`, () => {
      assert.ok(isSigned(TOKEN, sign(signed, { A: 'b' }, TOKEN), { url: seen, form: new URLSearchParams({ A: 'b' }) }))
    })
  }

  it('counts a value that is repeated once, and sorts those that differ', () => {
    const once = sign('https://a.example/', { Url: 'a', Zone: 'z' }, TOKEN)
    const form = new URLSearchParams('Zone=z&Url=a&Url=a')
    assert.ok(isSigned(TOKEN, once, { url: 'https://a.example/', form }))
    // Two values: the name is written before each.
    const both = sign('https://a.example/', { Url: 'aUrlb' }, TOKEN)
    assert.ok(isSigned(TOKEN, both, { url: 'https://a.example/', form: new URLSearchParams('Url=b&Url=a&Url=b') }))
  })

  it('fits whatever was signed with it, and nothing that was changed after', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: true }), text, (fields, more) => {
        const url = 'https://a.example/sms/x'
        const signature = sign(url, fields, TOKEN)
        const form = new URLSearchParams(fields)
        assert.ok(isSigned(TOKEN, signature, { url, form }))
        form.append('Body', `${form.get('Body') ?? ''}${more}!`)
        assert.equal(isSigned(TOKEN, signature, { url, form }), false)
      }),
    )
  })
})
