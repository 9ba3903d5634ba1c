import assert from 'node:assert/strict'
import { incoming } from '../../test/support/message.ts'
import { createJudge } from './judge.ts'
import type { JudgeOptions } from './judge.ts'

const ROWS: readonly (readonly [options: Partial<JudgeOptions>, text: string, end?: string, match?: unknown])[] = [
  [{}, 'whatever', 'answered'],
  [{}, '', 'answered'],
  [{ refuse: 'no, stop' }, 'Yes', 'answered'],
  [{ refuse: 'no, stop' }, 'No, thanks', 'refused', ['thanks']],
  [{ refuse: 'no, stop' }, 'STOP!', 'refused', []],
  [{ refuse: 'no' }, 'nobody', 'answered'],
  [{ refuse: '/never|not (?<when>now)/' }, 'Not now please', 'refused', { when: 'now' }],
  [{ refuse: '/NO/u' }, 'no', 'answered'],
  [{ matchType: 'keyword', match: 'yes, ok' }, 'ok 5', 'answered', ['5']],
  [{ matchType: 'keyword', match: 'yes, ok' }, 'perhaps'],
  [{ matchType: 'keyword', match: 'yes', refuse: 'yes' }, 'yes', 'refused', []],
  [{ matchType: 'regex', match: '^\\d+$' }, '42', 'answered', []],
  [{ matchType: 'regex', match: '^\\d+$', refuse: 'no' }, 'what'],
]

describe('judge', () => {
  for (const [options, text, end, match] of ROWS) {
    it(`of ${JSON.stringify(options)} takes «${text}» for ${end ?? 'neither'}`, () => {
      const verdict = createJudge({ match: '', matchType: 'any', refuse: '', ...options })(incoming({ text }))
      assert.deepEqual([verdict?.end, verdict?.match], [end, match])
    })
  }

  it('says that a pattern is none', () => {
    for (const options of [
      { matchType: 'regex', match: '(', refuse: '' } as const,
      { matchType: 'any', match: '', refuse: '/(/' } as const,
    ])
      assert.throws(() => createJudge(options), { code: 'SMS_CONFIG' })
  })
})
