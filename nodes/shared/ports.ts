import { systemClock } from '../../lib/clock.ts'
import { createCalls } from '../../lib/deadline.ts'
import { toSmsError } from '../../lib/errors.ts'
import { detectModems } from '../../lib/providers/modem/detect.ts'
import type { Detected } from '../../lib/providers/modem/detect.ts'
import { openTransport } from '../../lib/transport/open.ts'
import { listPorts } from '../../lib/transport/ports.ts'
import type { Port } from '../../lib/transport/contract.ts'
import { portKey } from '../../lib/transport/same-port.ts'
import { onPost } from './admin.ts'
import { holdersOf } from './holders.ts'
import type { HttpAdmin, Red } from './red.ts'

/** One runtime serves it once, however often its nodes are loaded. */
const served = new WeakSet<HttpAdmin>()

/** Serves the editor's list of this machine's serial ports, `GET sms/ports`, to who may see what this package shows there. */
export function servePorts(RED: Red, list: () => Promise<readonly Port[]> = listPorts): void {
  const { httpAdmin, auth } = RED
  onPost(RED, '/sms/ports/detect', () => detect(RED, list))
  if (!httpAdmin || !auth || served.has(httpAdmin)) return
  served.add(httpAdmin)
  httpAdmin.get('/sms/ports', auth.needsPermission('sms.read'), (_request, response) => {
    void list()
      .then(
        ports => ({ status: 200, body: ports as unknown }),
        (thrown: unknown) => ({ status: 500, body: toSmsError(thrown).toJSON() as unknown }),
      )
      .then(({ status, body }) => {
        response.statusCode = status
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(body))
      })
  })
}

/** What a dialog is told of a port; one that a node of ours has open is never touched. */
type Told = Detected | { readonly port: string; readonly is: 'held'; readonly name: string }

const DETECT_MS = 10_000

/** `POST sms/ports/detect`: which of this machine's ports have a modem behind them. */
async function detect(RED: Red, list: () => Promise<readonly Port[]>): Promise<{ readonly ports: readonly Told[] }> {
  const [ports, holders] = await Promise.all([list(), holdersOf(RED)])
  const known = await Promise.all(
    ports.map(async ({ path, byId = path }) => ({ port: byId, holder: holders.get(await portKey(byId)) })),
  )
  const free = known.flatMap(({ port, holder }) => (holder ? [] : [port]))
  const detected = await createCalls(systemClock).run(DETECT_MS, signal =>
    detectModems(free, { clock: systemClock, signal, open: port => openTransport(port, { baudRate: 115_200 }) }),
  )
  const held = known.flatMap(({ port, holder }) =>
    holder ? [{ port, is: 'held', name: holder.provider.name } as const] : [],
  )
  return { ports: [...detected, ...held] }
}
