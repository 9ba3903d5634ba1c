// npm test: the checks, the build (the tests of the package look at dist/), then every test.
// npm test -- --grep x, npm test -- lib/x.test.ts: only these tests, without the checks.
import { runChild } from './child.js'
import { root, tools } from './project.ts'

const EVERY_TEST = '{lib,nodes,tools,test}/**/*.test.ts'
// The suite has to end by itself, which proves that everything in it closes what it opened.
const LIMIT_MS = 20 * 60_000

const args = process.argv.slice(2)
const named = args.some(arg => arg.endsWith('.test.ts'))

const [built, checked] = await Promise.all([run('tools/build.ts'), args.length === 0 ? run('tools/check.ts') : 0])
const tested = built === 0 ? await test() : built
if (checked !== 0) console.error('The checks failed, see above the tests.')
process.exitCode = tested || checked

async function test(): Promise<number> {
  const startedAt = performance.now()
  const reporter = process.env['SMS_TALLY'] ? ['--reporter', 'tools/tally-reporter.ts'] : []
  const code = await run(tools.mocha, '--forbid-only', ...reporter, ...args, ...(named ? [] : [EVERY_TEST]))
  if (performance.now() - startedAt > LIMIT_MS) {
    console.error('The tests were ended after twenty minutes: one of them hangs, or leaves something open.')
  }
  return code
}

async function run(script: string, ...scriptArgs: readonly string[]): Promise<number> {
  const options = { cwd: root, stdio: 'inherit', timeout: LIMIT_MS } as const
  return (await runChild(process.execPath, [script, ...scriptArgs], options)).code
}
