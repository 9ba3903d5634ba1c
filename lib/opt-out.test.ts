import assert from 'node:assert/strict'
import { createOptOuts } from './opt-out.ts'
import type { IncomingMessage, Provider } from './provider.ts'
import { createTestCarrier } from './providers/test/index.ts'
import { createMemoryStore } from './store/memory.ts'

const ME = '+12025550123'
const respecting: Provider = { ...createTestCarrier({ name: 'Simulated', mode: 'null' }), respectsOptOut: true }
const text = (text: string, more: Partial<IncomingMessage> = {}): IncomingMessage => ({ from: ME, text, ...more })

describe('opting out', () => {
  const rows: [title: string, messages: IncomingMessage[], isOut: boolean][] = [
    ['nobody is out at first', [], false],
    ['STOP', [text('STOP')], true],
    ['in any case, with blanks around', [text('  Unsubscribe\n')], true],
    ['a word within a text is none', [text('please STOP')], false],
    ['a part of a longer text is none', [text('STOP', { part: { reference: '1', index: 2, total: 2 } })], false],
    ['START takes it back', [text('STOP'), text('start')], false],
    ['YES takes it back', [text('QUIT'), text('YES')], false],
    ['YES of one who was never out is just a word', [text('YES')], false],
    ['the last wish counts', [text('STOP'), text('START'), text('END')], true],
    ['what the carrier says counts more than the text', [text('ARRÊT', { optOut: 'out' })], true],
    ['of another number', [text('STOP', { from: '+12025550199' })], false],
    ['a call says nothing', [text('STOP', { type: 'call' })], false],
  ]
  for (const [title, messages, isOut] of rows) {
    it(title, async () => {
      const optOuts = createOptOuts(createMemoryStore())
      for (const message of messages) await optOuts.heard('p', respecting, message)
      const error = await optOuts.check('p', respecting, ME)
      assert.equal(error?.code, isOut ? 'SMS_OPTED_OUT' : undefined)
    })
  }

  it('is also what the carrier itself refuses for', async () => {
    const optOuts = createOptOuts(createMemoryStore())
    await optOuts.refused('p', respecting, ME)
    assert.equal((await optOuts.check('p', respecting, ME))?.code, 'SMS_OPTED_OUT')
  })

  it('is per provider, and nothing to one that does not respect it', async () => {
    const optOuts = createOptOuts(createMemoryStore())
    await optOuts.heard('p', respecting, text('STOP'))
    assert.equal(await optOuts.check('q', respecting, ME), undefined)
    const { respectsOptOut: _, ...other } = respecting
    await optOuts.heard('r', other, text('STOP'))
    assert.equal(await optOuts.check('r', respecting, ME), undefined)
    assert.equal(await optOuts.check('p', other, ME), undefined)
  })
})
