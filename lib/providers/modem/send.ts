import type { Answer } from '../../at/contract.ts'
import { textOf } from '../../at/answers.ts'
import { errorClassOf, errorNumberOf, isBodyWritten, smsErrorOf } from '../../at/errors.ts'
import { readReference } from '../../at/storage.ts'
import { SmsError, toSmsError } from '../../errors.ts'
import { encodeSubmit, EncodeError } from '../../gsm/encode.ts'
import type { EncodedPdu } from '../../gsm/pdu.ts'
import type { Call, MessageDraft, OutgoingMessage, Receipt, Settlement } from '../../provider.ts'
import { segment } from '../../segments.ts'
import { isOk } from './connection.ts'
import type { Connection } from './connection.ts'
import type { Ledger } from './ledger.ts'

/** Sends messages part by part, and knows where it left off. */
export interface Sender {
  /** As `Provider.send`: doubt begins with the byte 0x1A after a PDU, and ends with the modem's answer. */
  send(message: OutgoingMessage, call: Call): Promise<Receipt>
  settle(message: OutgoingMessage): Settlement
  /** Resolves when no part is on its way. */
  quiet(): Promise<unknown>
  /** The message that the modem was given a part of, and has not answered to. */
  readonly awaited: string | undefined
  /** That part was taken, under this reference, as its report says: its answer was lost, or comes at any moment. */
  proved(reference: number): void
}

export interface SenderOptions {
  readonly connection: Connection
  readonly ledger: Ledger
  readonly random: () => number
  /** Comes before each part: while a part is on its way, nothing else can be said to the modem. */
  readonly before: () => Promise<void>
  /** Told of an error that says more of the SIM or the modem than of the message. */
  readonly onAlarm: () => void
  /** Told when the network takes its time for a part, and when that is over. */
  readonly onSlow: (isSlow: boolean) => void
  readonly log: (level: 'warn', text: string) => void
}

/** A modem that is being set up, or comes back, is waited for this long. */
const READY_MS = 8_000
/** A part takes three seconds, hardly ever more than this. */
const SLOW_MS = 20_000

interface Awaited {
  readonly id: string
  isWritten: boolean
  /** Its answer is hardly waited for any more. */
  taken: () => void
  /** What its report told. */
  reference?: number
}

export function createSender(options: SenderOptions): Sender {
  const { connection, ledger, random, before, onAlarm, onSlow, log } = options
  let lastConcat: number | undefined
  let onItsWay: Promise<unknown> = Promise.resolve()
  let awaited: Awaited | undefined

  /**
   * Writes the PDU; from its 0x1A on until the answer it is awaited. In text mode it would be taken for a text, and its
   * length for a number, so that no other command may come between it and the choice of PDU mode; nor a restart, after
   * which reports would not be told either.
   */
  async function submit(part: Awaited, { tpduLength, hex }: EncodedPdu, signal: AbortSignal): Promise<Answer> {
    const giveUp = new AbortController()
    const modeSet = connection.run('+CMGF=0', { signal })
    const answered = write(part, `+CMGS=${tpduLength}`, hex, AbortSignal.any([signal, giveUp.signal]))
    // It is given up where the mode is not set, and then of no interest.
    answered.catch(() => {})
    try {
      const mode = await modeSet
      if (!isOk(mode)) {
        giveUp.abort()
        onAlarm()
        return mode
      }
      // It may have shown just now that it forgot its settings.
      await connection.ready(0, signal)
    } catch (thrown) {
      if (!part.isWritten) {
        giveUp.abort()
        throw thrown
      }
    }
    return answered
  }

  async function write(part: Awaited, command: string, body: string, signal: AbortSignal): Promise<Answer> {
    let isSlow = false
    let cancelSlow = () => {}
    const onBody = (taken: () => void) => {
      part.isWritten = true
      part.taken = taken
      awaited = part
      cancelSlow = connection.clock.after(SLOW_MS, () => onSlow((isSlow = true)))
    }
    try {
      return await connection.run(command, { body, onBody, signal })
    } finally {
      awaited = undefined
      cancelSlow()
      if (isSlow) onSlow(false)
    }
  }

  async function sendPart(id: string, pdu: EncodedPdu, signal: AbortSignal): Promise<void> {
    const part: Awaited = { id, isWritten: false, taken() {} }
    let answer: Answer
    try {
      answer = await connection.during(() => submit(part, pdu, signal))
    } catch (thrown) {
      const error = toSmsError(thrown, 'SMS_CONNECTION')
      if (part.reference !== undefined) return noteTaken(id, part.reference)
      if (isBodyWritten(error)) throw new SmsError('SMS_UNKNOWN', `whether it was sent is not known: ${error.message}`)
      await forgive(ledger.notTaken(id))
      throw unsent(error.message)
    }
    if (isOk(answer)) return noteTaken(id, readReference(textOf(answer.lines, '+CMGS')))
    // The report is the network's own word, which the modem may not have heard.
    if (part.reference !== undefined) return noteTaken(id, part.reference)
    await forgive(ledger.notTaken(id))
    throw refusal(answer)
  }

  const noteTaken = (id: string, reference: number | undefined) =>
    forgive(ledger.taken(id, reference, connection.clock.now()))

  /** What became of a part is so, whether or not it could be noted. */
  async function forgive(noting: Promise<void>): Promise<void> {
    try {
      await noting
    } catch {
      log('warn', 'what became of a message could not be noted')
    }
  }

  function refusal({ result }: Answer): SmsError {
    const kind = errorClassOf(result)
    const error = smsErrorOf(result, 'sending')
    if (kind === 'stopAndAlarm') {
      onAlarm()
      // The message is as good as it was, and waits for the SIM for as long as it is valid.
      return new SmsError('SMS_CONNECTION', error.message, { providerCode: error.providerCode })
    }
    if (result.code === '+CMS ERROR' && errorNumberOf(result) === BARRED)
      return new SmsError('SMS_CREDIT', `${error.message}: mostly that no credit is left`, { providerCode: BARRED })
    return error
  }

  /** Another one for each message, also after a restart; the same again for one that is resumed. */
  function concatOf({ id }: OutgoingMessage): number {
    const begun = ledger.unfinished(id)?.concat
    if (begun !== undefined) return begun
    lastConcat = ((lastConcat ?? ledger.lastConcat() ?? Math.floor(random() * 256)) + 1) % 256
    return lastConcat
  }

  async function begin(message: OutgoingMessage, total: number, concat: number): Promise<void> {
    try {
      await ledger.begin({ id: message.id, to: message.to, total, concat }, connection.clock.now())
    } catch (thrown) {
      throw new SmsError('SMS_SERVER', `nothing was sent, as it could not be noted: ${toSmsError(thrown).message}`)
    }
  }

  return {
    async send(message, { signal }) {
      const done = receiptOf(message, ledger)
      if (done) return done
      await connection.ready(READY_MS, signal)
      const concat = concatOf(message)
      const pdus = pdusOf(message, concat)
      for (let index = ledger.unfinished(message.id)?.taken.length ?? 0; index < pdus.length; index++) {
        await before()
        await connection.ready(READY_MS, signal)
        if (signal.aborted) throw unsent('the sending was called off')
        const sending = begin(message, pdus.length, concat).then(() => sendPart(message.id, pdus[index]!, signal))
        onItsWay = sending.catch(() => {})
        await sending
      }
      return receiptOf(message, ledger) ?? { parts: pdus.length, encoding: encodingOf(message) }
    },

    settle(message) {
      const receipt = receiptOf(message, ledger)
      if (receipt) return { outcome: 'taken', receipt }
      // What is begun is noted first: what was not noted was not begun, and what is not in doubt is resumed.
      return { outcome: ledger.unfinished(message.id)?.doubtAtMs === undefined ? 'notTaken' : 'open' }
    },

    quiet: () => onItsWay,
    get awaited() {
      return awaited?.id
    },
    proved(reference) {
      if (!awaited) return
      awaited.reference ??= reference
      awaited.taken()
    },
  }
}

/** +CMS ERROR 8, operator determined barring (3GPP TS 24.011 Annex E-2): the operator forbids this SIM to send. */
const BARRED = 8

const unsent = (message: string): SmsError => new SmsError('SMS_CONNECTION', message)

/** Once all parts are taken. Several references, one per part, are one id. */
function receiptOf(message: OutgoingMessage, ledger: Ledger): Receipt | undefined {
  const unfinished = ledger.unfinished(message.id)
  const parts = ledger.partsOf(message.id)
  const references = unfinished?.taken ?? parts.map(({ reference }) => reference)
  const total = unfinished?.total ?? parts[0]?.total
  if (total === undefined || references.length < total) return undefined
  const known = references.filter(reference => reference !== null)
  return {
    ...(known.length > 0 && { providerMessageId: known.join('+') }),
    parts: total,
    encoding: encodingOf(message),
  }
}

const encodingOf = ({ text, encoding }: MessageDraft): 'gsm7' | 'ucs2' => segment(text, { encoding }).encoding

/** Refuses what a modem can never send. Throws `SMS_UNSUPPORTED` or `SMS_REQUEST`. */
export function checkDraft(draft: MessageDraft): void {
  pdusOf(draft, 0)
}

function pdusOf(
  message: MessageDraft & { readonly validityMinutes?: number },
  reference: number,
): readonly EncodedPdu[] {
  if (message.mediaUrls?.length) throw new SmsError('SMS_UNSUPPORTED', 'a modem sends texts only, no media')
  try {
    return encodeSubmit({
      to: message.to,
      text: message.text,
      encoding: message.encoding,
      flash: message.flash,
      deliveryReport: message.deliveryReport,
      validityMinutes: message.validityMinutes,
      reference,
      pid: readPid(message.params),
    })
  } catch (thrown) {
    if (thrown instanceof EncodeError) throw new SmsError('SMS_REQUEST', thrown.message)
    throw thrown
  }
}

/** TP-PID (3GPP TS 23.040 §9.2.3.9), such as 64 for a message that shows nothing ("silent"). */
function readPid(params: MessageDraft['params']): number | undefined {
  const pid = params?.['pid']
  if (pid === undefined) return undefined
  if (!Number.isInteger(pid) || (pid as number) < 0 || (pid as number) > 255)
    throw new SmsError('SMS_REQUEST', 'params.pid must be a whole number from 0 to 255')
  return pid as number
}
