// Builds what is published: dist/ for the runtime and resources/ for the editor. Both are wholly generated.
//   dist/nodes/x.js, x.html, locales/, icons/   Node-RED looks for the last three beside the .js
//   dist/lib/…                                  with declarations, for packages that bring a provider of their own
//   resources/nodes/editor/x.js, lib/y.js       ES modules that import each other by relative paths
import { cpSync, existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasEditorCode, root, runScript, tools } from './project.ts'

for (const folder of ['dist', 'resources']) rmSync(join(root, folder), { recursive: true, force: true })

const results = await Promise.all([
  runScript(tools.tsc, '-p', 'tsconfig.build.json'),
  ...(hasEditorCode() ? [runScript(tools.tsc, '-p', 'nodes/editor/tsconfig.json', ...forTheBrowser())] : []),
])
const failed = results.filter(({ code }) => code !== 0)
for (const { stdout, stderr } of failed) console.error(stdout + stderr)
if (failed.length > 0) {
  console.error('The build failed.')
  process.exit(1)
}

for (const html of globSync('nodes/*.html', { cwd: root })) copy(html, join('dist', html))
copy('nodes/locales', 'dist/nodes/locales')
copy('nodes/plugins', 'dist/nodes/plugins')
copy('icons', 'dist/nodes/icons')

function forTheBrowser(): string[] {
  return ['--noEmit', 'false', '--noEmitOnError', '--rootDir', '.', '--outDir', 'resources']
}

function copy(from: string, to: string): void {
  if (existsSync(join(root, from))) cpSync(join(root, from), join(root, to), { recursive: true })
}
