import type { DEFAULT_SETTINGS, HttpSettings } from '../settings.ts'

/** A carrier's API in the words of the dialog; it only fills the form, and everything can be corrected there. */
export interface HttpPreset {
  readonly label: string
  /** Where this is documented. Everything here is from there, and was not run against the carrier itself. */
  readonly docs: string
  /** The secrets that are needed, in the order of the form. */
  readonly secrets: readonly string[]
  readonly settings: PresetSettings
}

export type PresetSettings = Partial<Pick<HttpSettings, Exclude<keyof typeof DEFAULT_SETTINGS, 'path'>>>

/** A text of several lines. */
export const lines = (...texts: readonly string[]): string => texts.join('\n')
