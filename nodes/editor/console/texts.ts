import { errorKey } from '../../../lib/error-key.ts'
import { text } from '../texts.ts'

/** The catalogue of the console. */
export const CATALOGUE = '@sms-flows/node-red-sms/sms-console'

type Variables = Readonly<Record<string, string | number>>

/** A text of the console, in the language of the editor. */
export const say = (key: string, variables?: Variables): string => RED._(`${CATALOGUE}:${key}`, variables)

/** What a state of a message is called; those of outgoing ones are the same in all dialogs. */
export function stateName(state: string): string {
  return state === 'received' || state === 'ringing' || state === 'missed'
    ? say(`state.${state}`)
    : text(`states.${state}`)
}

/** What an error code means, in a few words, of a provider of this type. */
export function errorName(code: string, type?: string): string {
  const key = errorKey(code, type)
  const name = text(key)
  return name.endsWith(key) ? code : name
}

/** The language people chose for the editor, as Intl takes it; none: that of the browser. */
export const language = (): string | undefined => localStorage.getItem('editor-language') || undefined
