import type { MemoryName } from './profile.ts'

/** A message as a memory keeps it. */
export interface Slot {
  readonly index: number
  /** 0 received unread, 1 received read, 2 stored unsent, 3 stored sent (3GPP TS 27.005 §3.1). */
  status: 0 | 1 | 2 | 3
  /** With the service centre's address in front. */
  readonly pdu: string
}

/** One memory: SIM, modem, status reports. */
export interface Memory {
  readonly name: MemoryName
  capacity: number
  readonly slots: readonly Slot[]
  readonly used: number
  readonly isFull: boolean
  at(index: number): Slot | undefined
  /** Keeps it at the lowest free index, or nowhere: undefined. */
  put(pdu: string, status?: Slot['status']): Slot | undefined
  remove(index: number): boolean
  clear(): void
}

/** The memories a modem has, by name. */
export type Storage = Readonly<Partial<Record<MemoryName, Memory>>>

/** Memories of the given capacities, whose first index is 0 or 1. */
export function createStorage(capacities: Readonly<Partial<Record<MemoryName, number>>>, firstIndex: number): Storage {
  return Object.fromEntries(
    (Object.entries(capacities) as [MemoryName, number][]).map(([name, capacity]) => [
      name,
      createMemory(name, capacity, firstIndex),
    ]),
  )
}

function createMemory(name: MemoryName, capacity: number, firstIndex: number): Memory {
  const slots = new Map<number, Slot>()
  return {
    name,
    capacity,
    get slots() {
      return [...slots.values()].toSorted((a, b) => a.index - b.index)
    },
    get used() {
      return slots.size
    },
    get isFull() {
      return slots.size >= this.capacity
    },
    at: index => slots.get(index),
    put(pdu, status = 0) {
      if (this.isFull) return undefined
      let index = firstIndex
      while (slots.has(index)) index++
      const slot: Slot = { index, status, pdu }
      slots.set(index, slot)
      return slot
    },
    remove: index => slots.delete(index),
    clear: () => slots.clear(),
  }
}

/** Octets of a PDU after the service centre's address, as `+CMGL`, `+CMGR` and `+CMT` count them. */
export function tpduLength(pdu: string): number {
  const centreOctets = Number.parseInt(pdu.slice(0, 2), 16)
  return Math.max(0, Math.floor(pdu.length / 2) - 1 - (Number.isNaN(centreOctets) ? 0 : centreOctets))
}
