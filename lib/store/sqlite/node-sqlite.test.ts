import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { loadNodeSqlite } from './node-sqlite.ts'

describe("Node's SQLite", () => {
  it('is loaded when it is needed, and no sooner', () => {
    const script = `
      const loaded = () => process.moduleLoadList.some(name => name.endsWith('sqlite'))
      const { loadNodeSqlite } = await import(${JSON.stringify(new URL('index.ts', import.meta.url))})
        .then(() => import(${JSON.stringify(new URL('node-sqlite.ts', import.meta.url))}))
      const before = loaded()
      loadNodeSqlite()
      process.emitWarning('of another', 'ExperimentalWarning')
      console.log(before, loaded())`
    const { stdout, stderr } = run([], script)
    assert.equal(stdout, 'false true\n')
    assert.match(stderr, /of another/)
    assert.doesNotMatch(stderr, /SQLite/)
  })

  it('is refused where there is none, with what to do', () => {
    const advice = {
      code: 'SMS_CONFIG',
      message: /update Node\.js to 22\.13 or later, or choose an SMS store .* memory/,
    }
    assert.throws(() => loadNodeSqlite(() => undefined), advice)
    const script = `
      const { createSqliteStore } = await import(${JSON.stringify(new URL('index.ts', import.meta.url))})
      const { existsSync } = await import('node:fs')
      const path = '/tmp/sms-store-that-is-not-made/messages.db'
      await createSqliteStore({ path, retentionDays: 0 }).open(0).catch(error => console.log(error.code, existsSync(path)))`
    assert.equal(run(['--no-experimental-sqlite'], script).stdout, 'SMS_CONFIG false\n')
  })
})

function run(flags: readonly string[], script: string) {
  const args = [...flags, '--input-type=module', '--eval', script]
  return spawnSync(process.execPath, args, { encoding: 'utf8' })
}
