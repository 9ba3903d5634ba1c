import type { Deliver, PduFault } from '../../gsm/pdu.ts'
import type { IncomingMessage } from '../../provider.ts'

/** What a message that was read becomes for the inbox. What is no text for people, such as an MMS notification, has none. */
export function toIncoming(deliver: Deliver, pdu: string, id: string, to: string | undefined): IncomingMessage {
  const { from, timestamp, coding, header, special } = deliver
  const concat = header?.concat
  const notes = notesOf(deliver)
  return {
    providerMessageId: id,
    from: from.number,
    ...(to !== undefined && { to }),
    text: special ? '' : (deliver.text ?? ''),
    ...(timestamp && { sentAtMs: timestamp.ms }),
    ...(coding.alphabet !== '8bit' && { encoding: coding.alphabet }),
    ...(concat && {
      // Of one sender, references of 8 and of 16 bits are counted apart.
      part: {
        reference: `${concat.bits}:${concat.reference}`,
        index: concat.index,
        total: concat.total,
        // Data for a program has no text that could be cut.
        ...(!special && { pdu }),
      },
    }),
    ...(notes && { raw: { pdu, ...notes } }),
  }
}

/** A message that cannot be read, with all that is known of it. */
export function toUnreadable(fault: PduFault, id: string, to: string | undefined): IncomingMessage {
  return {
    providerMessageId: id,
    from: fault.from ?? '',
    ...(to !== undefined && { to }),
    text: '',
    raw: { pdu: fault.raw },
    error: { code: 'SMS_PROVIDER', message: `the modem has a message that cannot be read: ${fault.message}` },
  }
}

/** What there is to say of a message beside its text; undefined of a plain one. */
function notesOf({ coding, header, special, octets, replyPath }: Deliver): Record<string, unknown> | undefined {
  const waiting = coding.waiting ?? header?.waiting
  const notes = {
    ...(special && { kind: special, data: Buffer.from(octets).toString('hex').toUpperCase() }),
    ...(header?.ports && { ports: { destination: header.ports.destination, source: header.ports.source } }),
    ...(coding.class !== undefined && { class: coding.class }),
    ...(waiting && { waiting }),
    ...(replyPath && { replyPath }),
  }
  return Object.keys(notes).length === 0 ? undefined : notes
}
