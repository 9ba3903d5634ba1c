import { charsetOf, DEFAULT_CHARSET, encodeSeptets } from './charset.ts'
import type { Charset } from './charset.ts'
import { EncodeError } from './encode-error.ts'
import { lockingShiftElement, singleShiftElement } from './header.ts'
import { lockingShiftTable } from './locking-shift.ts'
import { roomFor } from './octets.ts'
import type { HeaderElement } from './pdu.ts'
import { singleShiftTable } from './single-shift.ts'

/** National language shift tables by language identifier (3GPP TS 23.038 §6.2.1.2.4): 1 is Turkish, 13 Urdu. */
export interface Language {
  readonly single?: number | undefined
  readonly locking?: number | undefined
}

/** Septets of a text, one per octet, with the header elements that say which tables they are of. */
export interface Written {
  readonly septets: Uint8Array
  readonly length: number
  readonly elements: readonly HeaderElement[]
}

/** With the default alphabet, or `undefined` if it has not every character. */
export const writePlainly = (text: string): Written | undefined => write(text, DEFAULT_CHARSET, [])

/** With the tables of a language. Throws `EncodeError` where it has no such table. */
export function writeInLanguage(text: string, { single, locking }: Language): Written | undefined {
  const elements: HeaderElement[] = []
  if (single) {
    if (!singleShiftTable(single)) throw new EncodeError('option', `language ${single} has no single shift table`)
    elements.push(singleShiftElement(single))
  }
  if (locking) {
    if (!lockingShiftTable(locking)) throw new EncodeError('option', `language ${locking} has no locking shift table`)
    elements.push(lockingShiftElement(locking))
  }
  return write(text, charsetOf(locking, single), elements)
}

/** Every way of writing it with the tables of one language. */
export function writeInEveryLanguage(text: string): readonly Written[] {
  const ways: Written[] = []
  for (let language = 1; language <= LAST_LANGUAGE; language += 1) {
    const choices: Language[] = [{ single: language }]
    if (lockingShiftTable(language)) choices.push({ locking: language }, { single: language, locking: language })
    for (const choice of choices) {
      const written = writeInLanguage(text, choice)
      if (written) ways.push(written)
    }
  }
  return ways
}

const LAST_LANGUAGE = 13

function write(text: string, charset: Charset, elements: readonly HeaderElement[]): Written | undefined {
  const septets = roomFor(text.length * 2)
  const length = encodeSeptets(text, charset, septets)
  return length === -1 ? undefined : { septets, length, elements }
}
