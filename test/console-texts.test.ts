import assert from 'node:assert/strict'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../tools/project.ts'

const locales = join(root, 'nodes/plugins/locales')
const languages = readdirSync(locales)

describe('texts of the console', () => {
  it('are there in the languages of the dialogs', () =>
    assert.deepEqual(languages.sort(), readdirSync(join(root, 'nodes/locales')).sort()))

  for (const language of languages) {
    it(`have the same keys and variables in ${language} as in en-US`, () => {
      const [english, translated] = [catalogue('en-US'), catalogue(language)]
      assert.deepEqual([...translated.keys()].sort(), [...english.keys()].sort())
      for (const [key, text] of translated) {
        assert.deepEqual(variablesIn(text), variablesIn(english.get(key) ?? ''), key)
        assert.notEqual(text.trim(), '', key)
      }
    })
  }

  it('are all used, and all there', () => {
    const sources = globSync('nodes/editor/console/!(*.test).ts', { cwd: root })
    const code = sources.map(path => readFileSync(join(root, path), 'utf8')).join('\n')
    const known = [...catalogue('en-US').keys()]
    // Field labels are named where the fields are made.
    const named = [...code.matchAll(/'([a-z]\w*\.\w+)'/gi)].map(([, key = '']) => key)
    const calls = [...code.matchAll(/\bsay\((?:[^()]|\([^()]*\))*\)/g)].map(([call]) => call).join('\n')
    const said = [...calls.matchAll(/'([a-z]\w*(?:\.\w+)?)'/g)]
    for (const [, key = ''] of said) assert.ok(known.includes(key), key)
    // Named by what comes at run time.
    const computed = [...code.matchAll(/\bsay\(\s*(?:[^()`']*\? [^:]*: )?`(\w+)\.\$\{/g)].map(
      ([, prefix = '']) => `${prefix}.`,
    )
    const used = new Set([...named, ...said.map(([, key = '']) => key)])
    assert.deepEqual(
      known.filter(key => !used.has(key) && !computed.some(prefix => key.startsWith(prefix))),
      [],
    )
  })
})

function catalogue(language: string): Map<string, string> {
  const texts = new Map<string, string>()
  const walk = (node: object, prefix: string): void => {
    for (const [key, value] of Object.entries(node) as [string, unknown][]) {
      if (typeof value === 'object' && value !== null) walk(value, `${prefix}${key}.`)
      else texts.set(prefix + key, String(value))
    }
  }
  walk(JSON.parse(readFileSync(join(locales, language, 'sms-console.json'), 'utf8')) as object, '')
  return texts
}

const variablesIn = (text: string): string[] => (text.match(/__\w+?__/g) ?? []).sort()
