import { readBroadcastCoding } from './broadcast-coding.ts'
import { decodeSeptets, DEFAULT_CHARSET } from './charset.ts'
import { hexToOctets } from './hex.ts'
import type { Decoded } from './pdu.ts'
import { unpackSeptets } from './septets.ts'
import { decodeUcs2 } from './ucs2.ts'

/** One page of a cell broadcast (3GPP TS 23.041 §9.4.1). */
export interface CellBroadcast {
  /** Where it holds: 0 the cell, at once; 1 the network; 2 the location area; 3 the cell. */
  readonly scope: number
  readonly messageCode: number
  readonly updateNumber: number
  /** What it is about; 4352 to 6399 are warnings to the public. */
  readonly messageIdentifier: number
  /** The data coding octet. */
  readonly coding: number
  /** ISO 639. */
  readonly language?: string
  readonly page: number
  readonly pages: number
  /** Absent where it is no text. */
  readonly text?: string
  /** As it came. */
  readonly octets: Uint8Array
}

/** Reads what `+CBM` carries in PDU mode. Never throws. */
export function decodeCellBroadcast(raw: string): Decoded<CellBroadcast> {
  const octets = hexToOctets(raw.trim())
  if (!octets) return { ok: false, fault: { reason: 'notHex', message: 'not pairs of hexadecimal digits', at: 0, raw } }
  if (octets.length <= HEADER_OCTETS) {
    const message = `a cell broadcast needs more than ${HEADER_OCTETS} octets, and has ${octets.length}`
    return { ok: false, fault: { reason: 'truncated', message, at: octets.length, raw } }
  }
  const serial = word(octets, 0)
  const coding = octets[4] as number
  const pages = octets[5] as number
  const content = octets.slice(HEADER_OCTETS)
  return {
    ok: true,
    value: {
      scope: serial >> 14,
      messageCode: (serial >> 4) & 0x3ff,
      updateNumber: serial & 0xf,
      messageIdentifier: word(octets, 2),
      coding,
      // A page of none is the only one there is.
      page: pages >> 4 || 1,
      pages: pages & 0xf || 1,
      ...textOf(content, coding),
      octets: content,
    },
  }
}

const HEADER_OCTETS = 6

const word = (octets: Uint8Array, at: number): number => ((octets[at] as number) << 8) | (octets[at + 1] as number)

/** What is left of a page is filled with CR. */
const withoutFilling = (text: string): string => text.replace(/[\r\0]+$/, '')

function textOf(content: Uint8Array, octet: number): Pick<CellBroadcast, 'text' | 'language'> {
  const coding = readBroadcastCoding(octet)
  const said = coding.language === undefined ? {} : { language: coding.language }
  if (coding.compressed || coding.alphabet === '8bit') return said
  if (coding.alphabet === 'gsm7') {
    const septets = unpackSeptets(content, 0, Math.floor((content.length * 8) / 7), 0)
    const text = withoutFilling(decodeSeptets(septets, DEFAULT_CHARSET))
    return coding.languageInText ? { language: text.slice(0, 2), text: text.slice(3) } : { ...said, text }
  }
  if (!coding.languageInText) return { ...said, text: withoutFilling(decodeUcs2(content)) }
  const language = decodeSeptets(unpackSeptets(content, 0, 2, 0), DEFAULT_CHARSET)
  return { language, text: withoutFilling(decodeUcs2(content, 2)) }
}
