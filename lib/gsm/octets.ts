/**
 * Room for so many octets. The engine takes up to a microsecond to make an array of more than 64, and next to nothing to
 * make one that is a part of another.
 */
export function roomFor(count: number): Uint8Array {
  if (count > BLOCK_OCTETS) return new Uint8Array(count)
  if (taken + count > BLOCK_OCTETS) {
    block = new Uint8Array(BLOCK_OCTETS)
    taken = 0
  }
  taken += count
  return block.subarray(taken - count, taken)
}

const BLOCK_OCTETS = 0x2000
let block = new Uint8Array(BLOCK_OCTETS)
let taken = 0
