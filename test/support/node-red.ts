import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../tools/project.ts'

export interface NodeRedOptions {
  readonly version: 4 | 5
  /** Folder of a module to load; without it, what is installed in `userDir`. */
  readonly modulePath?: string
  /** Kept afterwards if given; otherwise a new folder that `stop` removes. */
  readonly userDir?: string
  /** Goes over the settings below, as JSON. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  /** A free one, if not given. */
  readonly port?: number
  /** Hears each line as it is printed. */
  readonly onLine?: (line: string) => void
  /** Ends it as a power cut does, also while it starts; `stop` then resolves when it has ended. */
  readonly signal?: AbortSignal
  /** A program that starts it, such as a tracer, with its arguments; it must leave its process to Node-RED. */
  readonly under?: readonly [program: string, ...args: string[]]
}

export interface NodeRed {
  /** Without a slash at the end. */
  readonly url: string
  readonly userDir: string
  /** Everything printed so far, a line each. */
  readonly log: readonly string[]
  /** Resolves to the first line from `from` on that matches; rejects with the log when Node-RED ends or time is up. */
  logged(pattern: RegExp, options?: { readonly from?: number; readonly timeoutMs?: number }): Promise<string>
  /** Deploys as the editor does and waits until the flows have started; secrets go into a node's `credentials`. */
  deploy(flows: readonly object[], type?: 'full' | 'nodes' | 'flows'): Promise<void>
  /** Ends Node-RED as a service manager does, and by force after ten seconds; resolves to its exit code. */
  stop(): Promise<number | null>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
}

/** What the credentials are sealed with. */
export const CREDENTIAL_SECRET = 'of the tests'

const START_MS = 60_000
const STOP_MS = 10_000
const DEPLOY_MS = 15_000

/** Starts a real Node-RED on a free loopback port, and resolves when its flows have started. */
export async function startNodeRed(options: NodeRedOptions): Promise<NodeRed> {
  const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), 'node-red-'))
  mkdirSync(userDir, { recursive: true })
  const port = options.port ?? (await freePort())
  const settingsFile = join(userDir, 'settings.cjs')
  writeFileSync(settingsFile, `module.exports = ${JSON.stringify({ ...defaults(options), ...options.settings, port })}`)

  const args = [programOf(options.version), '--userDir', userDir, '--settings', settingsFile, '--port', String(port)]
  const [program, ...programArgs] = [...(options.under ?? []), process.execPath, ...args] as [string, ...string[]]
  const child = spawn(program, programArgs, {
    cwd: userDir,
    // As the settings that Node-RED comes with take the port from it, flows may too.
    env: { ...process.env, PORT: String(port), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // What is left of a test run that was cut off would hold its port and its database.
  const killed = () => void child.kill('SIGKILL')
  process.once('exit', killed)
  options.signal?.addEventListener('abort', killed)
  const { log, logged } = follow(child, options.onLine)
  const url = `http://127.0.0.1:${port}`

  async function stop(): Promise<number | null> {
    const running = child.exitCode === null && child.signalCode === null
    if (running) {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const force = setTimeout(killed, STOP_MS)
      await ended
      clearTimeout(force)
    }
    process.off('exit', killed)
    if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true })
    return child.exitCode
  }

  async function kill(): Promise<void> {
    const ended = once(child, 'exit')
    killed()
    await ended
  }

  try {
    // Version 4 listens after it has started the flows, version 5 before.
    await Promise.all(
      [/Started flows|Waiting for missing types/, /Server now running at/].map(line =>
        logged(line, { timeoutMs: START_MS }),
      ),
    )
  } catch (error) {
    await stop()
    throw error
  }

  return {
    url,
    userDir,
    log,
    logged,
    stop,
    kill,
    async deploy(flows, type = 'full') {
      const from = log.length
      const reply = await fetch(`${url}/flows`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'node-red-deployment-type': type },
        body: JSON.stringify(flows),
      })
      if (!reply.ok) throw new Error(`deploying ended with ${reply.status}: ${await reply.text()}`)
      await logged(/Started (modified )?(flows|nodes)|Waiting for missing types/, { from, timeoutMs: DEPLOY_MS })
    },
  }
}

function defaults({ modulePath }: NodeRedOptions): object {
  return {
    uiHost: '127.0.0.1',
    flowFile: 'flows.json',
    credentialSecret: CREDENTIAL_SECRET,
    // Nothing here may reach out: no consent asked, no catalogue, no update check.
    telemetry: { enabled: false },
    externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
    editorTheme: { tours: false, projects: { enabled: false } },
    logging: { console: { level: 'info', metrics: false, audit: false } },
    ...(modulePath !== undefined && { nodesDir: [modulePath] }),
  }
}

function programOf(version: 4 | 5): string {
  return createRequire(join(root, 'package.json')).resolve(`${version === 4 ? 'node-red-4' : 'node-red'}/red.js`)
}

/** Node-RED cannot say which port it took when asked for any, so one is chosen for it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function follow(child: ChildProcess, onLine?: (line: string) => void): Pick<NodeRed, 'log' | 'logged'> {
  const log: string[] = []
  const changed = new Set<() => void>()
  let ended = false
  const tell = () => {
    for (const look of changed) look()
  }
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', line => {
      log.push(line)
      onLine?.(line)
      tell()
    })
  }
  child.once('close', () => {
    ended = true
    tell()
  })

  return {
    log,
    logged: (pattern, { from = 0, timeoutMs = 5_000 } = {}) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer)
          changed.delete(look)
          settle()
        }
        const fail = (why: string) =>
          finish(() => reject(new Error(`${why} before the log had ${pattern}:\n${log.slice(from).join('\n')}`)))
        const look = () => {
          const line = log.slice(from).find(text => pattern.test(text))
          if (line !== undefined) finish(() => resolve(line))
          else if (ended) fail('Node-RED ended')
        }
        const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs)
        changed.add(look)
        look()
      }),
  }
}
