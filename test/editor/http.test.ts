import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PRESETS, presetSettings } from '../../lib/providers/http/presets.ts'
import { DEFAULT_SETTINGS } from '../../lib/providers/http/settings.ts'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { tab } from './flows.ts'

const gateway = {
  id: 'gateway',
  type: 'sms-http',
  name: 'Gateway',
  preset: '',
  ...DEFAULT_SETTINGS,
  url: 'https://sms.example.org/send',
  path: 'abcdefghij2345672345',
  publicUrl: '',
  defaultCountry: '',
  ratePerSecond: '',
  secretNameA: '',
  secretNameB: '',
  secretNameC: '',
  secretNameD: '',
  // Where there is none at all, the core takes an empty field for a change.
  credentials: { webhookSecret: 'signing key' },
}

/** With every property as the editor would not fill it in by itself. */
const unusual = {
  ...gateway,
  id: 'unusual',
  preset: 'vonage',
  ...presetSettings('seven'),
  secretNameA: 'apiKey',
  secretNameB: 'user',
  from: 'Alarm',
  ratePerSecond: '0.5',
  receive: 'webhook',
  path: 'abcdefghij2345672346',
  publicUrl: '${ADDRESS}',
  hmacHash: 'sha512',
  hmacEncoding: 'base64',
  serverErrors: 'retry',
  inPlus: false,
  optOut: true,
  reply: '',
  credentials: { secretA: 'a key', secretB: 'anna', webhookSecret: 'signing key' },
}

const screenshots = join(import.meta.dirname, 'screenshots')

describeEditor('an HTTP API', ({ version, open }) => {
  it('leaves a node as it is when nothing is changed', async () => {
    const editor = await open([tab, gateway, unusual])
    for (const { id } of [gateway, unusual]) {
      const before = await properties(editor, id)
      await editor.edit(id)
      await editor.press('done')
      assert.deepEqual(await properties(editor, id), before)
      assert.equal(await editor.value(`Boolean(node('${id}').changed)`), false)
      assert.deepEqual(await reasons(editor, id), [])
    }
    assert.equal(await editor.value('RED.nodes.dirty()'), false)
  })

  it('shows texts, a name for each field, and nothing wider than its dialog', async () => {
    const editor = await open([tab, unusual])
    await editor.edit('unusual')
    await editor.value(`$('.sms-form .form-row, .sms-form .sms-section').show()`)
    const texts = await editor.value<string[]>(SHOWN_TEXTS)
    assert.deepEqual(
      texts.filter(text => /(?<![{\w.])(label|hint|option|section|placeholder|node)\.\w|node-red-sms\//.test(text)),
      [],
    )
    assert.ok(texts.some(text => text.includes('{{secret.apiKey}}')))
    assert.deepEqual(await editor.value<string[]>(UNNAMED_FIELDS), [])
    assert.equal(await editor.value(`$('.sms-form')[0].scrollWidth - $('.sms-form')[0].clientWidth`), 0)
    assert.match(await editor.value(`RED.nodes.getNodeHelp('sms-http')`), /<h3>Details/)
  })

  it('is filled by a preset, which can be corrected', async () => {
    const editor = await open([tab, { ...gateway, from: 'Alarm' }])
    const { page } = editor
    const field = (property: string) => page.locator(`#node-config-input-${property}`)
    await editor.edit('gateway')
    assert.deepEqual(
      await editor.value<string[]>(`$('#node-config-input-preset option').toArray().map(option => option.text)`),
      ['none: described below', ...Object.values(PRESETS).map(({ label }) => label)],
    )
    assert.equal(await page.locator('#sms-preset-hint').isVisible(), false)
    await field('secretNameA').fill('user')
    await field('secretA').fill('anna')
    await field('preset').selectOption('sms-gate')
    assert.match(
      await page.locator('#sms-preset-hint').innerText(),
      /was not run against the carrier.*https:\/\/docs\.sms-gate\.app/s,
    )
    assert.deepEqual(
      [
        await field('secretNameA').inputValue(),
        await field('secretA').inputValue(),
        await field('secretNameB').inputValue(),
      ],
      ['user', 'anna', 'password'],
    )
    assert.equal(await field('verify').isVisible(), false)
    await field('receive').selectOption('webhook')
    assert.deepEqual([await field('verify').inputValue(), await field('signed').isVisible()], ['hmac', true])
    await field('method').selectOption('GET')
    assert.equal(await field('body').isVisible(), false)
    await field('method').selectOption('PUT')
    assert.equal(await field('body').isVisible(), true)
    await field('secretB').fill('secret')
    await field('webhookSecret').fill('key')
    await editor.press('done')
    const kept = await properties<Record<string, unknown>>(editor, 'gateway')
    const expected = {
      ...presetSettings('sms-gate'),
      method: 'PUT',
      from: 'Alarm',
      receive: 'webhook',
      path: gateway.path,
    }
    for (const [property, value] of Object.entries(expected)) assert.equal(kept[property], value, property)
    assert.equal(kept['preset'], 'sms-gate')
    assert.deepEqual(await reasons(editor, 'gateway'), [])
    await editor.edit('gateway')
    await field('preset').selectOption('')
    assert.equal(await field('url').inputValue(), presetSettings('sms-gate').url)
    await field('preset').selectOption('httpsms')
    assert.deepEqual([await field('secretNameA').inputValue(), await field('secretA').inputValue()], ['apiKey', ''])
    assert.equal(await field('method').inputValue(), 'POST')
    await editor.press('cancel')
  })

  it('says what the runtime would refuse', async () => {
    const refused: readonly (readonly [changed: object, why: string])[] = [
      [{ url: '' }, 'URL: must be filled in'],
      [
        { url: 'https://{{params.host}}/' },
        'URL: must begin with http:// or https:// and a host, and have no placeholder or password in the host',
      ],
      [{ url: 'https://h/{{nope}}' }, 'URL: uses “nope”, and there is no such placeholder, or no such secret'],
      [
        { headers: 'X: {{secret.key}}' },
        'Headers: uses “secret.key”, and there is no such placeholder, or no such secret',
      ],
      [{ headers: 'X' }, 'Headers: must be lines such as Name: value, without those that belong to the connection'],
      [
        { contentType: 'what?' },
        'Content type: must be form, json, xml, text or a MIME type; no multipart, and UTF-8 only',
      ],
      [
        { contentType: 'json', body: '{ "to": {{to}} "a": 1 }' },
        'Body: cannot be read as this type of content; in JSON look for missing quotes, commas or braces',
      ],
      [{ success: 'perhaps' }, 'Taken if: must be like 200, or status = 0, or id exists, or contains OK, or /OK/'],
      [
        { idPath: '/(/' },
        'Id of the message: must be a path such as messages.0.id, header:Name, or a regular expression such as /ID: (\\S+)/',
      ],
      [{ errorCodes: '1 = LIMIT' }, 'Meaning of codes: must be lines such as 301 = SMS_CREDIT'],
      [
        { states: 'a = b' },
        'Words for states: must be lines such as DELIVRD = delivered; ours are accepted, delivered, expired, failed, cancelled',
      ],
      [{ statusUrl: 'https://h/{{id}}' }, 'State in it: must be filled in'],
      [{ secretNameA: 'a b' }, 'Name of a secret: may have letters, digits, - and _'],
      [
        { receive: 'webhook', path: 'sms' },
        'Proof of the sender: with the path alone it must be hard to guess: 16 characters or more',
      ],
      [{ receive: 'webhook', inPart: 'a, b' }, 'Parts: must be three fields with commas between'],
      [
        { receive: 'webhook', reply: '{{text}}' },
        'Reply: uses “text”, and there is no such placeholder, or no such secret',
      ],
    ]
    const nodes = refused.map(([changed], at) => ({
      ...gateway,
      path: `${gateway.path}${at}`,
      ...changed,
      id: `g${at}`,
    }))
    const editor = await open([tab, ...nodes])
    for (const [at, [, why]] of refused.entries()) assert.deepEqual(await reasons(editor, `g${at}`), [why])
  })

  it('wants a secret where one is compared or named', async () => {
    const editor = await open([tab, gateway])
    const { page } = editor
    await editor.edit('gateway')
    await page.locator('#node-config-input-receive').selectOption('webhook')
    await page.locator('#node-config-input-verify').selectOption('secret')
    await page.locator('#node-config-input-secretNameA').fill('key')
    // The core judges credentials in their fields only.
    const isWrong = (property: string) =>
      page.locator(`#node-config-input-${property}`).evaluate(input => input.classList.contains('input-error'))
    const fields = ['secretA', 'secretB', 'webhookSecret', 'verifyField']
    for (const property of fields) await page.locator(`#node-config-input-${property}`).fill('x')
    for (const property of fields) await page.locator(`#node-config-input-${property}`).fill('')
    await page.locator('#node-config-input-name').focus()
    assert.deepEqual(await Promise.all(fields.map(isWrong)), [true, false, true, true])
    await editor.press('done')
    assert.deepEqual(await reasons(editor, 'gateway'), ['Where it is: must be filled in'])
  })

  for (const theme of version === 5 ? (['light', 'dark'] as const) : (['light'] as const)) {
    it(`looks well in a ${theme} theme (${screenshots})`, async () => {
      mkdirSync(screenshots, { recursive: true })
      const editor = await open([tab, { ...unusual, preset: 'seven' }], { theme })
      // Tall enough for the whole form.
      await editor.page.setViewportSize({ width: 1400, height: 4200 })
      await editor.edit('unusual')
      await editor.page.screenshot({ path: join(screenshots, `${version}-${theme}-http.png`), animations: 'disabled' })
      await editor.press('cancel')
    })
  }
})

/** As they would be deployed, without the credentials, which a dialog only then asks for. */
function properties<T>(editor: EditorPage, id: string): Promise<T> {
  return editor.value<T>(`(({ credentials, ...kept }) => kept)(RED.nodes.convertNode(node('${id}')))`)
}

const reasons = (editor: EditorPage, id: string): Promise<string[]> =>
  editor.value(`node('${id}').validationErrors ?? []`)

const SHOWN_TEXTS = `$('.red-ui-tray, .sms-form *').toArray().flatMap(element =>
  [element.innerText, ...['title', 'aria-label'].map(name => element.getAttribute(name))].filter(Boolean))`

const UNNAMED_FIELDS = `$('.sms-form').find('input, select, textarea, button').filter(':visible').toArray()
  .filter(field => !field.labels?.length && !field.getAttribute('aria-label') && !field.title && !field.innerText)
  .map(field => field.outerHTML)`
