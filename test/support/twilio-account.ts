import type { TwilioSettings } from '../../lib/providers/twilio/index.ts'

/** An account for tests against the simulated Twilio; made up. */
export const ACCOUNT_SID = 'AC0123456789abcdef0123456789abcdef'
export const SERVICE_SID = 'MG0123456789abcdef0123456789abcdef'
export const AUTH_TOKEN = 'an-auth-token-that-nobody-may-see'
export const OWN_NUMBER = '+15005550006'

export const twilioSettings = (more: Partial<TwilioSettings> = {}): TwilioSettings => ({
  name: 'Cloud',
  accountSid: ACCOUNT_SID,
  authToken: AUTH_TOKEN,
  from: OWN_NUMBER,
  receive: 'off',
  ...more,
})
