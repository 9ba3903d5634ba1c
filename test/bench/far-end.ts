// Twilio's messages API in a process of its own, and as lean as can be: it shares the machine with those who call it,
// and the simulated Twilio of the tests, or only node:http, takes as long for a request as what is to be measured.
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { toJson } from '../sim/twilio-ledger.ts'

const NO_MESSAGES = { messages: [], next_page_uri: null }

let created = 0

const server = createServer(socket => {
  let received = ''
  socket.setEncoding('latin1')
  // Whoever is stopped may reset what is open.
  socket.on('error', () => {})
  socket.on('data', (chunk: string) => {
    received += chunk
    for (let request = takeRequest(); request; request = takeRequest()) {
      const isList = request.head.startsWith('GET')
      socket.write(isList ? answer('200 OK', NO_MESSAGES) : answer('201 Created', create(request.head, request.body)))
    }
  })

  function takeRequest(): { head: string; body: string } | undefined {
    const headEnd = received.indexOf('\r\n\r\n')
    if (headEnd === -1) return undefined
    const head = received.slice(0, headEnd)
    const bodyStart = headEnd + 4
    const bodyEnd = bodyStart + Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
    if (received.length < bodyEnd) return undefined
    const body = received.slice(bodyStart, bodyEnd)
    received = received.slice(bodyEnd)
    return { head, body }
  }
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

process.on('message', () => process.send!({ created }))
process.once('disconnect', () => process.exit())
process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })

function create(head: string, body: string): object {
  const form = new URLSearchParams(body)
  const nowMs = Date.now()
  created += 1
  return toJson({
    sid: `SM${created.toString(16).padStart(32, '0')}`,
    accountSid: head.split('/', 4)[3] ?? '',
    direction: 'outbound-api',
    from: form.get('From'),
    to: form.get('To') ?? '',
    body: form.get('Body') ?? '',
    status: 'queued',
    errorCode: null,
    messagingServiceSid: null,
    statusCallback: null,
    mediaUrls: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    sentAtMs: null,
    form: {},
  })
}

function answer(status: string, json: object): string {
  const body = JSON.stringify(json)
  const length = Buffer.byteLength(body)
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`
}
