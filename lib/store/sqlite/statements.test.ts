import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { OUTGOING_STATES } from '../../message.ts'
import { createCounts } from './counts.ts'
import { createFragments } from './fragments.ts'
import { createHistory } from './history.ts'
import { createIncoming } from './incoming.ts'
import { createNotes } from './notes.ts'
import { createOutgoing } from './outgoing.ts'
import { createPrune } from './prune.ts'
import { preparing } from './query.ts'
import type { Prepare } from './query.ts'
import { migrate } from './schema.ts'
import { createTrail } from './trail.ts'
import { createWork } from './work.ts'

describe('the statements of the SQLite store', () => {
  it('find what they look for by an index, and need not sort it', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database)
    const texts: string[] = []
    const prepare: Prepare = text => {
      texts.push(text)
      return preparing(database)(text)
    }
    createOutgoing(prepare, createWork(prepare))
    createTrail(prepare)
    createIncoming(prepare)
    createFragments(prepare)
    createHistory(prepare)
    createCounts(prepare)
    createNotes(prepare)
    createPrune(prepare)
    assert.ok(texts.length > 30)
    const slow = texts.filter(text => {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[]
      return plan.some(({ detail }) => /^SCAN (?!CONSTANT)|TEMP B-TREE/.test(detail))
    })
    assert.deepEqual(
      slow.map(text => text.trim()),
      MAY_LOOK_THROUGH_ALL,
    )
  })

  it("find a number's messages by the number, but for the few that are sending", () => {
    const database = new DatabaseSync(':memory:')
    migrate(database)
    const texts: string[] = []
    createHistory(text => {
      texts.push(text)
      return preparing(database)(text)
    })
    const byNumber = texts.find(text => text.includes('from_number ='))!
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${byNumber}`).all() as { detail: string }[]
    const usingOf = (index: string) => plan.filter(({ detail }) => detail.includes(` INDEX ${index} `)).length
    const states = OUTGOING_STATES.length - 1
    assert.deepEqual(['outgoing_from', 'outgoing_to', 'outgoing_state'].map(usingOf), [states, states, 2])
  })
})

/** Done once for a lane or a day, and of narrow rows. */
const MAY_LOOK_THROUGH_ALL: readonly string[] = [
  'UPDATE work SET due_ms = 0, is_ready = 1 WHERE lane = ? AND may_hurry = 1 AND due_ms <> 0',
  'SELECT DISTINCT lane FROM work WHERE is_routed = 1',
  'SELECT * FROM fragments ORDER BY provider, message_group, part',
  'DELETE FROM known_parts WHERE created_ms < ?',
]
