// Everything that can be said about the code without running it. All of it is said, even if one part fails.
import { hasEditorCode, runScript, tools } from './project.ts'

const formatted = ['**/*.{ts,js,json}', '!**/fixtures/**', '!package-lock.json']

const passed = await Promise.all([
  check('types', tools.tsc, '-p', 'tsconfig.json', '--noEmit'),
  hasEditorCode() ? check('editor types', tools.tsc, '-p', 'nodes/editor/tsconfig.json', '--noEmit') : true,
  check('lint', tools.oxlint, '--type-aware'),
  check('format', tools.oxfmt, '--check', ...formatted),
])
if (passed.includes(false)) process.exitCode = 1

async function check(name: string, script: string, ...args: readonly string[]): Promise<boolean> {
  const { code, stdout, stderr } = await runScript(script, ...args)
  console.log(code === 0 ? `✓ ${name}` : `✗ ${name}\n${stdout}${stderr}`)
  return code === 0
}
