/** What is put into a field: a text or the value of an option, whether a box is ticked, or a typed input's both halves. */
export type Input = string | boolean | { readonly type: string; readonly value?: string }

/**
 * What a field refuses, with the key of its reason among the `validation` texts and what that text names. `CORE` where
 * the reason is the editor's own, none for a part of a property, which is judged as a whole.
 */
export type Refused = readonly [value: Input, why?: string, named?: Named]
export type Named = Readonly<Record<string, string | number>>
export const CORE = 'of the core'

/** A field, by its property or by a selector, with what it takes and what it does not, in the order it is filled in. */
export type Step = readonly [field: string, taken: Input, ...refused: Refused[]]

/** How a dialog is filled in so that every one of its fields is unlike its default, and what is kept of that. */
export interface DialogCase {
  readonly type: string
  readonly steps: readonly Step[]
  /** The list to add a row to first. */
  readonly list?: string
  /** Properties that are kept otherwise than they were put in, or made of several fields. */
  readonly kept?: Readonly<Record<string, unknown>>
  /** The same of credentials. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Why properties made of several fields are not valid with what those refuse. */
  readonly refused?: Readonly<Record<string, readonly [why: string, named?: Named]>>
}

/** What stands for an id that was made up. */
export const MADE_UP = '(made up)'
