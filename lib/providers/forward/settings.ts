import { SmsError } from '../../errors.ts'
import { basicAuthorization } from './basic-auth.ts'
import type { Login } from './basic-auth.ts'

export interface ForwardClientSettings {
  readonly name: string
  /** The server's own address, `…/sms/<path>`; may hold `user:password@`. */
  readonly serverUrl: string
  /** What we show the server; goes before what stands in its address. */
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** What the server must show us; without both nothing is received. */
  readonly callbackUser?: string | undefined
  readonly callbackPassword?: string | undefined
}

/** A login as a dialog gives it, where either part may be empty. */
export interface MaybeLogin {
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/** The other side of a connection, be it the server or a client. */
export interface Peer {
  /** Without a slash at the end, and without credentials. */
  readonly url: string
  /** The value of the `Authorization` header, where one is shown. */
  readonly authorization: string | undefined
  /** What must never be shown. */
  readonly secrets: readonly string[]
}

/** An address with what is shown there. Throws `SMS_CONFIG` saying what is wrong with it; `whose` begins the sentence. */
export function readPeer(address: string, login: MaybeLogin, whose: string): Peer {
  if (!address) throw wrong(`${whose} address is missing`)
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong(`${whose} address is not an http(s) URL`)
  if (url.search || url.hash) throw wrong(`${whose} address must have no query and no fragment`)
  const shown = readLogin(
    login.user || login.password ? login : { user: decoded(url.username), password: decoded(url.password) },
    whose,
  )
  const secrets = shown ? [shown.password, basicAuthorization(shown).slice('Basic '.length)] : []
  return {
    url: url.origin + url.pathname.replace(/\/+$/, ''),
    authorization: shown && basicAuthorization(shown),
    // As it stands in the address, too.
    secrets: [...new Set([...secrets, url.password])].filter(Boolean),
  }
}

/** A login, or undefined where neither part is given. Throws `SMS_CONFIG` where one is missing. */
export function readLogin({ user = '', password = '' }: MaybeLogin, whose: string): Login | undefined {
  if (!user && !password) return undefined
  if (!user) throw wrong(`${whose} user is missing`)
  if (!password) throw wrong(`${whose} password is missing`)
  // RFC 7617 §2: the first colon ends the user.
  if (user.includes(':')) throw wrong(`${whose} user must have no colon`)
  return { user, password }
}

/** Takes secrets out of a text that the other side wrote. */
export const conceal = (secrets: readonly string[], text: string): string =>
  secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const wrong = (sentence: string): SmsError => new SmsError('SMS_CONFIG', sentence)
