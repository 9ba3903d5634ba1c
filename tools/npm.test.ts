import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasAll, inTemporaryFolder, npm } from './npm.js'

describe('npm', () => {
  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a/node_modules/b': { version: '2.0.0', optional: true },
    },
  }
  const a = { 'node_modules/a': { version: '1.0.0' } }
  const installations = [
    ['nothing installed', undefined, false],
    ['an empty installation', { packages: {} }, false],
    ['the right version', { packages: a }, true],
    ['another version', { packages: { 'node_modules/a': { version: '1.0.1' } } }, false],
    [
      'an optional package in the right version',
      { packages: { ...a, 'node_modules/a/node_modules/b': { version: '2.0.0' } } },
      true,
    ],
    [
      'an optional package in another version',
      { packages: { ...a, 'node_modules/a/node_modules/b': { version: '2.0.1' } } },
      false,
    ],
    ['one package too many', { packages: { ...a, 'node_modules/c': { version: '3.0.0' } } }, true],
  ] as const
  for (const [title, installed, expected] of installations) {
    it(`${expected ? 'is content with' : 'installs again for'} ${title}`, () => {
      assert.equal(hasAll(wanted, installed), expected)
    })
  }

  describe('in a folder', () => {
    let folder: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'npm-test-'))
    })
    afterEach(() => rmSync(folder, { recursive: true }))

    it('removes the temporary folder, also after a failure', async () => {
      const work = inTemporaryFolder(folder, async temporary => {
        writeFileSync(join(temporary, 'half'), '')
        throw new Error('interrupted')
      })
      await assert.rejects(work, /interrupted/)
      assert.deepEqual(readdirSync(join(folder, '.node')), [])
    })

    it('gives every process a temporary folder of its own', async () => {
      await inTemporaryFolder(folder, first =>
        inTemporaryFolder(folder, async second => {
          assert.notEqual(first, second)
          assert.ok(existsSync(first) && existsSync(second))
        }),
      )
    })

    it('says what npm said when it fails', async () => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }')
      await assert.rejects(
        npm(['ci', '--offline'], { cwd: folder }),
        /npm ci --offline ended with \d+:[\s\S]*package-lock/,
      )
    })
  })
})
