import { pair } from '../pair.ts'
import type { Fragment } from '../store.ts'
import { keyText } from './query.ts'
import type { Prepare } from './query.ts'

interface Row {
  readonly provider: string
  readonly message_group: string
  readonly json: string
}

/** Parts of incoming messages that wait for the others. */
export function createFragments(prepare: Prepare) {
  const known = prepare('SELECT 1 FROM known_parts WHERE carrier_id = ?')
  const note = prepare('INSERT INTO known_parts (carrier_id, created_ms) VALUES (?, ?)')
  const insert = prepare(`
    INSERT INTO fragments (provider, message_group, part, json) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`)
  const group = prepare<Row>('SELECT * FROM fragments WHERE provider = ? AND message_group = ? ORDER BY part')
  const all = prepare<Row>('SELECT * FROM fragments ORDER BY provider, message_group, part')
  const drop = prepare('DELETE FROM fragments WHERE provider = ? AND message_group = ?')

  return {
    add(fragment: Fragment): readonly Fragment[] {
      const { providerNode, providerMessageId, createdAt } = fragment.record
      const key = [keyText(providerNode), keyText(fragment.group)] as const
      // Carriers give the parts of a message one id, or one each.
      const id = keyText(`${pair(providerNode, String(fragment.index))}\n${providerMessageId}`)
      if (providerMessageId === undefined || !known.get(id)) {
        const { changes } = insert.run(...key, fragment.index, JSON.stringify(fragment))
        if (changes > 0 && providerMessageId !== undefined) note.run(id, Date.parse(createdAt))
      }
      return group.all(...key).map(read)
    },

    groups(): readonly (readonly Fragment[])[] {
      const groups = new Map<string, Fragment[]>()
      for (const row of all.all()) {
        const key = pair(row.provider, row.message_group)
        groups.set(key, [...(groups.get(key) ?? []), read(row)])
      }
      return [...groups.values()]
    },

    drop: (providerNode: string, group: string): void => void drop.run(keyText(providerNode), keyText(group)),
  }
}

const read = ({ json }: Row): Fragment => JSON.parse(json) as Fragment
