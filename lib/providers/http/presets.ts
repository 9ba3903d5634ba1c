import { clickatell, clickatellHttp } from './presets/clickatell.ts'
import { httpSms } from './presets/httpsms.ts'
import type { HttpPreset, PresetSettings } from './presets/preset.ts'
import { seven } from './presets/seven.ts'
import { smsGate, smsGateLocal } from './presets/sms-gate.ts'
import { vianett } from './presets/vianett.ts'
import { vonage } from './presets/vonage.ts'
import { DEFAULT_SETTINGS } from './settings.ts'

export type { HttpPreset } from './presets/preset.ts'

/** By the value of the property `preset`. */
export const PRESETS: Readonly<Record<string, HttpPreset>> = {
  'sms-gate': smsGate,
  'sms-gate-local': smsGateLocal,
  httpsms: httpSms,
  vonage,
  seven,
  clickatell,
  'clickatell-http': clickatellHttp,
  vianett,
}

/** The settings of a preset, whole; of none, what a new node begins with. */
export function presetSettings(id: string): typeof DEFAULT_SETTINGS & PresetSettings {
  return { ...DEFAULT_SETTINGS, ...(Object.hasOwn(PRESETS, id) && PRESETS[id]?.settings) }
}
