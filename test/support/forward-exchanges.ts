import { readFileSync } from 'node:fs'

/** One request of py-smsframework 0.0.9-3 with its answer, recorded between its own client and server. */
export interface Exchange {
  readonly direction: 'client->server' | 'server->client'
  readonly path: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody: Readonly<Record<string, unknown>>
  readonly status: number
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly responseBody: Readonly<Record<string, unknown>>
}

const file = new URL('../transcripts/forward-exchanges.json', import.meta.url)

export const exchanges = JSON.parse(readFileSync(file, 'utf8')) as readonly Exchange[]

/** The attributes of an object in a body. */
export function attributesIn(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [object] = Object.values(body) as { '?': [string, Record<string, unknown>] }[]
  return object!['?'][1]
}
