import { toData } from '../data.ts'

/** More than this of a message is not kept, in characters of its JSON. */
export const MAX_COPY = 32 * 1024

/**
 * The plain data of a message, to go on with after a restart: its properties as JSON keeps them, in their order. What
 * JSON cannot keep is left out, as `req` and `res` of an http request, and what would make it longer than `MAX_COPY`.
 */
export function plainCopy(msg: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let left = MAX_COPY
  const kept: [name: string, value: unknown][] = []
  for (const [name, value] of Object.entries(msg)) {
    if (LIVE.has(name)) continue
    const data = toData(value)
    if (data === undefined) continue
    const size = JSON.stringify(name).length + JSON.stringify(data).length
    if (size > left) continue
    left -= size
    kept.push([name, data])
  }
  return Object.fromEntries(kept)
}

/** An http request and its answer are of a connection, and much to walk through before that shows. */
const LIVE = new Set(['req', 'res'])
