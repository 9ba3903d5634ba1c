import { existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './project.ts'

const PACKAGE = '@sms-flows/node-red-sms'
/** A tab each. */
const EXAMPLES = ['First flow', 'First SMS over a modem']

/** Where `npm start` and `npm run dev` keep what is built in the editor. */
export const demoFolder = join(root, '.demo')

/** Makes a user directory that has this package installed, as a link, and the first flows if it has none. */
export function prepareDemo(userDir: string): void {
  const link = join(userDir, 'node_modules', PACKAGE)
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { recursive: true, force: true })
  symlinkSync(root, link, 'junction')
  const flows = join(userDir, 'flows.json')
  if (!existsSync(flows)) writeFileSync(flows, JSON.stringify(readFlows(), null, 2))
}

/** Presses a button of the first flows; without effect where somebody has taken it out of theirs. */
export async function pressButton(url: string, name: string): Promise<void> {
  const button = readFlows().find(node => node.type === 'inject' && node.name === name)
  await fetch(`${url}/inject/${button?.id}`, { method: 'POST' })
}

interface FlowNode {
  readonly id: string
  readonly type: string
  readonly name?: string
}

const readFlows = (): FlowNode[] =>
  EXAMPLES.flatMap(name => JSON.parse(readFileSync(exampleFile(name), 'utf8')) as FlowNode[])

/** Where an example is, by its name in the menu. */
export function exampleFile(name: string): string {
  const [file] = globSync(`examples/**/${name}.json`, { cwd: root })
  if (file === undefined) throw new Error(`there is no example ${name}`)
  return join(root, file)
}
