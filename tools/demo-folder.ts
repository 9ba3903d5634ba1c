import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './project.ts'

const PACKAGE = '@sms-flows/node-red-sms'
const FLOW = join(root, 'examples', 'First flow.json')

/** Where `npm start` and `npm run dev` keep what is built in the editor. */
export const demoFolder = join(root, '.demo')

/** Makes a user directory that has this package installed, as a link, and the first flow if it has none. */
export function prepareDemo(userDir: string): void {
  const link = join(userDir, 'node_modules', PACKAGE)
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { recursive: true, force: true })
  symlinkSync(root, link, 'junction')
  const flows = join(userDir, 'flows.json')
  if (!existsSync(flows)) copyFileSync(FLOW, flows)
}

/** Presses a button of the first flow; without effect where somebody has taken it out of theirs. */
export async function pressButton(url: string, name: string): Promise<void> {
  const nodes = JSON.parse(readFileSync(FLOW, 'utf8')) as { id: string; type: string; name?: string }[]
  const button = nodes.find(node => node.type === 'inject' && node.name === name)
  await fetch(`${url}/inject/${button?.id}`, { method: 'POST' })
}
