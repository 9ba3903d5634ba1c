import { SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { Health, HealthReport } from '../../provider.ts'

interface Words {
  readonly health: Exclude<Health, 'ready'>
  readonly code: SmsErrorCode
  readonly message: string
  /** Nothing helps but a person: what is to be sent ends with it. */
  readonly final?: true
}

/** What keeps a modem from working, in words that say what to do. */
export const TROUBLES = {
  opening: { health: 'connecting', code: 'SMS_CONNECTION', message: 'the modem is being opened' },
  starting: { health: 'connecting', code: 'SMS_CONNECTION', message: 'the modem is being set up' },
  stopped: { health: 'failed', code: 'SMS_CONNECTION', message: 'the modem is not in use' },
  lost: { health: 'failed', code: 'SMS_CONNECTION', message: 'the line to the modem was closed' },
  mute: {
    health: 'failed',
    code: 'SMS_CONNECTION',
    message: 'the modem does not answer: is it on, is this its port for commands, is the speed right?',
  },
  refuses: {
    health: 'failed',
    code: 'SMS_PROVIDER',
    message: 'the modem refuses the commands for messages (PDU mode): is it a modem for SMS?',
  },
  noSim: { health: 'failed', code: 'SMS_CONNECTION', message: 'the modem has no SIM card' },
  simFailure: { health: 'failed', code: 'SMS_CONNECTION', message: 'the modem cannot read its SIM card' },
  pinNeeded: {
    health: 'failed',
    code: 'SMS_CONFIG',
    message: 'the SIM card wants its PIN, and the settings have none',
    final: true,
  },
  pinRefused: {
    health: 'failed',
    code: 'SMS_CONFIG',
    message: 'the SIM card refused the PIN; that one is not tried again, so correct it in the settings',
    final: true,
  },
  pinLastAttempt: {
    health: 'failed',
    code: 'SMS_CONFIG',
    message: 'the SIM card has one attempt left for its PIN, which is left to you: unlock it once in a phone',
    final: true,
  },
  puk: {
    health: 'failed',
    code: 'SMS_CONFIG',
    message: 'the SIM card is blocked and wants its PUK: unblock it in a phone',
    final: true,
  },
  locked: {
    health: 'failed',
    code: 'SMS_CONFIG',
    message: 'the modem is locked to another SIM card or network',
    final: true,
  },
  searching: { health: 'degraded', code: 'SMS_CONNECTION', message: 'the modem is looking for its network' },
  notRegistered: {
    health: 'degraded',
    code: 'SMS_CONNECTION',
    message: 'the modem is not on a network: is there an antenna, and is the SIM card active?',
  },
  denied: { health: 'failed', code: 'SMS_AUTH', message: 'the network refuses this SIM card' },
  slow: {
    health: 'degraded',
    code: 'SMS_TIMEOUT',
    message: 'the network has not taken a message yet: others wait until it has, or for a minute',
  },
  memoryFull: {
    health: 'degraded',
    code: 'SMS_LIMITS',
    message: 'the memory for messages is full of some that were not received by us: delete them',
  },
} as const satisfies Record<string, Words>

export type Trouble = keyof typeof TROUBLES

/** How a modem in trouble fares; `told` is what the system or the modem itself said of it. */
export function healthOf(trouble: Trouble, told?: SmsError): HealthReport {
  const { health, code, message } = TROUBLES[trouble]
  return { health, error: told ? told.toJSON() : { code, message } }
}

/** What a message ends with, or waits because of: surely nothing was sent. */
export function sendingError(trouble: Trouble, told?: SmsError): SmsError {
  const { code, message, final }: Words = TROUBLES[trouble]
  // Any other passes by itself: then it must not cost the message more than the waiting.
  return final ? new SmsError(code, message) : new SmsError('SMS_CONNECTION', told?.message ?? message)
}
