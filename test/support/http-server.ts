import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What a scripted server answers; by default 200 with an empty body. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly fault?: Fault
}

/**
 * `silent`: takes the request and never answers. `cut`: takes it and resets the connection. `truncated`: ends the
 * connection in the middle of the body. `stalled`: stops there and keeps it open. `huge`: a body without end.
 */
export type Fault = 'silent' | 'cut' | 'truncated' | 'stalled' | 'huge'

export interface SeenRequest {
  readonly method: string
  /** With query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A carrier's HTTP server on the loopback that says what it is told to. */
export interface ScriptedServer {
  readonly url: string
  /** Everything that came, oldest first. */
  readonly requests: readonly SeenRequest[]
  /** Sets the answer to every request from now on. */
  reply(reply: Reply | ((request: SeenRequest) => Reply)): void
  /** Resolves when so many requests in all have come. */
  arrived(count: number): Promise<void>
  /** Connections that are open. */
  connections(): number
  close(): Promise<void>
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: SeenRequest[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  let next: (request: SeenRequest) => Reply = () => ({})

  const server = await listen(async (request, response) => {
    const seen = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: await readBody(request),
    }
    requests.push(seen)
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve()
    answer(response, next(seen))
  })

  return {
    ...server,
    requests,
    reply(reply) {
      next = typeof reply === 'function' ? reply : () => reply
    },
    arrived(count) {
      if (requests.length >= count) return Promise.resolve()
      return new Promise(resolve => waiting.push({ count, resolve }))
    },
  }
}

/** An address of the loopback where nobody listens. */
export async function closedPortUrl(): Promise<string> {
  const { url, close } = await listen(() => {})
  await close()
  return url
}

/** Serves on a free port of the loopback; `close` cuts what is open. */
export async function listen(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<{ url: string; connections(): number; close(): Promise<void> }> {
  const server = createServer((request, response) => void onRequest(request, response))
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    async close() {
      if (!server.listening) return
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Sends an answer, or fails as told. */
export function answer(response: ServerResponse, reply: Reply): void {
  const { status = 200, headers = {}, body = '', fault } = reply
  if (fault === 'silent') return
  if (fault === 'cut') return void response.socket?.resetAndDestroy()
  if (fault === undefined) {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
    return
  }
  if (fault === 'huge') {
    response.writeHead(status, headers)
    return pour(response)
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) + 100 })
  response.write(body || '{"half":', () => {
    if (fault === 'truncated') response.socket?.destroy()
  })
}

function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  // The other side hangs up in the middle: that is what it should do.
  response.on('error', () => {})
  more()
}
