import type { DataCoding, Waiting } from './pdu.ts'

/** What a TP-DCS octet says (3GPP TS 23.038 §4). Reserved codings are to be taken for the default alphabet. */
export const readCoding = (octet: number): DataCoding => CODINGS[octet & 0xff] as DataCoding

/** The TP-DCS of a message of an alphabet, with a class or without one. */
export function codingOctet(alphabet: DataCoding['alphabet'], messageClass?: 0 | 1 | 2 | 3): number {
  const general = ALPHABETS.indexOf(alphabet) << 2
  return messageClass === undefined ? general : general | 0x10 | messageClass
}

const ALPHABETS = ['gsm7', '8bit', 'ucs2'] as const
const WAITING_KINDS = ['voicemail', 'fax', 'email', 'other'] as const satisfies readonly Waiting['kind'][]

/** Kind of a waiting message from the two bits every indication has for it. */
export const waitingKind = (bits: number): Waiting['kind'] => WAITING_KINDS[bits & 3] as Waiting['kind']

const CODINGS: readonly DataCoding[] = Array.from({ length: 0x100 }, (_, octet) => {
  const group = octet >> 4
  // 00xx is the general group, 01xx the same for messages that delete themselves.
  if (group < 0x8) return general(octet)
  if (group < 0xc) return { octet, alphabet: 'gsm7', compressed: false }
  if (group < 0xf) return waiting(octet)
  return { octet, alphabet: octet & 4 ? '8bit' : 'gsm7', compressed: false, class: classOf(octet) }
})

function general(octet: number): DataCoding {
  const alphabet = ALPHABETS[(octet >> 2) & 3] ?? 'gsm7'
  const compressed = (octet & 0x20) !== 0
  return octet & 0x10 ? { octet, alphabet, compressed, class: classOf(octet) } : { octet, alphabet, compressed }
}

/** 1100: discard the message, 1101: store it, 1110: store it, and it is UCS-2. */
function waiting(octet: number): DataCoding {
  const group = octet >> 4
  const indication: Waiting = { kind: waitingKind(octet), active: (octet & 8) !== 0, store: group !== 0xc }
  return { octet, alphabet: group === 0xe ? 'ucs2' : 'gsm7', compressed: false, waiting: indication }
}

function classOf(octet: number): 0 | 1 | 2 | 3 {
  return (octet & 3) as 0 | 1 | 2 | 3
}
