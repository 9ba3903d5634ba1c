import { isHex, splitFields, toNumber } from './fields.ts'

/** Where a message lies: an index means nothing without its memory. */
export interface Slot {
  /** As `SM`, `ME`, `SR`. */
  readonly memory: string
  readonly index: number
}

/** `+CMTI` and `+CDSI` (3GPP TS 27.005 §3.4.1). */
export function readSlot(text: string | undefined): Slot | undefined {
  const [memory = '', index] = splitFields(text ?? '')
  const number = toNumber(index)
  return memory === '' || number === undefined ? undefined : { memory: memory.toUpperCase(), index: number }
}

/** How full a memory is. */
export interface Memory {
  /** Absent in the answer to `AT+CPMS=…`, which has no names. */
  readonly memory?: string
  readonly used: number
  readonly total: number
}

/** `+CPMS?` and the answer to `AT+CPMS=…` (§3.2.2): one for reading, one for writing, one for receiving; up to three. */
export function readMemories(text: string | undefined): Memory[] {
  const fields = splitFields(text ?? '')
  const named = fields[0] !== undefined && fields[0] !== '' && toNumber(fields[0]) === undefined
  const width = named ? 3 : 2
  const memories: Memory[] = []
  for (let at = 0; at + width <= fields.length; at += width) {
    const used = toNumber(fields[at + width - 2])
    const total = toNumber(fields[at + width - 1])
    if (used === undefined || total === undefined) break
    memories.push({ ...(named ? { memory: (fields[at] ?? '').toUpperCase() } : {}), used, total })
  }
  return memories
}

/** What lies in a slot, as `+CMGL` and `+CMGR` tell it in PDU mode (§4.1, §4.2). */
export interface StoredPdu {
  /** 0 received and unread, 1 received and read, 2 stored and unsent, 3 stored and sent. */
  readonly status?: number
  /** Octets without the service centre's address, as the header says; not proven to be true. */
  readonly tpduLength?: number
  /** Hexadecimal in upper case; '' where the modem told none, and whatever it told where that is no hexadecimal. */
  readonly pdu: string
}

export interface ListedPdu extends StoredPdu {
  readonly index: number
}

/** The lines of `AT+CMGL=4`; a header without its PDU stays, with '', so that its slot can be freed. */
export function readListing(lines: readonly string[]): ListedPdu[] {
  const found: ListedPdu[] = []
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith('+CMGL:')) continue
    const [index, status, length] = headerOf(line)
    if (index !== undefined) found.push({ index, ...storedPdu(status, length, lines.slice(at + 1), '+CMGL:') })
  }
  return found
}

/** The lines of `AT+CMGR=…`; undefined for a slot with nothing in it. */
export function readStoredPdu(lines: readonly string[]): StoredPdu | undefined {
  const at = lines.findIndex(line => line.startsWith('+CMGR:'))
  if (at < 0) return undefined
  const [status, length] = headerOf(lines[at] ?? '')
  const stored = storedPdu(status, length, lines.slice(at + 1), '+CMGR:')
  // Some modems tell an empty slot as `+CMGR: 0,,0`.
  return stored.pdu === '' && !length ? undefined : stored
}

/** `+CMGS`, `+CMSS`, `+CMGC` (§3.5): the reference TP-MR, 0–255. */
export function readReference(text: string | undefined): number | undefined {
  const reference = toNumber(splitFields(text ?? '')[0])
  return reference === undefined || reference > 255 ? undefined : reference
}

/** Index, status and length, or status and length: the numbers first, then the length, which is the last. */
function headerOf(line: string): (number | undefined)[] {
  const fields = splitFields(line.slice(line.indexOf(':') + 1))
  const length = toNumber(fields.at(-1))
  // Between them stands a name of the phone book, or nothing.
  return line.startsWith('+CMGL:') ? [toNumber(fields[0]), toNumber(fields[1]), length] : [toNumber(fields[0]), length]
}

function storedPdu(
  status: number | undefined,
  tpduLength: number | undefined,
  rest: readonly string[],
  header: string,
): StoredPdu {
  const [next = ''] = rest
  const pdu = next.startsWith(header) ? '' : next
  return {
    ...(status === undefined ? {} : { status }),
    ...(tpduLength === undefined ? {} : { tpduLength }),
    pdu: isHex(pdu) ? pdu.toUpperCase() : pdu,
  }
}
