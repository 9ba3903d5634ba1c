// Runs a TypeScript program of the project, after installing what is missing for it:
//   node tools/run.js tools/test.ts --grep debounce
// This and what it imports are plain JavaScript for Node 20 without dependencies, as nothing is installed yet.
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from './child.js'
import { findNode } from './find-node.js'
import { installDependencies } from './npm.js'

const root = fileURLToPath(new URL('..', import.meta.url))

try {
  const node = await findNode(root)
  const env = withFirstOnPath(dirname(node))
  await installDependencies(root, node)
  const { code } = await runChild(node, process.argv.slice(2), { stdio: 'inherit', env })
  process.exitCode = code
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

function withFirstOnPath(folder) {
  // Windows spells it Path.
  const key = Object.keys(process.env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...process.env, [key]: [folder, process.env[key]].filter(Boolean).join(delimiter) }
}
