import { SmsError } from '../../errors.ts'
import type { HttpClient } from '../../http.ts'
import type { Finding } from '../../provider.ts'
import { basicOf } from './account.ts'
import type { Account } from './account.ts'
import { createApi } from './api.ts'
import type { Reply } from './api.ts'

/**
 * Asks Twilio who we are and what is left. Where a key may know neither, reading the list of messages must do, which
 * every use of the account needs. Throws `SmsError`.
 */
export async function probe(
  account: Account,
  http: HttpClient,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<Finding> {
  const accounts = `${account.origin}/2010-04-01/Accounts/`
  const [about, balance] = await Promise.allSettled([
    createApi(account, http, nowMs, accounts).get(`${account.sid}.json`, signal),
    createApi(account, http, nowMs).get('Balance.json', signal),
  ])
  if (about.status === 'rejected' && balance.status === 'rejected')
    await createApi(account, http, nowMs).get('Messages.json?PageSize=1', signal)
  await tryToken(account, http, nowMs, signal)

  const { friendly_name: name, status, type } = bodyOf(about)
  if (typeof status === 'string' && status !== 'active')
    throw new SmsError('SMS_AUTH', `Twilio says that the account is ${status.slice(0, 40)}`)
  const { balance: amount, currency } = bodyOf(balance)
  return {
    outcome: 'worked',
    facts: {
      // A trial account texts verified numbers only, which is good to know.
      ...(typeof name === 'string' && { account: type === 'Trial' ? `${name} (Trial)` : name }),
      ...(typeof amount === 'string' && typeof currency === 'string' && { balance: `${amount} ${currency}` }),
    },
  }
}

/** Beside an API key the auth token only verifies webhooks: a wrong one would refuse all of them in silence. */
async function tryToken(account: Account, http: HttpClient, nowMs: () => number, signal: AbortSignal): Promise<void> {
  if (account.authToken === undefined) return
  const authorization = basicOf(account.sid, account.authToken)
  if (authorization === account.authorization) return
  const secrets = [...account.secrets, authorization.slice('Basic '.length)]
  try {
    await createApi({ ...account, authorization, secrets }, http, nowMs).get('Messages.json?PageSize=1', signal)
  } catch (error) {
    if (!(error instanceof SmsError) || error.code !== 'SMS_AUTH') throw error
    throw new SmsError('SMS_AUTH', `the API key is right, and the auth token is not: ${error.message}`)
  }
}

const bodyOf = (asked: PromiseSettledResult<Reply>): Reply['body'] =>
  asked.status === 'fulfilled' ? asked.value.body : {}
