import type { Unsolicited } from '../../at/contract.ts'
import { readUssd } from '../../at/answers.ts'
import type { UssdAnswer } from '../../at/answers.ts'
import { smsErrorOf } from '../../at/errors.ts'
import type { Result } from '../../at/contract.ts'
import { SmsError } from '../../errors.ts'
import { encodeUssd } from '../../gsm/ussd.ts'
import { decodeUssd } from '../../gsm/ussd.ts'
import { ask, isOk } from './connection.ts'
import type { Connection } from './connection.ts'
import type { UssdForm } from './profiles.ts'

/** Asks the network by codes such as `*100#`. */
export interface Ussd {
  /**
   * Resolves to the text that is answered; a menu is closed again. Rejects with `SMS_REQUEST` for what is no code,
   * `SMS_UNSUPPORTED` for one the network does not know, `SMS_TIMEOUT`, `SMS_CANCELLED`, or as `Connection.run` does.
   */
  ask(code: string, signal?: AbortSignal): Promise<string>
  /** `+CUSD`. */
  heard(code: Unsolicited): void
  /** Ends every wait. */
  end(error: SmsError): void
}

/** The network answers long after the command is done. */
const ANSWER_MS = 60_000
/** GSM 7-bit, language unspecified (3GPP TS 23.038 §5). */
const DCS = 15

interface Waiting {
  readonly heard: (answer: UssdAnswer) => void
  readonly end: (error: SmsError) => void
}

export function createUssd(connection: Connection): Ussd {
  let last: Promise<unknown> = Promise.resolve()
  let waiting: Waiting | undefined

  async function askOnce(code: string, signal: AbortSignal | undefined): Promise<string> {
    let refused: Result | undefined
    for (const form of connection.profile.ussd) {
      const answered = await dial(code, form, signal)
      if ('status' in answered) {
        // 4, not supported, is what a code becomes that was written in another way than the modem thinks.
        if (answered.status === NOT_SUPPORTED) continue
        if (answered.status === MORE) await ask(connection, '+CUSD=2')
        return textOf(answered)
      }
      refused = answered.result
    }
    if (refused) throw smsErrorOf(refused, 'asking the network')
    throw new SmsError('SMS_UNSUPPORTED', `the network does not know the code ${code}`)
  }

  async function dial(code: string, form: UssdForm, signal: AbortSignal | undefined) {
    const charset = form === 'ucs2hex'
    if (charset) await ask(connection, '+CSCS="UCS2"')
    const answering = answer(signal)
    // It may be rejected while nobody waits for it yet.
    answering.catch(() => {})
    try {
      const said = await connection.run(`+CUSD=1,"${encodeUssd(code, form)}",${DCS}`, signal ? { signal } : {})
      if (!isOk(said)) return said
      return await answering
    } catch (error) {
      // The session may be open, and would be in the way of the next.
      await ask(connection, '+CUSD=2').catch(() => undefined)
      throw error
    } finally {
      waiting?.end(new SmsError('SMS_CANCELLED', 'the code was not taken'))
      if (charset) await ask(connection, '+CSCS="GSM"').catch(() => undefined)
    }
  }

  function answer(signal: AbortSignal | undefined): Promise<UssdAnswer> {
    return new Promise((resolve, reject) => {
      const abort = () => end(new SmsError('SMS_CANCELLED', 'the code was called off'))
      const release = () => {
        cancel()
        signal?.removeEventListener('abort', abort)
        waiting = undefined
      }
      const end = (error: SmsError) => {
        release()
        reject(error)
      }
      const cancel = connection.clock.after(ANSWER_MS, () =>
        end(new SmsError('SMS_TIMEOUT', `the network did not answer the code within ${ANSWER_MS / 1000} s`)),
      )
      waiting = {
        heard(said) {
          release()
          resolve(said)
        },
        end,
      }
      signal?.addEventListener('abort', abort)
    })
  }

  return {
    async ask(code, signal) {
      if (!/^[*#\d][*#\d]{0,181}$/.test(code)) throw new SmsError('SMS_REQUEST', 'a USSD code is written like *100#')
      await connection.ready(READY_MS, signal)
      const asking = last.then(() => {
        if (signal?.aborted) throw new SmsError('SMS_CANCELLED', 'the code was called off')
        return askOnce(code, signal)
      })
      last = asking.catch(() => {})
      return asking
    },
    heard({ text }) {
      const answer = readUssd(text)
      if (answer) waiting?.heard(answer)
    },
    end: error => waiting?.end(error),
  }
}

const READY_MS = 8_000

// 3GPP TS 27.007 §7.15.
const MORE = 1
const NOT_SUPPORTED = 4

function textOf({ status, text, dcs }: UssdAnswer): string {
  if (text !== undefined) return decodeUssd(text, dcs).trim()
  if (status === 5) throw new SmsError('SMS_SERVER', 'the network did not answer the code in time')
  if (status === 3) throw new SmsError('SMS_PROVIDER', 'another program answered the network')
  throw new SmsError('SMS_PROVIDER', 'the network ended the session without a word')
}
