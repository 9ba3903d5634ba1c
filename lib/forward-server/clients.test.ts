import assert from 'node:assert/strict'
import { SmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import { readClients } from './clients.ts'
import type { ClientSettings } from './clients.ts'

const record = (more: Partial<SmsRecord> = {}): SmsRecord => ({
  id: '1',
  type: 'message',
  direction: 'in',
  provider: 'Modem',
  providerNode: 'modem',
  from: '+12025550144',
  to: '+380501112233',
  text: 'HEAT 21',
  state: 'received',
  createdAt: '2026-11-21T10:00:00.000Z',
  updatedAt: '2026-11-21T10:00:00.000Z',
  ...more,
})
const client = (more: Partial<ClientSettings> = {}): ClientSettings => ({
  name: 'Cabin',
  url: 'https://cabin.example.org/sms/x',
  events: ['messages', 'statuses'],
  user: 'cabin',
  password: 'p',
  ...more,
})

describe('which client gets what', () => {
  const rows: [title: string, settings: Partial<ClientSettings>, record: Partial<SmsRecord>, wants: boolean][] = [
    ['a message', {}, {}, true],
    ['a message, where it has no address', { url: '' }, {}, false],
    ['a message, where it wants statuses', { events: ['statuses'] }, {}, false],
    ['a call', {}, { type: 'call' }, false],
    ['a call, where it wants them', { events: ['calls'] }, { type: 'call' }, true],
    ['a message to a number it has', { to: '+1*, +380501112233' }, {}, true],
    ['a message to a number that begins so', { to: '+38050*' }, {}, true],
    ['a message to another number', { to: '+1*' }, {}, false],
    ['a message to nobody knows whom, where it has a number', { to: '+1*' }, { to: '' }, false],
    ['a message with the keyword', { keyword: 'light, heat' }, {}, true],
    ['a message with another word', { keyword: 'light' }, {}, false],
  ]
  for (const [title, settings, more, wants] of rows) {
    it(`${wants ? 'gets' : 'does not get'} ${title}`, () =>
      assert.equal(readClients([client(settings)])[0]!.wants(record(more)), wants))
  }

  const statuses: [title: string, settings: Partial<ClientSettings>, owner: string | undefined, told: boolean][] = [
    ['its own', {}, 'Cabin', true],
    ['its own, under the id it has', { id: 'c1' }, 'c1', true],
    ['its own, where it wants messages only', { events: ['messages'] }, 'Cabin', false],
    ["another client's", { category: 'alarm' }, 'House', false],
    ["the server's", {}, undefined, false],
    ["the server's of its category", { category: 'x, alarm' }, undefined, true],
    ["the server's of another category", { category: 'x' }, undefined, false],
  ]
  for (const [title, settings, owner, told] of statuses) {
    it(`${told ? 'is' : 'is not'} told of a message of ${title}`, () =>
      assert.equal(readClients([client(settings)])[0]!.isToldOf(record({ category: 'alarm' }), owner), told))
  }

  const refused: [title: string, ...clients: Partial<ClientSettings>[]][] = [
    ['neither a login nor an address', { user: '', password: '', url: '' }],
    ['a user without a password', { password: '' }],
    ['a password without a user', { user: '' }],
    ['a user with a colon', { user: 'a:b' }],
    ['an address that is none', { url: 'cabin' }],
    ['the same name twice', {}, { user: 'other' }],
    ['the same user twice', {}, { name: 'Other' }],
  ]
  for (const [title, ...clients] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => readClients(clients.map(client)),
        (error: unknown) => error instanceof SmsError && error.code === 'SMS_CONFIG' && error.message.startsWith('«'),
      )
    })
  }
})
