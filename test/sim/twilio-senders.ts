import type { Reply } from '../support/http-server.ts'

/** What of a number or a messaging service Twilio keeps for incoming messages, in its own words. */
export type SimSender = Record<string, string | boolean | null>

/** The numbers and messaging services of the simulated Twilio, with the webhooks that are set for them. */
export interface Senders {
  /** By their SIDs, `PN…` and `MG…`; may be changed at any time. */
  readonly all: Map<string, SimSender>
  /** Answers for a path below an account, or of the messaging API; undefined where it is about none of these. */
  answer(asked: AskedOfSender): Reply | undefined
}

export interface AskedOfSender {
  readonly method: string
  /** `IncomingPhoneNumbers`, `IncomingPhoneNumbers/PN…`, `Services/MG…`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
}

/** What a number is like that was bought and never touched. */
export const newNumber = (sid: string, phoneNumber: string): SimSender => ({
  sid,
  phone_number: phoneNumber,
  friendly_name: phoneNumber,
  sms_url: 'https://demo.twilio.com/welcome/sms/reply/',
  sms_method: 'POST',
  sms_application_sid: '',
})

export const newService = (sid: string, name: string): SimSender => ({
  sid,
  friendly_name: name,
  inbound_request_url: null,
  inbound_method: 'POST',
  use_inbound_webhook_on_number: true,
})

export function createSenders(missing: () => Reply): Senders {
  const all = new Map<string, SimSender>()
  return {
    all,
    answer({ method, path, query, form }) {
      const [kind, sid] = path.split('/')
      if (kind !== 'IncomingPhoneNumbers' && kind !== 'Services') return undefined
      if (sid === undefined) {
        // Here, as at Twilio, part of a number finds it.
        const wanted = query.get('PhoneNumber') ?? ''
        const found = [...all.values()].filter(({ phone_number: number }) => String(number ?? '').includes(wanted))
        return json({ incoming_phone_numbers: found, page_size: 50 })
      }
      const sender = all.get(sid)
      if (!sender) return missing()
      if (method === 'POST')
        for (const [name, value] of form)
          sender[snakeCase(name)] = /^(true|false)$/.test(value) ? value === 'true' : value
      return json(sender)
    },
  }
}

const json = (body: object): Reply => ({ status: 200, body: JSON.stringify(body) })

/** `SmsApplicationSid` → `sms_application_sid`. */
const snakeCase = (name: string): string => name.replace(/(?<!^)[A-Z]/g, letter => `_${letter}`).toLowerCase()
