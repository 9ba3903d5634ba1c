import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'

/** The simulated Twilio's calls to webhooks, signed as the real ones are. */
export interface Calls {
  /** Resolves to the status of the answer, or undefined when none came. */
  post(url: string, fields: Readonly<Record<string, string>>, authToken: string): Promise<number | undefined>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  close(): void
}

export function createCalls(): Calls {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const running = new Set<Promise<unknown>>()

  return {
    post(url, fields, authToken) {
      // The fragment holds settings of the call; it is neither signed nor sent.
      const called = url.replace(/#.*$/, '')
      const posting = post(agent, called, fields, sign(called, fields, authToken))
      running.add(posting)
      void posting.finally(() => running.delete(posting))
      return posting
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
    close: () => agent.destroy(),
  }
}

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security */
export function sign(url: string, fields: Readonly<Record<string, string>>, authToken: string): string {
  let text = url
  for (const name of Object.keys(fields).sort()) text += name + fields[name]
  return createHmac('sha1', authToken).update(text).digest('base64')
}

function post(
  agent: Agent,
  url: string,
  fields: Readonly<Record<string, string>>,
  signature: string,
): Promise<number | undefined> {
  const body = new URLSearchParams(fields).toString()
  return new Promise(resolve => {
    const sending = request(url, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'TwilioProxy/1.1',
        'x-twilio-signature': signature,
      },
    })
    sending.on('response', response => {
      response.resume()
      response.on('error', () => resolve(undefined))
      response.on('end', () => resolve(response.statusCode))
    })
    sending.on('error', () => resolve(undefined))
    sending.end(body)
  })
}
