import { join, resolve } from 'node:path'
import { systemClock } from '../../lib/clock.ts'
import { SmsError } from '../../lib/errors.ts'
import { createChosenStore } from '../../lib/store/chosen.ts'
import type { ChosenStore } from '../../lib/store/chosen.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import { createSqliteStore } from '../../lib/store/sqlite/index.ts'
import type { Store } from '../../lib/store/store.ts'
import type { NodeRedNode, Red } from './red.ts'

/** Where messages are kept: what an `sms-store` node says, or the default. */
export interface StoreSettings {
  readonly backend: 'sqlite' | 'memory'
  /** The database's file, relative to the user directory; empty: `sms/messages.db`. */
  readonly path: string
  readonly retentionDays: number
}

/** The one store of a runtime. */
export interface RuntimeStore {
  readonly store: ChosenStore
  /** An `sms-store` node says how, while it lives. Throws `SMS_CONFIG` where another does already. */
  set(node: NodeRedNode, settings: StoreSettings): void
  /** Opens what is wanted now, unless it is open; when all nodes are there to say what they want. */
  choose(): void
}

const DEFAULT: StoreSettings = { backend: 'sqlite', path: '', retentionDays: 90 }

export function createRuntimeStore(RED: Red, log: (level: 'info' | 'warn', text: string) => void): RuntimeStore {
  const store = createChosenStore(systemClock, log)
  let wanted: { readonly node: NodeRedNode; readonly settings: StoreSettings } | undefined
  let chosen = ''

  function engineOf({ backend, path, retentionDays }: StoreSettings): Store {
    const { userDir } = RED.settings
    // Without a user directory, as under a test helper, there is nowhere to keep anything.
    if (backend === 'memory' || userDir === undefined) return createMemoryStore()
    // What is left in the write-ahead log would be read at the next start; a clean end leaves nothing there.
    process.once('exit', () => void store.close())
    const file = path === '' ? join(userDir, 'sms', 'messages.db') : resolve(userDir, path)
    return createSqliteStore({ path: file, retentionDays, log })
  }

  return {
    store,
    set(node, settings) {
      if (wanted) throw new SmsError('SMS_CONFIG', 'there is another message store already; one is enough')
      wanted = { node, settings }
      node.on('close', (_removed, done) => {
        wanted = undefined
        done()
      })
    },
    choose() {
      const settings = wanted?.settings ?? DEFAULT
      const latest = JSON.stringify(settings)
      if (latest === chosen) return
      chosen = latest
      void store.choose(engineOf(settings))
    },
  }
}
