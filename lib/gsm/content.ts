import type { Language } from './language.ts'

/** What is said, whichever way it travels: `text`, or `data`. */
export interface Content {
  readonly text?: string | undefined
  /** Octets for a program instead of a text for people. */
  readonly data?: Uint8Array | undefined
  /** Port numbers of programs, in 16 bits unless `bits` is 8. */
  readonly ports?: { readonly destination: number; readonly source: number; readonly bits?: 8 | 16 } | undefined
  /** `auto`, the default, takes GSM 7-bit where the whole text fits it, else UCS-2. */
  readonly encoding?: 'auto' | 'gsm7' | 'ucs2' | undefined
  /** Shift tables a text may use that the default alphabet cannot write; `auto` picks them where that saves parts. */
  readonly language?: Language | 'auto' | undefined
  /** Shown at once and not kept: message class 0. */
  readonly flash?: boolean | undefined
  /** Another class than that: 1 is for the phone, 2 for the SIM, 3 for what is attached to the phone. */
  readonly messageClass?: 0 | 1 | 2 | 3 | undefined
  /** Of the concatenation, where there are several parts: give each message another one. 0 unless given. */
  readonly reference?: number | undefined
  /** 8 unless given; 16 leaves less room for text, and repeats later. */
  readonly referenceBits?: 8 | 16 | undefined
}
