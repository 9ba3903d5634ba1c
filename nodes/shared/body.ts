import type { HttpRequest } from './red.ts'

/** Far above what any carrier sends, far below what would hurt. */
const MAX_BYTES = 256 * 1024
const WITHIN_MS = 10_000

/** A request's body as it came, or the status code to refuse it with: 413 too large, 408 too slow, 400 broken off. */
export function readBody(request: HttpRequest): Promise<Buffer | number> {
  if (request.body !== undefined) return Promise.resolve(rebuilt(request.body))
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (result: Buffer | number) => {
      clearTimeout(timer)
      request.off('data', onData)
      resolve(result)
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_BYTES) {
        request.resume()
        end(413)
      } else chunks.push(chunk)
    }
    const timer = setTimeout(() => end(408), WITHIN_MS)
    request.on('data', onData)
    request.once('end', () => end(Buffer.concat(chunks)))
    request.once('error', () => end(400))
    request.once('aborted', () => end(400))
  })
}

/** Where a middleware of the user's parsed the body first, the bytes are gone: a form can be written again. */
function rebuilt(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one))
  }
  return Buffer.from(form.toString())
}
