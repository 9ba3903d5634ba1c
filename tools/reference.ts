// npm run reference: writes docs/reference.md from the tables and types of the code.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ERROR_CODES } from '../lib/errors.ts'
import { STATES } from '../lib/message.ts'
import type { SendOptions, SmsRecord } from '../lib/message.ts'
import { root } from './project.ts'

export const referenceFile = join(root, 'docs', 'reference.md')

/** The fields of a record; a field without a line here does not compile. */
const RECORD: Readonly<Record<keyof SmsRecord, string>> = {
  id: 'ours, a UUIDv7; the same across retries and restarts',
  type: '`message` or `call`',
  direction: '`out` or `in`',
  provider: 'the name of the provider it went, or came, through',
  providerNode: 'the id of its config node',
  providerMessageId: "the carrier's id",
  from: 'the sender, as `+` and digits where it is a number',
  to: 'the recipient; of an incoming message our own number, where the carrier tells it',
  text: 'the text',
  state: 'see below',
  parts: 'how many SMS it takes',
  encoding: '`gsm7` or `ucs2`',
  category: "the sender's label, by which routes choose",
  ref: "the sender's own reference, given back untouched with every state",
  route: 'why a router chose this provider',
  price: '`{ amount, currency }`, a decimal text and an ISO 4217 code, where the carrier tells it',
  mediaUrls: 'addresses of pictures and the like',
  sentAt: 'when the carrier took it; of an incoming message when it was sent',
  receivedAt: 'when an incoming message reached us',
  createdAt: 'when it was stored',
  updatedAt: 'when it last changed',
  incomplete: '`true` where parts are missing and will not come',
  redelivered: '`true` where the flow may have been given it before, as Node-RED was cut off then',
  raw: 'what the carrier said, where it says more',
  error: '`{ code, message, providerCode }` where something failed',
}

const OPTIONS: Readonly<Record<keyof SendOptions, string>> = {
  from: 'the sender: a number or name of the account',
  provider: "the id or name of a provider, in place of the node's",
  category: 'a label for routes and guards, such as `alarm` or `users/notification`',
  ref: 'your own reference: any plain data',
  priority: 'from -1000 to 1000; higher goes first, 0 is usual',
  validityMinutes: 'how long it is worth sending; after that it ends as `expired`',
  flash: 'shown at once and not kept by the phone',
  sendAt: 'when to send it: ISO 8601, or milliseconds since the epoch; within a year',
  deliveryReport: 'whether the carrier is asked for a report; yes by default',
  allowReply: 'whether an answer is wanted; carriers that can, choose a sender by it',
  encoding: '`auto`, `gsm7` (refused where it does not fit) or `ucs2`',
  transliterate: 'rewrites letters where the whole text then fits GSM 7-bit, so that it takes fewer parts',
  mediaUrls: 'addresses of pictures, for carriers that send MMS',
  idempotencyKey: 'the same key to the same recipient is the same message: it is sent once, and its record answered',
  params: "the carrier's own parameters, passed on as they are",
}

const INCOMING_STATES = {
  received: 'an incoming message',
  ringing: 'a call, as it rings',
  missed: 'a call that is over; nobody took it, as far as the carrier tells',
} as const satisfies Record<Exclude<SmsRecord['state'], keyof typeof STATES>, string>

/** The whole document. */
export function reference(): string {
  const states = [
    ...Object.entries(STATES).map(([state, { means }]) => ['out', `\`${state}\``, means]),
    ...Object.entries(INCOMING_STATES).map(([state, means]) => ['in', `\`${state}\``, means]),
  ]
  const errors = Object.entries(ERROR_CODES).map(([code, { means, retryable }]) => [
    `\`${code}\``,
    means,
    retryable ? 'yes' : 'no',
  ])
  return `# Reference

Written by \`npm run reference\` from the tables of the code.

## The record, \`msg.sms\`

On every output of the package. Times are ISO 8601 in UTC; a field that has nothing to say is absent.

${table(['field', 'holds'], rows(RECORD))}

## States

A state only moves forward, down this list: reports arrive out of order and twice. \`unknown\` goes back to \`queued\` where it
was found out that nothing was sent, and so does what is tried again.

${table(['direction', 'state', 'means'], states)}

## Options, \`msg.smsOptions\`

A field that is not among these is an error: a misspelt option is not dropped in silence.

${table(['field', 'asks for'], rows(OPTIONS))}

## Errors

A Catch node sees the code as \`msg.error.code\`. What is tried again surely was not taken by the carrier; it is tried until the
validity of the message ends.

${table(['code', 'means', 'tried again'], errors)}
`
}

const rows = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([field, holds]) => [`\`${field}\``, holds])

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...lines.map(line)].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(referenceFile, reference())
