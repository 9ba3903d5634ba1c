import assert from 'node:assert/strict'
import { webhookUrl } from './webhook-url.ts'

describe('webhook url', () => {
  const rows = [
    ['https://home.example.org', '/', 'https://home.example.org/sms/p', []],
    ['https://home.example.org:1880/endpoint', '/endpoint/', 'https://home.example.org:1880/endpoint/sms/p', []],
    ['https://home.example.org/a/endpoint', 'endpoint', 'https://home.example.org/a/endpoint/sms/p', []],
    ['https://home.example.org', '/endpoint/', 'https://home.example.org/sms/p', ['noHttpNodeRoot']],
    [
      'https://home.example.org/myendpoint',
      '/endpoint',
      'https://home.example.org/myendpoint/sms/p',
      ['noHttpNodeRoot'],
    ],
    ['https://home.example.org//', '/', 'https://home.example.org/sms/p', ['trailingSlash']],
    ['http://home.example.org', '/', 'http://home.example.org/sms/p', ['notHttps']],
    ['https://my_home.example.org', '/', 'https://my_home.example.org/sms/p', ['underscore']],
    ['', '/', '', ['noPublicUrl']],
    ['home.example.org', '/', '', ['notAnAddress']],
    ['https://', '/', '', ['notAnAddress']],
    ['https://home.example.org/?a=b', '/', '', ['notAnAddress']],
    ['https://home.example.org/#a', '/', '', ['notAnAddress']],
    ['ftp://home.example.org', '/', '', ['notAnAddress']],
  ] as const
  for (const [publicUrl, httpNodeRoot, url, warnings] of rows) {
    it(`of ${publicUrl || 'nothing'} with ${httpNodeRoot}: ${warnings.join() || 'fine'}`, () => {
      assert.deepEqual(webhookUrl({ publicUrl, path: 'p', httpNodeRoot }), { url, warnings })
    })
  }

  for (const [host, isPrivate] of [
    ['localhost', true],
    ['127.0.0.1', true],
    ['192.168.1.7', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.15.0.1', false],
    ['172.32.0.1', false],
    ['[::1]', true],
    ['[fd00::1]', true],
    ['[2001:db8::1]', false],
    ['homeassistant.local', true],
    ['raspberrypi', true],
    ['local.example.org', false],
    ['203.0.113.7', false],
  ] as const) {
    it(`knows ${host} as ${isPrivate ? 'private' : 'public'}`, () => {
      const { warnings } = webhookUrl({ publicUrl: `https://${host}:1880`, path: 'p', httpNodeRoot: '/' })
      assert.deepEqual(warnings, isPrivate ? ['private'] : [])
    })
  }
})
