import type { OutgoingState } from '../../message.ts'
import type { StatusReport } from '../../provider.ts'
import type { Excerpt } from './excerpt.ts'
import { compileStates } from './words.ts'

/** Makes reports of the carrier's words. */
export interface Reports {
  stateOf(word: string): OutgoingState | undefined
  /** Undefined for a word that is not in the list. */
  of(said: Said): StatusReport | undefined
}

export interface Said {
  readonly id: string | undefined
  readonly providerMessageId?: string | undefined
  readonly state: string
  /** The carrier's code or sentence for what went wrong. */
  readonly error: string | undefined
}

/** Compiles the list of words. Throws `SMS_CONFIG`. */
export function createReports(states: string, excerpt: Excerpt): Reports {
  const stateOf = compileStates(states)
  return {
    stateOf,
    of({ id, providerMessageId, state: word, error }) {
      const state = stateOf(word)
      if (state === undefined) return undefined
      return {
        ...(id !== undefined && { id }),
        ...(providerMessageId !== undefined && { providerMessageId }),
        state,
        ...((state === 'failed' || state === 'expired') && {
          error: {
            code: state === 'expired' ? 'SMS_EXPIRED' : 'SMS_SEND',
            message: `the carrier reports it ${shown(word)}${error ? excerpt(error) : ''}`,
            ...(error && /^[\w.-]{1,40}$/.test(error) && excerpt(error) !== '' && { providerCode: error }),
          },
        }),
      }
    },
  }
}

/** A word of the carrier's in a sentence of ours. */
export const shown = (word: string): string => word.replaceAll(/[^\p{L}\p{N}:._ -]/gu, '').slice(0, 40)
