import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { npm } from '../tools/npm.js'
import { root } from '../tools/project.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly repository?: unknown
  readonly keywords: readonly string[]
  readonly files: readonly string[]
  readonly dependencies: Record<string, string>
  readonly engines: { readonly node: string }
  readonly 'node-red': {
    readonly version: string
    readonly nodes: Record<string, string>
    readonly plugins: Record<string, string>
  }
}

interface Semver {
  satisfies(version: string, range: string): boolean
  minVersion(range: string): { readonly version: string }
}

interface Packed {
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

const require = createRequire(join(root, 'package.json'))
const manifest = require('./package.json') as Manifest
const nodeRed5 = require('node-red/package.json') as Manifest
const nodeRed4 = require('node-red-4/package.json') as Manifest
// What Node-RED itself compares versions with.
const semver = createRequire(require.resolve('node-red'))('semver') as Semver

// The names are those of the Flow Library's scorecard (node-red-dev), whose own tool needs the network.
describe('package', () => {
  it('P01, P03, P05: has a licence, a repository and the keyword', () => {
    assert.equal(manifest.license, 'MIT')
    assert.ok(existsSync(join(root, 'LICENSE')))
    assert.ok(manifest.repository)
    assert.ok(manifest.keywords.includes('node-red'))
  })

  it('P04: is named with a scope', () => {
    assert.match(manifest.name, /^@[a-z-]+\/node-red-[a-z-]+$/)
  })

  it('P06: accepts the Node-RED versions it is tested with', () => {
    for (const { version } of [nodeRed4, nodeRed5, { version: '4.1.0' }, { version: '5.0.7' }]) {
      assert.ok(semver.satisfies(version, manifest['node-red'].version), version)
    }
    assert.equal(semver.satisfies('4.0.9', manifest['node-red'].version), false)
  })

  it('P07: accepts the oldest Node.js that the newest Node-RED does', () => {
    const oldest = semver.minVersion(nodeRed5.engines.node).version
    assert.ok(semver.satisfies(oldest, manifest.engines.node), oldest)
  })

  it('D01: has at most six dependencies', () => {
    assert.ok(Object.keys(manifest.dependencies).length <= 6)
  })

  it('names every node that has sources, and no other', () => {
    const sets = new Set(Object.keys(manifest['node-red'].nodes))
    for (const set of sets) assert.equal(manifest['node-red'].nodes[set], `dist/nodes/${set}.js`)
    assert.deepEqual(namesOf('nodes/*.html', '.html'), sets)
    assert.deepEqual(namesOf('nodes/!(*.test).ts', '.ts'), sets)
  })

  it('N02: registers types in a way the Flow Library can read, with an example for each that is no config node', () => {
    const inExamples = new Set(globSync('examples/**/*.json', { cwd: root }).flatMap(typesInFlow))
    for (const set of Object.keys(manifest['node-red'].nodes)) {
      const registered = registrationsIn(readFileSync(join(root, 'nodes', `${set}.html`), 'utf8'))
      assert.ok(registered.length > 0, `${set}.html has no RED.nodes.registerType('…', {…}) the library can read`)
      for (const { type, category } of registered) {
        assert.ok(category === 'config' || inExamples.has(type), `no example has a node of type ${type}`)
      }
    }
  })
})

describe('packed package', () => {
  const paths = new Set<string>()
  let packedBytes = 0

  before(async function () {
    this.timeout(60_000)
    assert.ok(existsSync(join(root, 'dist')), 'dist/ is missing: npm run build makes it')
    const [packed] = JSON.parse(await npm(['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root })) as [
      Packed,
    ]
    for (const { path } of packed.files) paths.add(path)
    packedBytes = packed.size
  })

  it('has the code, dialog, texts and icons of every node', () => {
    const expected = [
      ...Object.values(manifest['node-red'].nodes).flatMap(path => [
        path,
        path.replace(/js$/, 'html'),
        path.replace(/js$/, 'd.ts'),
      ]),
      ...globSync('nodes/locales/**/*.{json,html}', { cwd: root }).map(path => `dist/${slashes(path)}`),
      ...Object.values(manifest['node-red'].plugins),
      ...globSync('nodes/plugins/**/*.{json,html}', { cwd: root }).map(path => `dist/${slashes(path)}`),
      ...globSync('icons/*.svg', { cwd: root }).map(path => `dist/nodes/icons/${basename(path)}`),
      ...globSync('examples/**/*.json', { cwd: root }).map(slashes),
      ...globSync('nodes/editor/**/!(*.test).ts', { cwd: root }).map(
        path => `resources/${slashes(path).replace(/ts$/, 'js')}`,
      ),
    ]
    assert.deepEqual(
      expected.filter(path => !paths.has(path)),
      [],
    )
  })

  it('has what every package should', () => {
    for (const path of ['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md']) assert.ok(paths.has(path), path)
  })

  it('has nothing else: no sources, no tests', () => {
    const allowed = [
      /^(package\.json|LICENSE|README\.md|CHANGELOG\.md)$/,
      /^dist\/(lib|nodes)\/.+(?<!\.test)(\.js|\.d\.ts)$/,
      /^dist\/nodes\/((plugins\/)?[^/]+\.html|(plugins\/)?locales\/.+\.(json|html)|icons\/[^/]+\.svg)$/,
      /^resources\/(lib|nodes\/editor)\/.+(?<!\.test)\.js$/,
      /^examples\/.+\.json$/,
    ]
    assert.deepEqual(
      [...paths].filter(path => !allowed.some(pattern => pattern.test(path))),
      [],
    )
  })

  it('is small', function () {
    this.runnable().title += `: ${paths.size} files, ${Math.round(packedBytes / 1000)} kB`
    assert.ok(packedBytes < 1_000_000)
  })
})

/** The library reads the html without running it, so it wants literals in an inline script of this very type. */
function registrationsIn(html: string): { type: string; category: string | undefined }[] {
  const scripts = html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)
  const [, ...calls] = [...scripts]
    .map(([, code]) => code)
    .join('\n')
    .split('RED.nodes.registerType(')
  return calls.flatMap(call => {
    const type = /^\s*(['"])(.+?)\1\s*,\s*\{/.exec(call)?.[2]
    return type ? [{ type, category: /\bcategory:\s*(['"])(.+?)\1/.exec(call)?.[2] }] : []
  })
}

function namesOf(pattern: string, extension: string): Set<string> {
  return new Set(globSync(pattern, { cwd: root }).map(path => basename(path, extension)))
}

function typesInFlow(path: string): string[] {
  const nodes = JSON.parse(readFileSync(join(root, path), 'utf8')) as { type: string }[]
  return nodes.map(({ type }) => type)
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
