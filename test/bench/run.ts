// npm run bench: how fast the package is beside what else one could take, as ratios; medians of runs by turns.
// npm run bench -- segments: only the groups whose name has this in it.
// BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=/tmp/profiles' npm run bench -- sending: profiles the Node-REDs.
import { runScript } from '../../tools/project.ts'
import { codec } from './codec.ts'
import { debounce } from './debounce.ts'
import { durable } from './durable.ts'
import { forward } from './forward.ts'
import { loading } from './loading.ts'
import { modem } from './modem.ts'
import { installPeers, peerVersions } from './peers.ts'
import { receiving } from './receiving.ts'
import { routing } from './routing.ts'
import { cells } from './row.ts'
import type { Row } from './row.ts'
import { segments } from './segments.ts'
import { sending } from './sending.ts'

/** What takes minutes gives its rows one by one. */
const GROUPS: Readonly<Record<string, () => Promise<readonly Row[]> | AsyncIterable<Row>>> = {
  sending,
  receiving,
  durable,
  debounce,
  routing,
  forward,
  segments,
  codec,
  loading,
  modem,
}
/** These measure what would be published, in processes of their own. */
const OF_THE_BUILD: ReadonlySet<string> = new Set(['sending', 'receiving', 'durable', 'debounce', 'forward', 'loading'])

const filter = process.argv[2] ?? ''
const chosen = Object.entries(GROUPS).filter(([name]) => name.includes(filter))
if (chosen.length === 0) {
  console.error(`No group is named ${filter}; there are ${Object.keys(GROUPS).join(', ')}.`)
  process.exit(1)
}

await installPeers()
if (chosen.some(([name]) => OF_THE_BUILD.has(name))) {
  const built = await runScript('tools/build.ts')
  if (built.code !== 0) {
    console.error(built.stdout + built.stderr)
    process.exit(1)
  }
}

const startedAt = performance.now()
const peers = peerVersions().map(peer => peer.join(' '))
console.log(`Node.js ${process.version}; ${peers.join(', ')}`)
// Said with the figures: with the store that is the default, every message waits for the disk.
console.log('sending, receiving: messages kept in memory (sms-store), not on disk as by default\n')
print(cells())
for (const [, measure] of chosen) for await (const row of await measure()) print(cells(row))
console.log(`\nin ${Math.round((performance.now() - startedAt) / 1000)} s`)

function print([name = '', ...rest]: readonly string[]): void {
  console.log(name.padEnd(46) + rest.map(cell => cell.padStart(11)).join(''))
}
