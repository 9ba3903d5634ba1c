import type { NodeRed } from './node-red.ts'

/** What of a reply a test looks at. */
export interface ConsoleReply {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** Asks a console for something, or has it done where there is a body. */
export async function askConsole(
  { url }: Pick<NodeRed, 'url'>,
  path: string,
  { body, token }: { readonly body?: object; readonly token?: string } = {},
): Promise<ConsoleReply> {
  const reply = await fetch(`${url}/sms/console/${path}`, {
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  return { status: reply.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} }
}

/** `password` by bcrypt, as Node-RED keeps it. */
const PASSWORD_HASH = '$2b$04$eStguLyJIimIsB4pCbtn9uBdAeJNQrp/sLWWJMBauF2K7MNZwrL32'

/** Settings of Node-RED with three users whose password is `password`: all, only reading, and nothing of SMS. */
export const THREE_USERS = {
  adminAuth: {
    type: 'credentials',
    users: [
      { username: 'owner', password: PASSWORD_HASH, permissions: '*' },
      { username: 'reader', password: PASSWORD_HASH, permissions: 'read' },
      { username: 'stranger', password: PASSWORD_HASH, permissions: ['flows.read', 'status.read'] },
    ],
  },
} as const

/** Logs one of them in; resolves to the token. */
export async function logIn({ url }: Pick<NodeRed, 'url'>, username: string): Promise<string> {
  const body = new URLSearchParams({
    client_id: 'node-red-editor',
    grant_type: 'password',
    scope: '',
    username,
    password: 'password',
  })
  const reply = await fetch(`${url}/auth/token`, { method: 'POST', body })
  return ((await reply.json()) as { access_token: string }).access_token
}
