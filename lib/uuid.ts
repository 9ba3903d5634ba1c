import { randomFillSync } from 'node:crypto'

const POOL = Buffer.alloc(16 * 256)
let used = POOL.length
let lastMs = 0
let sequence = 0

/** A UUIDv7 (RFC 9562 §5.7), rising within one process even inside one millisecond (§6.2, method 1). */
export function uuidv7(nowMs = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs
    sequence = 0
  } else if (++sequence > 0xfff) {
    lastMs += 1
    sequence = 0
  }
  if (used === POOL.length) {
    randomFillSync(POOL)
    used = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  const random = POOL.toString('hex', used, used + 8)
  used += 8
  const variant = (8 | (Number.parseInt(random[0]!, 16) & 3)).toString(16)
  const counter = sequence.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${variant}${random.slice(1, 4)}-${random.slice(4)}`
}
