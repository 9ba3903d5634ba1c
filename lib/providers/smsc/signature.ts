import { createHash, timingSafeEqual } from 'node:crypto'
import type { FormFields } from './form-fields.ts'

/** What each kind of callback signs, before the secret; joined by colons. */
export const SIGNED = {
  report: ['id', 'phone', 'status'],
  message: ['phone', 'mes', 'to'],
  call: ['phone', 'ts'],
} as const

export type CallbackKind = keyof typeof SIGNED

/** The fields that prove where a callback comes from; whoever has them could look for the secret. */
export const PROOFS: ReadonlySet<string> = new Set(['md5', 'sha1', 'crc32'])

/**
 * Whether a callback's `md5` or `sha1`, in hexadecimal of either case, was made with this secret, compared in constant
 * time. Of `crc32`, which is no proof, nothing is made.
 */
export function isSigned(secret: string, kind: CallbackKind, fields: FormFields): boolean {
  const asSent = joined(SIGNED[kind].map(name => fields.bytes(name)))
  const asText = joined(SIGNED[kind].map(name => Buffer.from(fields.text(name))))
  return (['md5', 'sha1'] as const).some(algorithm => {
    const given = fields.text(algorithm).toLowerCase()
    return [asSent, asText].some(signed => {
      const expected = createHash(algorithm).update(signed).update(secret).digest('hex')
      return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
    })
  })
}

const joined = (parts: readonly Buffer[]): Buffer => Buffer.concat(parts.flatMap(part => [part, Buffer.from(':')]))
