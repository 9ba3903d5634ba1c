import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { root } from '../tools/project.ts'

// Who may import whom: the first row whose pattern fits a file says what it may import from the project.
// $1 stands for what the pattern's group found.
const MAY_IMPORT: readonly (readonly [file: string, ...allowed: string[]])[] = [
  ['nodes/editor/', 'nodes/editor/', 'lib/'],
  ['nodes/', 'nodes/(?!editor/)', 'lib/'],
  ['lib/gsm/', 'lib/gsm/'],
  ['lib/at/', 'lib/at/', 'lib/errors.ts$', 'lib/transport/(transport|contract).ts$'],
  ['lib/providers/modem/', 'lib/providers/modem/', 'lib/(at|gsm|transport)/', 'lib/[^/]+$'],
  ['lib/providers/([^/]+)', 'lib/providers/$1/', 'lib/[^/]+$'],
  ['lib/', 'lib/'],
]
// These run in a browser or want to be pure: neither a package nor a module of Node.
const WITHOUT_PACKAGES = /^(nodes\/editor|lib\/gsm)\//
// Big or native: loaded where they are used, not with every node. One of them is native and may even be missing.
const NOT_BY_NODES = new Set(['undici', 'libphonenumber-js', 'serialport'])
const ONLY_WHEN_USED = new Set(['serialport'])

const LONGEST_FILE_LINES = 300
/** Files that are mostly one table and may be longer. */
const TABLES: readonly string[] = []

describe('architecture', () => {
  it('holds: who imports whom, and how long a file is', () => {
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { dependencies: object }
    assert.deepEqual(violations(productionSources(), Object.keys(manifest.dependencies)), [])
  })

  it('exempts only tables that exist', () => {
    const paths = new Set(productionSources().map(({ path }) => path))
    assert.deepEqual(
      TABLES.filter(path => !paths.has(path)),
      [],
    )
  })

  const wrong: readonly (readonly [path: string, text: string])[] = [
    ['lib/outbox/lane.ts', `import { red } from '../../nodes/shared/red.ts'`],
    ['lib/outbox/lane.ts', `import type { Red } from '../../nodes/shared/red.ts'`],
    ['lib/providers/smsc/send.ts', `export * from '../twilio/index.ts'`],
    ['lib/providers/smsc/send.ts', `import {\n  packSeptets,\n  type Septets,\n} from '../../gsm/septets.ts'`],
    ['lib/providers/smsc/send.ts', `import { openStore } from '../../store/sqlite.ts'`],
    ['lib/providers/shared.ts', `import { sendSms } from './twilio/send.ts'`],
    ['lib/providers/modem/session.ts', `import { httpProvider } from '../forward/client.ts'`],
    ['lib/gsm/deliver.ts', `import { SmsError } from '../errors.ts'`],
    ['lib/gsm/deliver.ts', `import { Buffer } from 'node:buffer'`],
    ['lib/at/channel.ts', `import { openSerial } from '../transport/serial.ts'`],
    ['lib/at/channel.ts', `const { decode } = await import('../gsm/deliver.ts')`],
    ['lib/http.ts', `import { createServer } from '../test/sim/http.ts'`],
    ['nodes/sms-out.ts', `import { root } from '../tools/project.ts'`],
    ['nodes/sms-out.ts', `import { pick } from './editor/picker.ts'`],
    ['nodes/sms-out.ts', `import { request } from 'undici'`],
    ['nodes/shared/phone.ts', `import parse from 'libphonenumber-js/max'`],
    ['nodes/editor/picker.ts', `import { request } from 'undici'`],
    ['lib/transport/serial.ts', `import { SerialPort } from 'serialport'`],
    ['lib/http.ts', `import express from 'express'`],
    ['lib/http.ts', `import 'node-red'`],
    ['lib/http.ts', `import { readFileSync } from 'fs'`],
    ['lib/http.ts', 'const x = 1\n'.repeat(LONGEST_FILE_LINES + 1)],
  ]
  const right: readonly (readonly [path: string, text: string])[] = [
    ['nodes/sms-out.ts', `import { onInput } from './shared/input.ts'\nimport { SmsError } from '../lib/errors.ts'`],
    ['nodes/sms-out.ts', `import type { Dispatcher } from 'undici'`],
    ['nodes/editor/counter.ts', `import { segments } from '../../lib/segments.ts'`],
    ['lib/http.ts', `import { request } from 'undici'\nimport { once } from 'node:events'`],
    ['lib/transport/serial.ts', `const { SerialPort } = await import('serialport')`],
    [
      'lib/providers/smsc/send.ts',
      `import { statuses } from './statuses.ts'\nimport { SmsError } from '../../errors.ts'`,
    ],
    ['lib/providers/modem/session.ts', `import { decode } from '../../gsm/deliver.ts'`],
    ['lib/at/channel.ts', `import type { Transport } from '../transport/transport.ts'`],
    ['lib/http.ts', `// import x from 'express'\n/**\n * import x from 'express'\n */\nexport const from = 'express'`],
    ['lib/http.ts', '// why\n\n/* a\n * b\n */\n'.repeat(LONGEST_FILE_LINES)],
  ]
  for (const [path, text] of wrong) {
    it(`would see ${path}: ${text.slice(0, 80).split('\n', 4).join(' ')}`, () => {
      assert.equal(violations([{ path, text }], ['undici', 'libphonenumber-js', 'serialport']).length, 1)
    })
  }
  it('lets pass what is right', () => {
    const sources = right.map(([path, text]) => ({ path, text }))
    assert.deepEqual(violations(sources, ['undici', 'libphonenumber-js', 'serialport']), [])
  })
})

interface Source {
  /** From the project's root, with slashes. */
  readonly path: string
  readonly text: string
}

interface Import {
  readonly name: string
  readonly kind: 'static' | 'dynamic' | 'type'
}

function productionSources(): Source[] {
  return globSync('{nodes,lib}/**/*.{ts,js}', { cwd: root })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => !path.endsWith('.test.ts'))
    .map(path => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }))
}

function violations(sources: readonly Source[], dependencies: readonly string[]): string[] {
  return sources.flatMap(source => {
    const lines = countLinesOfCode(source.text)
    const tooLong = lines > LONGEST_FILE_LINES && !TABLES.includes(source.path)
    return [
      ...(tooLong ? [`${source.path} has ${lines} lines of code`] : []),
      ...importsOf(source.text)
        .map(found =>
          found.name.startsWith('.') ? judgeFile(source.path, found) : judgePackage(source.path, found, dependencies),
        )
        .filter(problem => problem !== undefined)
        .map(problem => `${source.path} ${problem}`),
    ]
  })
}

function judgeFile(path: string, { name }: Import): string | undefined {
  const target = posix.join(posix.dirname(path), name)
  for (const [file, ...allowed] of MAY_IMPORT) {
    const match = new RegExp(`^${file}`).exec(path)
    if (!match) continue
    const fits = allowed.some(pattern => new RegExp(`^${pattern.replace('$1', match[1] ?? '')}`).test(target))
    return fits ? undefined : `imports ${target}`
  }
  return `is in no layer`
}

function judgePackage(path: string, { name, kind }: Import, dependencies: readonly string[]): string | undefined {
  if (WITHOUT_PACKAGES.test(path)) return `imports ${name}, but must run without packages`
  if (name.startsWith('node:')) return undefined
  if (builtinModules.includes(name)) return `imports ${name} without node:`

  const packageName = name.split('/', name.startsWith('@') ? 2 : 1).join('/')
  if (!dependencies.includes(packageName)) return `imports ${packageName}, which is no dependency`
  const asked = path.startsWith('nodes/') ? NOT_BY_NODES : ONLY_WHEN_USED
  if (kind === 'static' && asked.has(packageName)) return `loads ${packageName} before it is used`
  return undefined
}

/** Finds imports as text: statements begin a line, as the formatter leaves them; import(…) stands anywhere but in a comment. */
function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[\w$*{},\s]+?\sfrom\s*)?['"]([^'"]+)['"]/gm)
  const calls = text.matchAll(/^(?!\s*(?:\/\/|\*|\/\*)).*?\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm)
  return [
    ...[...statements].map(([, type, name = '']): Import => ({ name, kind: type ? 'type' : 'static' })),
    ...[...calls].map(([, name = '']): Import => ({ name, kind: 'dynamic' })),
  ]
}

function countLinesOfCode(text: string): number {
  const lines = text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').split('\n')
  return lines.filter(line => line.trim() !== '' && !line.trim().startsWith('//')).length
}
