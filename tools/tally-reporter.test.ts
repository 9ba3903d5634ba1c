import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { root, tools } from './project.ts'

describe('tally-reporter', () => {
  it('adds a line per run with how many tests passed and failed, failing hooks included', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-'))
    try {
      const [suite, tally] = [join(folder, 'suite.cjs'), join(folder, 'tally')]
      const failingHook = `describe('c', () => { before(() => { throw 1 }); it('d', () => {}) })`
      writeFileSync(
        suite,
        `it('a', () => {}); it('b', () => { throw new Error('wrong') }); it('pending'); ${failingHook}`,
      )
      const mocha = ['--no-config', '--reporter', 'tools/tally-reporter.ts', suite]
      for (const _ of [1, 2]) {
        const { status, stdout } = spawnSync(process.execPath, [tools.mocha, ...mocha], {
          cwd: root,
          encoding: 'utf8',
          env: { ...process.env, SMS_TALLY: tally },
        })
        assert.equal(status, 2)
        assert.match(stdout, /2 failing/)
      }
      assert.equal(readFileSync(tally, 'utf8'), '1 2\n1 2\n')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
