import type { Result } from './contract.ts'

/** The final result code a line is, or undefined for any other line. What becomes of a call is `readCallResult`'s. */
export function readResult(line: string): Result | undefined {
  const plain = PLAIN.get(line)
  if (plain) return plain
  const [, code, text] = /^\+(CM[ES]) ERROR:?\s*(.*)$/.exec(line) ?? []
  if (code === undefined || text === undefined) return undefined
  const number = /^\d{1,4}$/.test(text) ? { number: Number(text) } : {}
  return { code: code === 'CME' ? '+CME ERROR' : '+CMS ERROR', ...number, text }
}

/** The final result code of a call (V.250 §6.3.1). While none is placed or taken, such a line tells that one has ended. */
export function readCallResult(line: string): Result | undefined {
  const code = CALL.get(line)
  return code && { code }
}

const PLAIN: ReadonlyMap<string, Result> = new Map<string, Result>([
  ['OK', { code: 'OK' }],
  ['ERROR', { code: 'ERROR' }],
  ['COMMAND NOT SUPPORT', { code: 'COMMAND NOT SUPPORT' }],
  ['COMMAND NOT SUPPORTED', { code: 'COMMAND NOT SUPPORT' }],
  // Huawei's word for an argument it does not know.
  ['TOO MANY PARAMETERS', { code: 'ERROR' }],
])

const CALL: ReadonlyMap<string, 'NO CARRIER' | 'BUSY' | 'NO ANSWER' | 'NO DIALTONE'> = new Map([
  ['NO CARRIER', 'NO CARRIER'],
  ['BUSY', 'BUSY'],
  ['NO ANSWER', 'NO ANSWER'],
  ['NO DIALTONE', 'NO DIALTONE'],
  ['NO DIAL TONE', 'NO DIALTONE'],
] as const)
