import { errorKey } from '../../lib/error-key.ts'
import { text } from './texts.ts'

/** Why something did not work, as the runtime tells it. */
export interface Refusal {
  readonly error: { readonly code: string; readonly message: string }
}

/** Asks one of this package's admin endpoints. Never rejects: that it could not be asked is a refusal too. */
export function ask<T extends object>(path: string, given: object): Promise<T | Refusal> {
  return new Promise(resolve => {
    // By jQuery, as the editor signs in with it whoever is logged in.
    $.ajax({
      url: `sms/${path}`,
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(given),
    }).then(
      answer => resolve(answer as T | Refusal),
      ({ status, responseJSON }) => resolve({ error: responseJSON ?? { code: '', message: troubleOf(status) } }),
    )
  })
}

export const isRefusal = (answer: object): answer is Refusal => 'error' in answer

/** A refusal of a provider of this type in two lines: what kind it is, and the words of whoever refused. */
export function refusalLines({ error: { code, message } }: Refusal, type?: string): string[] {
  return code === '' ? [message] : [text('trial.failed', { reason: text(errorKey(code, type)) }), message]
}

function troubleOf(status: number): string {
  if (status === 0) return text('trial.offline')
  return status === 401 || status === 403 ? text('trial.forbidden') : text('trial.unanswered', { status })
}
