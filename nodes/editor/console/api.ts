import { errorName, say } from './texts.ts'

/** What came of a request; `LOGIN`, `FORBIDDEN` and `OFFLINE` are codes of the page's own. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Problem

export interface Problem {
  readonly ok: false
  readonly code: string
  readonly message: string
}

type Parameters = Readonly<Record<string, string>>

/** The console's endpoints, as the user of the editor. Never rejects. */
export interface Api {
  get<T>(path: string, parameters?: Parameters): Promise<Answer<T>>
  post<T>(path: string, body?: object): Promise<Answer<T>>
}

/** `root` is where the editor is, with a slash at its end. */
export function createApi(root: string): Api {
  async function ask<T>(path: string, body?: object): Promise<Answer<T>> {
    const token = accessToken(root)
    const headers = {
      ...(body && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    }
    const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    try {
      const reply = await fetch(`${root}sms/console/${path}`, request)
      if (reply.status === 401) {
        return { ok: false, code: body ? 'FORBIDDEN' : 'LOGIN', message: '' }
      }
      const found = (await reply.json()) as T
      return reply.ok ? { ok: true, value: found } : { ok: false, ...(found as { code: string; message: string }) }
    } catch {
      return { ok: false, code: 'OFFLINE', message: '' }
    }
  }

  return {
    get: (path, parameters = {}) => {
      const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString()
      return ask(query === '' ? path : `${path}?${query}`)
    },
    post: (path, body = {}) => ask(path, body),
  }
}

/** The token that the editor keeps, in a place named after its own path. */
export function accessToken(root: string): string | undefined {
  const path = new URL(root, location.href).pathname.slice(0, -1)
  try {
    const kept = JSON.parse(localStorage.getItem(`auth-tokens${path.replaceAll('/', '-')}`) ?? 'null') as unknown
    return (kept as { access_token?: string } | null)?.access_token
  } catch {
    return undefined
  }
}

/** What went wrong, in words. */
export function problemText({ code, message }: Problem): string {
  if (code === 'LOGIN') return say('problem.logIn')
  if (code === 'FORBIDDEN') return say('problem.forbidden')
  if (code === 'OFFLINE') return say('problem.offline')
  return `${errorName(code)}: ${message}`
}
