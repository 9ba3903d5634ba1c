import type { SmscSettings } from '../../lib/providers/smsc/index.ts'

/** An account for tests against the simulated SMSC; made up. */
export const LOGIN = 'home'
export const PASSWORD = 'a-pass&word that+nobody/may see'
export const CALLBACK_SECRET = 'a-callback-secret-nobody-may-see'

export const smscSettings = (more: Partial<SmscSettings> = {}): SmscSettings => ({
  name: 'SMSC',
  login: LOGIN,
  password: PASSWORD,
  callbackSecret: CALLBACK_SECRET,
  receive: 'off',
  ...more,
})
