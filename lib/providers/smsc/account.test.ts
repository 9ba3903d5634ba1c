import assert from 'node:assert/strict'
import { smscSettings } from '../../../test/support/smsc-account.ts'
import { readAccount } from './account.ts'
import type { SmscSettings } from './account.ts'

describe('the settings of an SMSC account', () => {
  const credentials: readonly (readonly [title: string, settings: Partial<SmscSettings>, expected: object])[] = [
    ['login and password', {}, { login: 'me', psw: 'secret' }],
    ['a password with spaces as it is', { password: ' secret \n' }, { login: 'me', psw: ' secret ' }],
    ['an API key before a password', { apiKey: ' key ' }, { apikey: 'key' }],
    ['a password without a login as the API key', { login: ' ' }, { apikey: 'secret' }],
  ]
  for (const [title, settings, expected] of credentials) {
    it(`signs in with ${title}`, () => {
      assert.deepEqual(
        readAccount(smscSettings({ login: 'me', password: 'secret', ...settings })).credentials,
        expected,
      )
    })
  }

  const hosts: readonly (readonly [apiUrl: string | undefined, expected: readonly string[]])[] = [
    [undefined, ['', 'www2.', 'www3.', 'www4.', 'www5.'].map(www => `https://${www}smsc.ru/sys/`)],
    ['https://smsc.ru', ['', 'www2.', 'www3.', 'www4.', 'www5.'].map(www => `https://${www}smsc.ru/sys/`)],
    ['https://smsc.kz/sys', ['https://smsc.kz/sys/']],
    ['https://sms.example.org/api/sys//', ['https://sms.example.org/api/sys/']],
    ['http://127.0.0.1:1234/', ['http://127.0.0.1:1234/sys/']],
  ]
  for (const [apiUrl, expected] of hosts) {
    it(`asks ${expected[0]} for ${apiUrl ?? 'no address'}`, () => {
      assert.deepEqual(readAccount(smscSettings({ apiUrl })).hosts, expected)
    })
  }

  const wrong: readonly (readonly [settings: Partial<SmscSettings>, reason: RegExp])[] = [
    [{ password: '' }, /password or the API key/],
    [{ password: undefined, login: undefined, apiKey: ' ' }, /password or the API key/],
    [{ sender: 'A name that is too long' }, /sender/],
    [{ sender: 'Дім' }, /sender/],
    [{ apiUrl: 'smsc.ru' }, /http\(s\) URL/],
    [{ apiUrl: 'ftp://smsc.ru' }, /http\(s\) URL/],
    [{ apiUrl: 'http://smsc.ru' }, /https/],
    [{ apiUrl: 'https://me:hunter2@smsc.ru' }, /credentials/],
    [{ apiUrl: 'https://smsc.ru/sys/?psw=hunter2' }, /query/],
  ]
  for (const [settings, reason] of wrong) {
    it(`refuses ${JSON.stringify(settings)}`, () => {
      assert.throws(
        () => readAccount(smscSettings(settings)),
        (error: Error & { code?: string }) =>
          error.code === 'SMS_CONFIG' && reason.test(error.message) && !error.message.includes('hunter2'),
      )
    })
  }
})
