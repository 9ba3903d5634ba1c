import { once } from 'node:events'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { SmsError } from '../../lib/errors.ts'
import { createSqliteStore } from '../../lib/store/sqlite/index.ts'
import { stored } from './message.ts'

/** Another process with a store of its own on a file. */
export interface StoreProcess {
  /** What it says: `open`, or the code and text of an error; then the id of each message when it is committed. */
  readonly lines: readonly string[]
  /** Resolves when it has said so many lines. */
  said(count: number): Promise<void>
  /** Ends it as a power cut would end Node, or by itself; resolves when it has ended. */
  end(how: 'kill' | 'close'): Promise<void>
}

/** Starts it, as another user where one is named. With `writes` it adds messages for as long as it lives. */
export function startStoreProcess(
  path: string,
  { uid, writes = false }: { uid?: number | undefined; writes?: boolean } = {},
): StoreProcess {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), path, String(writes), String(uid ?? '')],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'exit')
  const lines: string[] = []
  let check = (): void => {}
  createInterface({ input: child.stdout! }).on('line', line => {
    lines.push(line)
    check()
  })
  return {
    lines,
    async said(count) {
      await Promise.race([
        ended,
        new Promise<void>(resolve => {
          check = () => lines.length >= count && resolve()
          check()
        }),
      ])
    },
    async end(how) {
      if (how === 'kill') child.kill('SIGKILL')
      else child.stdin!.end()
      await ended
    },
  }
}

async function run(path: string, writes: boolean, uid: number): Promise<void> {
  // Only now, as the sources may lie where that user may not read.
  if (uid > 0) {
    process.setgroups!([])
    process.setgid!(uid)
    process.setuid!(uid)
  }
  const store = createSqliteStore({ path, retentionDays: 0 })
  try {
    await store.open(Date.now())
  } catch (error) {
    console.log(error instanceof SmsError ? `${error.code} ${error.message}` : String(error))
    return
  }
  console.log('open')
  let isOver = false
  const writers = Array.from({ length: writes ? 10 : 0 }, async () => {
    while (!isOver) {
      const [added] = await store.add([stored()])
      console.log(added!.message.record.id)
    }
  })
  await once(process.stdin.resume(), 'end')
  isOver = true
  await Promise.all(writers)
  await store.close()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path = '', writes, uid] = process.argv.slice(2)
  await run(path, writes === 'true', Number(uid))
}
