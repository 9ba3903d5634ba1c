import { SmsError } from '../errors.ts'
import { createFilter } from '../inbox/filter.ts'
import type { SmsRecord } from '../message.ts'
import { readLogin, readPeer } from '../providers/forward/settings.ts'
import type { Peer } from '../providers/forward/settings.ts'
import type { Login } from '../providers/forward/basic-auth.ts'

/** A remote client as a dialog describes it. */
export interface ClientSettings {
  /** Stays the same when anything else changes: what waits for the client is kept under it. The name, if not given. */
  readonly id?: string | undefined
  readonly name: string
  /** Where it receives, `…/sms/<path>`; without it, it only sends. */
  readonly url?: string | undefined
  /** What it is told of. */
  readonly events: readonly ClientEvent[]
  /** Of our numbers, those whose messages it gets, or beginnings of numbers with `*`; empty: all. */
  readonly to?: string | undefined
  /** It gets messages that begin with one of these words; empty: all. */
  readonly keyword?: string | undefined
  /** It is also told what becomes of messages of these categories that no client has sent; empty: of none. */
  readonly category?: string | undefined
  /** What it shows us. */
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** What we show it. */
  readonly callbackUser?: string | undefined
  readonly callbackPassword?: string | undefined
}

export type ClientEvent = 'messages' | 'calls' | 'statuses'

/** A client whose settings were checked. */
export interface Client {
  readonly id: string
  readonly name: string
  /** What it must show to send through us. */
  readonly login: Login | undefined
  /** Where it receives. */
  readonly peer: Peer | undefined
  /** Whether a message or call that came in is for it. */
  wants(record: SmsRecord): boolean
  /** Whether it is told what became of a message; `owner`: the client that sent it, if one did. */
  isToldOf(record: SmsRecord, owner: string | undefined): boolean
}

/** Throws `SMS_CONFIG` naming the client whose settings cannot work. */
export function readClients(list: readonly ClientSettings[]): readonly Client[] {
  const clients = list.map(readClient)
  for (const [index, { name, id, login }] of clients.entries()) {
    const before = clients.slice(0, index)
    if (before.some(other => other.id === id)) throw wrong(name, 'there are two of that name')
    if (login && before.some(other => other.login?.user === login.user))
      throw wrong(name, 'another client has the same user')
  }
  return clients
}

function readClient(settings: ClientSettings, index: number): Client {
  const { url = '', events, keyword = '', to = '', category = '' } = settings
  const name = settings.name || `client ${index + 1}`
  const { user, password, callbackUser, callbackPassword } = settings
  const login = readLogin({ user, password }, `${quoted(name)}: its`)
  const peer = url
    ? readPeer(url, { user: callbackUser, password: callbackPassword }, `${quoted(name)}: the callback`)
    : undefined
  if (!login && !peer) throw wrong(name, 'it has neither a login nor an address')
  const tells = (event: ClientEvent) => peer !== undefined && events.includes(event)
  const filter = createFilter({ listen: 'both', allowFrom: to, matchType: keyword ? 'keyword' : 'any', match: keyword })
  const categories = new Set(
    category
      .split(',')
      .map(one => one.trim())
      .filter(Boolean),
  )
  const id = settings.id || name
  return {
    id,
    name,
    login,
    peer,
    wants(record) {
      if (!tells(record.type === 'call' ? 'calls' : 'messages')) return false
      // The filter looks at who sent a message; here it is who was texted.
      return filter({ ...record, from: record.to ?? '' }) !== undefined
    },
    isToldOf(record, owner) {
      if (!tells('statuses')) return false
      return owner === undefined ? categories.has(record.category ?? '') : owner === id
    },
  }
}

const quoted = (name: string): string => `«${name.slice(0, 40)}»`

const wrong = (name: string, sentence: string): SmsError => new SmsError('SMS_CONFIG', `${quoted(name)}: ${sentence}`)
