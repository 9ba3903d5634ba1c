import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A program beside this file that runs in a process of its own and answers each message with one. */
export interface Helper<Reply> {
  /** What it said when it was ready. */
  readonly said: Reply
  ask(message: object): Promise<Reply>
  stop(): Promise<void>
}

/** Starts one; it ends when `stop` is called, or with this process, as either closes the channel between them. */
export async function startHelper<Reply extends object>(
  program: string,
  execArgv: readonly string[] = [],
): Promise<Helper<Reply>> {
  // Without our own options: a profiler's would make the far end slow.
  const child = fork(join(import.meta.dirname, program), {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const fails = ended.then(code => Promise.reject(new Error(`${program} ended with ${code}`)))
  fails.catch(() => {})

  const reply = async (): Promise<Reply> => {
    const [said] = (await Promise.race([once(child, 'message'), fails])) as [Reply]
    return said
  }

  return {
    said: await reply(),
    ask(message) {
      const replied = reply()
      child.send(message)
      return replied
    },
    async stop() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
