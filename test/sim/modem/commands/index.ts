import type { Commands } from '../command.ts'
import type { Profile } from '../profile.ts'
import { ok } from '../reply.ts'
import { call } from './call.ts'
import { ICCID_COMMANDS, identity } from './identity.ts'
import { network } from './network.ts'
import { attempts, pin } from './pin.ts'
import { settings } from './settings.ts'
import { sms } from './sms.ts'
import { storage } from './storage.ts'
import { ussd } from './ussd.ts'

/** All commands a modem of this make knows. */
export function commandsOf(profile: Profile): Commands {
  const all: Record<string, Commands[string]> = {
    ...identity,
    ...settings,
    ...pin,
    ...network,
    ...storage,
    ...sms,
    ...call,
    ...ussd,
  }
  for (const name of ICCID_COMMANDS) if (!profile.iccidCommands.includes(name)) delete all[name]
  if (profile.attempts)
    all[profile.attempts.command] = { run: attempts, read: attempts, set: attempts, test: () => ok() }
  return all
}
