import { keyText } from './query.ts'
import type { Prepare } from './query.ts'

/** Small texts of an owner's, each under a key. */
export function createNotes(prepare: Prepare) {
  const select = prepare<{ readonly value: string }>('SELECT value FROM notes WHERE owner = ? AND key = ?')
  const put = prepare('INSERT OR REPLACE INTO notes (owner, key, value) VALUES (?, ?, ?)')

  return {
    get(owner: string, key: string): string | undefined {
      const row = select.get(keyText(owner), keyText(key))
      return row && (JSON.parse(row.value) as string)
    },
    set: (owner: string, key: string, value: string): void =>
      void put.run(keyText(owner), keyText(key), JSON.stringify(value)),
  }
}
