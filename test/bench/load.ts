// A closed loop of HTTP requests in a process of its own: signed webhooks of Twilio's, prepared before they are timed.
import { Pool } from 'undici'
import { sign } from '../sim/twilio-calls.ts'

/** What it is asked: so many requests to a path, so many at once. */
export interface Load {
  /** Of Node-RED, without a slash at the end. */
  readonly url: string
  readonly path: string
  readonly account: string
  readonly token: string
  readonly count: number
  readonly width: number
}

export interface Loaded {
  readonly ms: number
  /** How many answers were other than 200, and the first of those. */
  readonly refused: number
  readonly refusedWith?: number
}

let made = 0

process.on('message', (load: Load) => void run(load).then(loaded => process.send!(loaded)))
process.send!({ ms: 0, refused: 0 } satisfies Loaded)

async function run({ url, path, account, token, count, width }: Load): Promise<Loaded> {
  const pool = new Pool(url, { connections: width })
  const requests = Array.from({ length: count }, () => webhook(url + path, account, token))
  let refused = 0
  let refusedWith: number | undefined
  const startedAt = performance.now()
  const loop = async () => {
    for (let request = requests.pop(); request; request = requests.pop()) {
      const { statusCode, body } = await pool.request({ method: 'POST', path, ...request })
      await body.dump()
      if (statusCode === 200) continue
      refused += 1
      refusedWith ??= statusCode
    }
  }
  await Promise.all(Array.from({ length: width }, loop))
  const ms = performance.now() - startedAt
  await pool.close()
  return { ms, refused, ...(refusedWith !== undefined && { refusedWith }) }
}

/** A message that came in, each with an id of its own, as repeats are dropped. */
function webhook(url: string, account: string, token: string) {
  const sid = `SM${(made += 1).toString(16).padStart(32, '0')}`
  const fields = {
    AccountSid: account,
    ApiVersion: '2010-04-01',
    Body: `LIGHT on ${made}`,
    From: '+380501234567',
    FromCountry: 'UA',
    MessageSid: sid,
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'received',
    To: '+15005550006',
    ToCountry: 'US',
  }
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'x-twilio-signature': sign(url, fields, token),
    },
    body: new URLSearchParams(fields).toString(),
  }
}
