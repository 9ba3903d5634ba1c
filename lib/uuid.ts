import { randomFillSync } from 'node:crypto'

/** Makes UUIDv7s (RFC 9562 §5.7) that rise, even inside one millisecond and when the clock goes back (§6.2, method 1). */
export function createUuidv7(): (nowMs?: number) => string {
  const pool = Buffer.alloc(16 * 256)
  let used = pool.length
  let lastMs = 0
  let sequence = 0

  return (nowMs = Date.now()) => {
    if (nowMs > lastMs) {
      lastMs = nowMs
      sequence = 0
    } else if (++sequence > 0xfff) {
      lastMs += 1
      sequence = 0
    }
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const time = lastMs.toString(16).padStart(12, '0')
    const random = pool.toString('hex', used, used + 8)
    used += 8
    const variant = (8 | (Number.parseInt(random[0]!, 16) & 3)).toString(16)
    const counter = sequence.toString(16).padStart(3, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${variant}${random.slice(1, 4)}-${random.slice(4)}`
  }
}

/** The ids of this process. */
export const uuidv7 = createUuidv7()
