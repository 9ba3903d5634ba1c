import type { DataCoding, UserData, UserDataHeader } from './pdu.ts'

/** What user data is where it is no text for people: from its ports, else from its coding. */
export function specialOf(
  coding: DataCoding,
  header: UserDataHeader | undefined,
  octets: Uint8Array,
): UserData['special'] {
  const ports = header?.ports
  if (ports && WAP_PUSH_PORTS.has(ports.destination)) return isMmsNotification(octets) ? 'mms-notification' : 'wap-push'
  return ports || coding.compressed || coding.alphabet === '8bit' ? 'data' : undefined
}

/** Connectionless push, without and with security (WAP-259-WDP, Appendix B). */
const WAP_PUSH_PORTS: ReadonlySet<number> = new Set([2948, 2949])

const PUSH_PDU = 0x06
const MMS_TYPE = 'application/vnd.wap.mms-message'
/** The same as a number of WSP's table of content types. */
const MMS_TYPE_NUMBER = 0x3e | 0x80

/** Transaction, PDU type, length of the headers, content type (WAP-230-WSP §8.2.4.1). */
function isMmsNotification(octets: Uint8Array): boolean {
  if (octets[1] !== PUSH_PDU) return false
  if (octets[3] === MMS_TYPE_NUMBER) return true
  for (let at = 0; at < MMS_TYPE.length; at += 1) if (octets[3 + at] !== MMS_TYPE.charCodeAt(at)) return false
  return true
}
