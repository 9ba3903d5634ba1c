import assert from 'node:assert/strict'
import { basicAuthorization, createGate } from './basic-auth.ts'

describe('a gate', () => {
  const gate = createGate([
    [{ user: 'a', password: 'пароль:1' }, 'A'],
    [{ user: 'b', password: 'x' }, 'B'],
  ])

  const rows: [title: string, header: string | undefined, who: string | undefined][] = [
    ['the first', basicAuthorization({ user: 'a', password: 'пароль:1' }), 'A'],
    ['the second, written otherwise', 'basic  Yjp4'.replace('  ', ' '), 'B'],
    ['another password', basicAuthorization({ user: 'b', password: 'y' }), undefined],
    ["another one's password", basicAuthorization({ user: 'a', password: 'x' }), undefined],
    ['nothing', undefined, undefined],
    ['an empty login', 'Basic Og==', undefined],
    ['no user', 'Basic ', undefined],
    ['something else', 'Bearer Yjp4', undefined],
  ]
  for (const [title, header, who] of rows) {
    it(`${who ? `knows ${who} by` : 'does not know'} ${title}`, () => assert.equal(gate(header), who))
  }

  it('knows nobody where nobody may come', () => assert.equal(createGate([])('Basic Og=='), undefined))
})
