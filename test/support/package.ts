import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm } from '../../tools/npm.js'
import { root } from '../../tools/project.ts'

let packed: Promise<string> | undefined

/** A new user directory with this package installed from its tarball, as the palette manager does; remove it after. */
export async function installPackage(): Promise<string> {
  packed ??= pack()
  const tarball = await packed
  const userDir = mkdtempSync(join(tmpdir(), 'sms-user-'))
  writeFileSync(join(userDir, 'package.json'), JSON.stringify({ name: 'node-red-project', private: true }))
  const asPaletteManager = ['--save', '--save-prefix=~', '--omit=dev', '--engine-strict']
  await npm(['install', ...asPaletteManager, '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: userDir })
  return userDir
}

async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sms-pack-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await npm(['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  return join(
    folder,
    readdirSync(folder).find(file => file.endsWith('.tgz'))!,
  )
}
