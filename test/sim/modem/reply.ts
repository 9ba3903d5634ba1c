/** A final result code (V.250 §5.7, 3GPP TS 27.007 §9.2, TS 27.005 §3.2.5). */
export type Final =
  | 'OK'
  | 'ERROR'
  | 'NO CARRIER'
  | 'BUSY'
  | 'NO ANSWER'
  | 'COMMAND NOT SUPPORT'
  | { readonly cme: number }
  | { readonly cms: number }

/** What a command answers. */
export type Reply =
  | { readonly kind: 'final'; readonly lines: readonly string[]; readonly final: Final }
  /** `> `, then a body, or nothing where it was cancelled with ESC. */
  | { readonly kind: 'prompt'; readonly take: (body: string) => Reply }

export const ok = (...lines: readonly string[]): Reply => ({ kind: 'final', lines, final: 'OK' })
export const failed = (final: Final): Reply => ({ kind: 'final', lines: [], final })
export const error = (): Reply => failed('ERROR')
export const cme = (number: number): Reply => failed({ cme: number })
export const cms = (number: number): Reply => failed({ cms: number })
export const prompt = (take: (body: string) => Reply): Reply => ({ kind: 'prompt', take })

/** How `+CMEE` wants an error told: not at all, by number, in words. */
export function finalText(final: Final, cmee: number, cmsFollowsCmee: boolean): string {
  if (typeof final === 'string') return final
  if ('cme' in final) {
    if (cmee === 0) return 'ERROR'
    return `+CME ERROR: ${cmee === 2 ? (CME_TEXT[final.cme] ?? 'unknown') : final.cme}`
  }
  // 3GPP TS 27.005 §3.2.5 knows no way to switch these off; many modems do so all the same.
  if (cmee === 0 && cmsFollowsCmee) return 'ERROR'
  return `+CMS ERROR: ${cmee === 2 ? (CMS_TEXT[final.cms] ?? 'unknown error') : final.cms}`
}

/** V.250 §5.7.1: what `ATV0` makes of the result codes. */
export const NUMERIC: Readonly<Record<string, string>> = {
  OK: '0',
  CONNECT: '1',
  RING: '2',
  'NO CARRIER': '3',
  ERROR: '4',
  'NO DIALTONE': '6',
  BUSY: '7',
  'NO ANSWER': '8',
}

const CME_TEXT: Readonly<Record<number, string>> = {
  0: 'phone failure',
  3: 'operation not allowed',
  4: 'operation not supported',
  5: 'PH-SIM PIN required',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  15: 'SIM wrong',
  16: 'incorrect password',
  20: 'memory full',
  21: 'invalid index',
  22: 'not found',
  30: 'no network service',
  50: 'incorrect parameters',
  100: 'unknown',
}

const CMS_TEXT: Readonly<Record<number, string>> = {
  38: 'network out of order',
  300: 'ME failure',
  302: 'operation not allowed',
  303: 'operation not supported',
  304: 'invalid PDU mode parameter',
  305: 'invalid text mode parameter',
  310: 'SIM not inserted',
  311: 'SIM PIN required',
  316: 'SIM PUK required',
  320: 'memory failure',
  321: 'invalid memory index',
  322: 'memory full',
  330: 'SMSC address unknown',
  331: 'no network service',
  500: 'unknown error',
}
