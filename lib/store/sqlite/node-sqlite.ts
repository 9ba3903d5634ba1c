import type * as Sqlite from 'node:sqlite'
import { SmsError } from '../../errors.ts'

type NodeSqlite = typeof Sqlite

/** Node's own SQLite, loaded when a store is opened. Throws `SMS_CONFIG` where this Node has none, or hides it. */
export function loadNodeSqlite(load: () => NodeSqlite | undefined = loadQuietly): NodeSqlite {
  const sqlite = load()
  if (sqlite) return sqlite
  throw new SmsError(
    'SMS_CONFIG',
    `messages cannot be kept on disk with Node.js ${process.versions.node}, which has no SQLite: ` +
      'update Node.js to 22.13 or later, or choose an SMS store that keeps them in memory and forgets them at restart',
  )
}

/**
 * Node 22 calls its SQLite experimental, in a warning that users of this package can do nothing about. It is given
 * while the module loads; as that takes no turn of the event loop, no other's warning is in between.
 */
function loadQuietly(): NodeSqlite | undefined {
  const { emitWarning } = process
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite')) Reflect.apply(emitWarning, process, [warning, ...rest])
  }
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}
