import { SmsError } from '../../errors.ts'
import type { Api, Reply } from './api.ts'
import { readMessage } from './message-resource.ts'
import type { MessageResource } from './message-resource.ts'

export interface Listing {
  readonly messages: readonly Listed[]
  /** Whether all could be read, but for those past use. */
  readonly complete: boolean
  /** How much Twilio's clock is ahead of ours, in milliseconds. */
  readonly aheadMs: number
}

export interface Listed {
  readonly message: MessageResource
  readonly raw: unknown
}

export interface ListQuery {
  readonly To?: string
  /** `YYYY-MM-DD` in GMT. */
  readonly 'DateSent>'?: string
}

const PAGE_SIZE = '100'

/**
 * Messages, newest first as Twilio lists them, until a whole page has nothing but what is `past` use, or `maxPages`. The
 * second argument of `past` is how much Twilio's clock is ahead of ours.
 */
export async function listMessages(
  api: Api,
  query: ListQuery,
  past: (message: MessageResource, aheadMs: number) => boolean,
  maxPages: number,
  signal: AbortSignal,
): Promise<Listing> {
  const messages: Listed[] = []
  let path: string | undefined = `Messages.json?${new URLSearchParams({ ...query, PageSize: PAGE_SIZE }).toString()}`
  let aheadMs = 0
  let missing = 0
  for (let pages = 0; path !== undefined && pages < maxPages; pages++) {
    const reply: Reply = await api.get(path, signal)
    if (pages === 0) aheadMs = reply.aheadMs
    const page = readPage(reply.body)
    missing += page.missing
    messages.push(...page.listed)
    const isLast = page.listed.length > 0 && page.listed.every(({ message }) => past(message, aheadMs))
    path = isLast ? undefined : page.next
  }
  return { messages, complete: path === undefined && missing === 0, aheadMs }
}

/** Throws for what is no page: taken for an empty one, it would prove that a message was never taken. */
function readPage(body: Reply['body']): { listed: Listed[]; missing: number; next: string | undefined } {
  const { messages: page, next_page_uri: next } = body
  if (!Array.isArray(page))
    throw new SmsError('SMS_PROVIDER', 'Twilio answered with something that is no list of messages')
  const listed = (page as unknown[]).flatMap(raw => {
    const message = readMessage(raw)
    return message ? [{ message, raw }] : []
  })
  return {
    listed,
    missing: page.length - listed.length,
    next: typeof next === 'string' && next !== '' ? next : undefined,
  }
}
