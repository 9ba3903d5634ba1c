// npm run chaos: kills a real Node-RED fifty times while messages go out and come in, then counts what became of each.
// npm run chaos -- --kills 8 --seed 42: so many kills, and the same chance once more.
import { parseArgs } from 'node:util'
import { runScript } from '../../tools/project.ts'
import { runChaos } from './chaos.ts'
import { printed } from './table.ts'

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
const [kills, seed] = [Number(values.kills ?? 50), Number(values.seed ?? Date.now() % 1_000_000)]
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error('npm run chaos [-- [--kills 50] [--seed 1]]')
  process.exit(2)
}

const built = await runScript('tools/build.ts')
if (built.code !== 0) {
  console.error(built.stdout + built.stderr)
  process.exit(1)
}
const startedAt = performance.now()
console.log(`${kills} kills, seed ${seed}`)
const chaos = await runChaos({ kills, seed, tell: line => console.log(line) })
console.log(`\n${printed(chaos)}\n\nin ${Math.round((performance.now() - startedAt) / 1_000)} s, seed ${seed}`)
if (chaos.problems.length > 0) process.exitCode = 1
