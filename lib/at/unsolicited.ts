import { asks, dials, namesOf } from './commands.ts'
import type { Unsolicited } from './contract.ts'
import { isHex, splitFields, toNumber } from './fields.ts'
import { hasMode } from './registration.ts'
import { readCallResult, readResult } from './results.ts'

/** Tells a modem's own accord from the answers of a command. */
export interface Separator {
  /**
   * Takes a line, with the command that runs or whose late answer is still expected, and returns what is known with it,
   * in order: unsolicited codes, and lines that belong to the command. Some codes are held until their second line.
   */
  take(line: string, running?: string): Separated[]
  /** A code whose second line never came, as it is. */
  flush(): Unsolicited | undefined
  /** Whether a code is held. */
  readonly holds: boolean
}

export type Separated =
  | { readonly kind: 'unsolicited'; readonly code: Unsolicited }
  | { readonly kind: 'line'; readonly text: string }

/** What a code still lacks: its PDU, any second line (text mode), or the rest of a text with line ends in it. */
interface Held {
  readonly code: Unsolicited
  readonly lacks: 'pdu' | 'line' | 'quote'
  /** Lines that came meanwhile. */
  readonly others: number
}

/** Makes a separator, which remembers nothing but the code it holds. */
export function createSeparator(): Separator {
  let held: Held | undefined

  function release(): Separated[] {
    const code = held?.code
    held = undefined
    return code ? [{ kind: 'unsolicited', code }] : []
  }

  function complete(line: string, running: string | undefined): Separated[] | undefined {
    if (!held) return undefined
    const { code, lacks } = held
    if (lacks === 'line' || (lacks === 'pdu' && isPduOf(line, code.text, running ?? ''))) {
      held = { ...held, code: { ...code, pdu: line } }
      return release()
    }
    // A text that was cut off never closes, and must not take the end of a command with it.
    if (lacks === 'quote' && !isOwnCode(line) && !(running !== undefined && readResult(line))) {
      held = { ...held, code: { ...code, text: `${code.text}\n${line}` }, others: held.others + 1 }
      return isQuoteOpen(held.code.text) && held.others < QUOTE_LINES ? [] : release()
    }
    return undefined
  }

  return {
    take(line, running) {
      const done = complete(line, running)
      if (done) return done

      const found = separate(line, running ?? '')
      if (found.kind === 'line') {
        if (held && held.others + 1 >= OTHER_LINES) return [...release(), found]
        if (held) held = { ...held, others: held.others + 1 }
        return [found]
      }
      const lacks = lackOf(found.code)
      if (!lacks) return [found]
      const earlier = release()
      held = { code: found.code, lacks, others: 0 }
      return earlier
    },
    flush: () => {
      const [found] = release()
      return found?.kind === 'unsolicited' ? found.code : undefined
    },
    get holds() {
      return held !== undefined
    },
  }
}

// What a modem says first when it has started: whatever it was doing is lost, and so are its settings.
const RESTARTS = new Set(['RDY', 'MODEM:STARTUP', '^SYSSTART', '+SYSSTART', '*ATREADY'])

/** Whether a code says that the modem has just started, and so will never answer what it was asked before. */
export const isRestart = ({ name }: Unsolicited): boolean => RESTARTS.has(name)

// A menu of a USSD service has a dozen lines.
const QUOTE_LINES = 30
// Between +CMT and its PDU other codes may come, but hardly many lines of an answer.
const OTHER_LINES = 3

function separate(line: string, running: string): Separated {
  const asLine: Separated = { kind: 'line', text: line }
  const asCode = (name: string, text = ''): Separated => ({ kind: 'unsolicited', code: { name, text } })

  if (WORDS.has(line)) return asCode(line)
  const [, ofCall, aboutCall = ''] = CALL_WORD.exec(line) ?? []
  if (ofCall !== undefined) return asCode(ofCall, aboutCall)
  if (readCallResult(line)) return dials(running) ? asLine : asCode(line)

  const [, name = '', text = ''] = /^([+^*$%#_][A-Z][A-Z0-9]*):\s*(.*)$/s.exec(line) ?? []
  if (name === '') return VENDOR_WORD.test(line) && !mentions(running, line) ? asCode(line) : asLine

  if (ALWAYS.has(name)) return asCode(name, text)
  if (ALWAYS_BUT_ASKED.has(name)) return asks(running, name) ? asLine : asCode(name, text)
  if (REGISTRATIONS.has(name))
    // While it is asked for, the number in front tells the answer from the change that happens at that moment.
    return asks(running, name) && (running.endsWith('=?') || hasMode(text)) ? asLine : asCode(name, text)
  if (mentions(running, name)) return asLine
  if (SOMETIMES.has(name) || !name.startsWith('+')) return asCode(name, text)
  // The answer of another name than the command's: +GCAP within ATI, +ICCID to AT+CCID. With nothing running, none asked.
  return running === '' ? asCode(name, text) : asLine
}

const mentions = (running: string, name: string): boolean => namesOf(running).includes(name)

/** Whether a line is a code for sure, so that no open quote may swallow it. */
const isOwnCode = (line: string): boolean =>
  /^(\+C(MTI?|DSI?|BM|REG|RING|LIP|USD|PIN|M[ES] ERROR):|\^[A-Z]+:|RING$)/.test(line)

function lackOf({ name, text }: Unsolicited): Held['lacks'] | undefined {
  if (name === '+CUSD') return isQuoteOpen(text) ? 'quote' : undefined
  if (!TWO_LINES.has(name)) return undefined
  // 3GPP TS 27.005 §3.4.1: in PDU mode [<alpha>],<length>, in text mode the sender and more; +CDS is one line in it.
  const fields = splitFields(text)
  if (fields.length <= 2 && toNumber(fields.at(-1)) !== undefined) return 'pdu'
  return name === '+CDS' ? undefined : 'line'
}

/** Whether the quotes do not close. A closing one ends the line, or the scheme follows it; others are of the text. */
function isQuoteOpen(text: string): boolean {
  return /^\s*\d\s*,\s*"/.test(text) && !/^\s*\d\s*,\s*"[\s\S]*"\s*(,\s*\d*\s*)*$/.test(text)
}

/**
 * Whether a line is the PDU of a header. In the middle of a listing, whose PDUs look the same, the length must fit; else
 * a wrong one is a PDU that was cut off, and is told.
 */
function isPduOf(line: string, header: string, running: string): boolean {
  if (!/^[0-9A-Fa-f]+$/.test(line) || line.length < 4) return false
  if (!/\+CMG[LR]/i.test(running)) return true
  const centre = Number.parseInt(line.slice(0, 2), 16)
  return isHex(line) && line.length / 2 - 1 - centre === toNumber(splitFields(header).at(-1))
}

const TWO_LINES = new Set(['+CMT', '+CDS', '+CBM'])
const ALWAYS = new Set(['+CMTI', '+CDSI', '+CBMI', '+CMT', '+CDS', '+CBM', '+CRING', '+CSSI', '+CSSU'])
// The answer to AT+CUSD=1,"…" is OK; what the network says comes on its own, with some modems even before that.
const ALWAYS_BUT_ASKED = new Set(['+CUSD', '+CLIP', '+CCWA', '+CNAP', '+COLP'])
const REGISTRATIONS = new Set(['+CREG', '+CGREG', '+CEREG', '+C5GREG'])
const SOMETIMES = new Set(
  (
    '+CSQ +CSQN +CESQ +CPIN +CBC +CFUN +CIEV +CGEV +CTZV +CTZE +CTZDST +CNEMIU +CALV +CPOS +CMWN +CUSATP +CUSATEND ' +
    '+CSCON +CIREPI +CIREPH +CREJPAKOUT +CPSMSTATUS +NITZ +PSUTTZ +DTMF +QIND +QUSIM +QNITZ +QSIMSTAT +QSMSCODE ' +
    '+UUPSDD +UUSIMSTAT +UMWI +UUSTS +STIN +SIM +CRESET +CPAS +ECIND +PACSP0 +PACSP1 +SPN +EIND +CMSMEMFULL'
  ).split(' '),
)
const WORDS = new Set([
  'RING',
  ...RESTARTS,
  'SMS Ready',
  'SMS READY',
  'SMS DONE',
  'Call Ready',
  'CALL READY',
  'PB DONE',
  'PB READY',
  'APP RDY',
  'NORMAL POWER DOWN',
  'POWERED DOWN',
  'UNDER-VOLTAGE WARNNING',
  'UNDER-VOLTAGE POWER DOWN',
  'OVER-VOLTAGE WARNNING',
  'OVER-VOLTAGE POWER DOWN',
  'Ciphering',
])
// SIMCom's, of how a call went on: `VOICE CALL: END: 000008`, `MISSED_CALL: 11:53AM +380501112233`.
const CALL_WORD = /^(VOICE CALL: (?:BEGIN|END)|MISSED_CALL)(?::\s*(.*))?$/
// Those without a colon, such as ^SMMEMFULL or *ATREADY.
const VENDOR_WORD = /^(\^[A-Z]+|\*[A-Z]+|\+PBREADY|\+CMSMEMFULL|\+SYSSTART)$/
