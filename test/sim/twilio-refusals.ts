/** How Twilio says no. */
export interface Refusal {
  readonly status: number
  readonly code: number
  readonly message: string
}

/** Why a creation is refused, by the checks and magic numbers Twilio documents for its test credentials. */
export function refusalOf(form: URLSearchParams, optedOut: ReadonlySet<string>, nowMs: number): Refusal | undefined {
  const fields: Fields = name => form.get(name)
  const to = fields('To') ?? ''
  for (const [code, message, applies] of CHECKS) {
    if (applies(fields, nowMs)) return { status: 400, code, message: message.replace('{To}', to) }
  }
  const magic = MAGIC_TO[to] ?? MAGIC_FROM[fields('From') ?? '']
  if (magic) return { status: 400, code: magic[0], message: magic[1] }
  return optedOut.has(to)
    ? { status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' }
    : undefined
}

type Fields = (name: string) => string | null

const CHECKS: readonly (readonly [
  code: number,
  message: string,
  applies: (fields: Fields, nowMs: number) => boolean,
])[] = [
  [21604, "A 'To' phone number is required.", fields => !fields('To')],
  [21603, "A 'From' phone number is required.", fields => !fields('From') && !fields('MessagingServiceSid')],
  [
    21602,
    'Message body is required.',
    fields => !fields('Body') && fields('MediaUrl') === null && fields('ContentSid') === null,
  ],
  [
    21617,
    'The concatenated message body exceeds the 1600 character limit.',
    fields => (fields('Body') ?? '').length > 1600,
  ],
  [
    21211,
    "The 'To' number {To} is not a valid phone number.",
    fields => !/^(\w+:)?\+[1-9]\d{6,14}$/.test(fields('To')!),
  ],
  [21266, "'To' and 'From' number cannot be the same: {To}", fields => fields('To') === fields('From')],
  [
    21609,
    "The 'StatusCallback' URL is not a valid URL.",
    fields => fields('StatusCallback') !== null && !URL.canParse(fields('StatusCallback')!),
  ],
  [
    21604,
    'ValidityPeriod must be between 1 and 36000',
    fields => {
      const seconds = fields('ValidityPeriod')
      return seconds !== null && !(Number(seconds) >= 1 && Number(seconds) <= 36_000)
    },
  ],
  [
    35115,
    'MessagingServiceSid is required to schedule a message.',
    fields => fields('ScheduleType') !== null && !fields('MessagingServiceSid'),
  ],
  [
    35114,
    'SendAt time must be between 300 seconds and 35 days in the future.',
    (fields, nowMs) => {
      if (fields('ScheduleType') === null) return false
      const aheadMs = Date.parse(fields('SendAt') ?? '') - nowMs
      return !(aheadMs >= 300_000 && aheadMs <= 35 * 24 * 3_600_000)
    },
  ],
]

const MAGIC_TO: Readonly<Record<string, readonly [code: number, message: string]>> = {
  '+15005550001': [21211, "The 'To' number +15005550001 is not a valid phone number."],
  '+15005550002': [21612, 'The message cannot be routed to this number.'],
  '+15005550003': [21408, 'Permission to send an SMS has not been enabled for this region.'],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, "'To' number is not a valid mobile number"],
}

const MAGIC_FROM: Readonly<Record<string, readonly [code: number, message: string]>> = {
  '+15005550001': [21212, "The 'From' number +15005550001 is not a valid phone number."],
  '+15005550007': [21606, "The 'From' phone number is not owned by your account."],
  '+15005550008': [21611, "This 'From' number has exceeded the maximum number of queued messages."],
}
