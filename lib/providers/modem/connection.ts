import type { Answer, CommandOptions } from '../../at/contract.ts'
import type { Clock } from '../../clock.ts'
import type { Profile } from './profiles.ts'

/** A modem's command line as the parts of the provider use it, whichever line is open behind it. */
export interface Connection {
  readonly clock: Clock
  /** What `Channel.run` does; rejects with `SMS_CONNECTION` while no line is open. */
  run(command: string, options?: CommandOptions): Promise<Answer>
  /** What make it is, as far as it is known. */
  readonly profile: Profile
  /**
   * Runs commands that belong together, such as those that choose a memory and delete in it, and no others of that kind
   * amid them, which may take a minute; nor is the modem set up anew. `signal` aborts when it is not ready any more, as
   * after a restart. Rejects with `SMS_CONNECTION` while it is not set up.
   */
  during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Runs commands of somebody else's, such as one that chooses a memory: between those of `during`, not amid them. */
  between<T>(work: () => Promise<T>): Promise<T>
  /** Resolves once messages may be sent and read; rejects with why they cannot after `waitMs`, or on abort. */
  ready(waitMs: number, signal?: AbortSignal): Promise<void>
}

export const isOk = ({ result }: Answer): boolean => result.code === 'OK'

/** The lines of an answer that is OK; undefined of any other. */
export async function ask(connection: Pick<Connection, 'run'>, command: string, options?: CommandOptions) {
  const answer = await connection.run(command, options)
  return isOk(answer) ? answer.lines : undefined
}

/** The first of the commands that is answered with OK, with its lines; undefined where all are refused. */
export async function firstOk(
  connection: Pick<Connection, 'run'>,
  commands: readonly string[],
): Promise<{ readonly command: string; readonly lines: readonly string[] } | undefined> {
  for (const command of commands) {
    const lines = await ask(connection, command)
    if (lines) return { command, lines }
  }
  return undefined
}
