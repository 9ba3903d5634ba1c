import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { runChild } from './child.js'

/**
 * Runs npm with the given Node and resolves to its standard output; throws an Error with all it said when it fails.
 * No argument may hold a space: where only an npm on the PATH is found, Windows runs it through its shell.
 */
export async function npm(args, { cwd, node = process.execPath }) {
  const cli = findNpmCli()
  const { code, stdout, stderr } = cli
    ? await runChild(node, [cli, ...args], { cwd })
    : await runChild('npm', args, { cwd, shell: process.platform === 'win32' })
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
  return stdout
}

/** Installs what package-lock.json names, unless it is there. */
export async function installDependencies(root, node) {
  const wanted = readJson(join(root, 'package-lock.json'))
  const installedIn = folder => hasAll(wanted, readJson(join(folder, 'node_modules', '.package-lock.json')))
  if (installedIn(root)) return

  console.error('Installing the dependencies with npm …')
  await inTemporaryFolder(root, async folder => {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      if (existsSync(join(root, file))) copyFileSync(join(root, file), join(folder, file))
    }
    // Not npm ci: it refuses a lock file without the optional binaries of every platform, which is what npm writes where
    // a registry has not all of them. Our tools are development dependencies, whatever NODE_ENV says, and none of the
    // locked packages needs its scripts.
    await npm(['install', '--include=dev', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], {
      cwd: folder,
      node,
    })
    if (!installedIn(folder))
      throw new Error('package-lock.json does not fit package.json: run npm install and commit it')

    if (installedIn(root)) return // by another first run, meanwhile
    const current = join(root, 'node_modules')
    try {
      if (existsSync(current)) renameSync(current, join(folder, 'replaced'))
      renameSync(join(folder, 'node_modules'), current)
    } catch (error) {
      if (!installedIn(root)) throw error // else that other one came between these lines
    }
  })
}

/** Whether an installation (its hidden lock file) has every package of a lock file in that version. */
export function hasAll(wanted, installed) {
  return Object.entries(wanted?.packages ?? {}).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true
    const found = installed?.packages?.[path]
    // Optional ones are mostly the binaries of other platforms.
    return found ? found.version === version : Boolean(installed && (optional || devOptional))
  })
}

/**
 * Gives `work` an empty folder on the project's own disk, so that what it made there can be renamed into its place:
 * two first runs at once, or one that is interrupted, never leave half of an installation.
 */
export async function inTemporaryFolder(root, work) {
  const parent = join(root, '.node')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'temporary-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

// npm itself is a program for Node. Starting that avoids npm.cmd, which Windows runs only through its shell.
function findNpmCli() {
  const started = process.env.npm_execpath
  const beside = dirname(process.execPath)
  return [
    ...(started && basename(started) === 'npm-cli.js' ? [started] : []),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find(path => existsSync(path))
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
