import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname } from 'node:path'
import { root } from './project.ts'

describe('run', () => {
  it('passes on arguments, output and exit code, with its Node first on the PATH', () => {
    const program = 'console.log(process.argv.slice(1), process.env.PATH ?? process.env.Path); process.exitCode = 7'
    const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/run.js', '-e', program, 'a b', 'c'], {
      cwd: root,
      encoding: 'utf8',
    })
    assert.deepEqual([status, stderr], [7, ''])
    assert.ok(stdout.startsWith(`[ 'a b', 'c' ] ${dirname(process.execPath)}${delimiter}`), stdout)
  })

  // Windows knows no signals between processes.
  if (process.platform !== 'win32') {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      it(`passes on ${signal}, and lets the program end in its own way`, async () => {
        const { runner, ended } = await start(
          `process.on('${signal}', () => { clearInterval(wait); process.exitCode = 5 })`,
        )
        runner.kill(signal)
        assert.deepEqual(await ended, [5, null])
      })
    }

    it('ends with 128 + the number of the signal that ended the program, as a shell would', async () => {
      const { runner, ended } = await start('')
      runner.kill('SIGTERM')
      assert.deepEqual(await ended, [143, null])
    })
  }
})

async function start(program: string): Promise<{ runner: ChildProcess; ended: Promise<unknown[]> }> {
  const running = `const wait = setInterval(() => {}, 1000); ${program}; console.log('ready')`
  const runner = spawn(process.execPath, ['tools/run.js', '-e', running], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(runner, 'exit')
  await once(runner.stdout, 'data')
  return { runner, ended }
}
