import { toText } from './data.ts'
import { SmsError } from './errors.ts'
import type { IncomingMessage, Provider } from './provider.ts'
import type { Store } from './store/store.ts'

/** Who asked not to be texted, per provider that respects it. Resolve after their commit. */
export interface OptOuts {
  /** Takes note of a message that opts out, or in again. */
  heard(id: string, provider: Provider, message: IncomingMessage): Promise<void>
  /** Takes note that the carrier itself refused a number for that reason. */
  refused(id: string, provider: Provider, number: string): Promise<void>
  /** The error to end a message with, or undefined when it may be sent. */
  check(id: string, provider: Provider, number: string): Promise<SmsError | undefined>
}

/**
 * What carriers in the USA and Canada take for an opt-out, and for its end, when it is the whole text; Twilio's list:
 * https://help.twilio.com/articles/223134027
 */
const WORDS: Readonly<Record<string, 'out' | 'in'>> = {
  STOP: 'out',
  STOPALL: 'out',
  UNSUBSCRIBE: 'out',
  END: 'out',
  QUIT: 'out',
  REVOKE: 'out',
  OPTOUT: 'out',
  CANCEL: 'out',
  START: 'in',
  UNSTOP: 'in',
  YES: 'in',
}

export function createOptOuts(store: Store): OptOuts {
  const key = (number: string) => `optOut.${number}`
  const isOut = async (id: string, number: string) => (await store.note(id, key(number))) === 'out'

  async function note(id: string, number: string, wish: 'out' | 'in'): Promise<void> {
    // YES and START are everyday words: only who had opted out is noted as being in again.
    if (wish === 'out' || (await isOut(id, number))) await store.setNote(id, key(number), wish)
  }

  return {
    async heard(id, { respectsOptOut }, { type, from, text, part, optOut }) {
      // One part of a longer text is not the whole of it.
      const wish = optOut ?? (part ? undefined : WORDS[toText(text)?.trim().toUpperCase() ?? ''])
      if (respectsOptOut && wish && type !== 'call') await note(id, from, wish)
    },
    async refused(id, { respectsOptOut }, number) {
      if (respectsOptOut) await note(id, number, 'out')
    },
    async check(id, { respectsOptOut }, number) {
      if (!respectsOptOut || !(await isOut(id, number))) return undefined
      return new SmsError('SMS_OPTED_OUT', `${number} has asked not to be texted`)
    },
  }
}
