import { compose } from '../../lib/compose.ts'
import { createGateway } from '../../lib/gateway.ts'
import type { Gateway } from '../../lib/gateway.ts'
import { createTestCarrier } from '../../lib/providers/test/index.ts'
import { createRouter } from '../../lib/router/index.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import { interleave } from './compare.ts'
import { costRow, rateRow } from './row.ts'
import type { Row } from './row.ts'

const ROUNDS = 5
const COUNT = 3_000
const RECIPIENTS = 10_000
const TEXT = 'The door at the back is open'

/** What a router costs: messages through it (`ours`) against the same sent to its first provider (`peer`). */
export async function routing(): Promise<readonly Row[]> {
  const gateway = createGateway({ store: createMemoryStore(), log() {} })
  const slots = new Map([1, 2, 3].map(slot => [`p${slot}`, `carrier${slot}`]))
  for (const id of slots.values()) gateway.use(id, createTestCarrier({ name: id, mode: 'null' }))
  const routes = [{ when: { category: 'alarm' }, use: ['p3'] }, { when: { country: 'DE' }, use: ['p2'] }, {}]
  gateway.use('router', createRouter({ name: 'Bench', slots, routes }))
  try {
    const made = await interleave(
      ROUNDS,
      () => run(gateway, 'router'),
      () => run(gateway, 'carrier1'),
      { warmUps: 3 },
    )
    const many = await inOneCall(gateway)
    return [
      rateRow('through a router, against its provider', made.rate),
      costRow('through a router: CPU of a message', made.cpuUs, 'µs'),
      known('10 000 recipients in one call', `${many.ms} ms`),
      known('10 000 recipients in one call: heap', `${many.heapMb} MB`),
    ]
  } finally {
    await gateway.close()
  }
}

async function run(gateway: Gateway, via: string) {
  const from = process.cpuUsage()
  const startedAt = performance.now()
  for (let i = 0; i < COUNT; i++) await sendTo(gateway, via, '+380501112233')
  const { user, system } = process.cpuUsage(from)
  return { rate: COUNT / ((performance.now() - startedAt) / 1000), cpuUs: (user + system) / COUNT }
}

async function sendTo(gateway: Gateway, via: string, to: string | readonly string[]): Promise<void> {
  const wanted = { to, text: TEXT, options: {}, onDoubt: 'fail' } as const
  const { sendings } = await compose(wanted, gateway.find(via)!, Date.now())
  const records = await gateway.outbox.submit(sendings)
  await Promise.all(records.map(({ id }) => gateway.outbox.wait(id, 'accepted', 60_000)))
}

/** The heap is what is in use when all is stored and sent, above what was before. */
async function inOneCall(gateway: Gateway): Promise<{ ms: number; heapMb: number }> {
  const to = Array.from({ length: RECIPIENTS }, (_, index) => `+38050${String(1_000_000 + index)}`)
  const before = process.memoryUsage().heapUsed
  const startedAt = performance.now()
  await sendTo(gateway, 'router', to)
  const ms = Math.round(performance.now() - startedAt)
  return { ms, heapMb: Math.round((process.memoryUsage().heapUsed - before) / 2 ** 20) }
}

const known = (name: string, ours: string): Row => ({ name, ours, peer: '', ratio: Number.NaN })
