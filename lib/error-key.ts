/**
 * The key in the catalogue of what an error code means in a few words, of a provider of this type. What is out of reach
 * at a modem is near, and no carrier's: a port, a SIM card, an antenna.
 */
export const errorKey = (code: string, type?: string): string =>
  type === 'sms-modem' && code === 'SMS_CONNECTION' ? 'status.modemUnready' : `errors.${code}`
