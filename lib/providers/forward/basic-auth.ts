import { createHash, timingSafeEqual } from 'node:crypto'

/** Who shows what: a user and a password, neither of them empty. */
export interface Login {
  readonly user: string
  readonly password: string
}

/** The value of an `Authorization` header (RFC 7617), in UTF-8. */
export const basicAuthorization = ({ user, password }: Login): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/**
 * Finds out whose login an `Authorization` header shows. Takes as long for an unknown user as for a wrong password, and
 * looks at every login in either case.
 */
export function createGate<T>(
  logins: readonly (readonly [login: Login, who: T])[],
): (header?: string) => T | undefined {
  const known = logins.map(([{ user, password }, who]) => [digest(`${user}:${password}`), who] as const)
  return header => {
    const [, shown = ''] = /^basic ([\w+/=-]*)$/i.exec(header?.trim() ?? '') ?? []
    const given = digest(Buffer.from(shown, 'base64'))
    let found: T | undefined
    for (const [expected, who] of known) if (timingSafeEqual(expected, given)) found = who
    return found
  }
}

/** Of equal length, whatever was shown. */
const digest = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest()
