import type { HttpRequest } from './red.ts'

/** Far above what any carrier sends, far below what would hurt. */
const MAX_BYTES = 256 * 1024
const WITHIN_MS = 10_000

/** A request's body as it came, or the status code to refuse it with: 413 too large, 408 too slow, 400 broken off. */
export function readBody(request: HttpRequest): Promise<Buffer | number> {
  if (request.body !== undefined) return Promise.resolve(rebuilt(request))
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

/**
 * Where a parser read the body first, the bytes are gone: that of the editor's API does, when both have one root, and a
 * middleware of the user's may. A form can be written again, and so can JSON that was written without blanks.
 */
function rebuilt({ body, headers }: HttpRequest): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body)
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return Buffer.from(JSON.stringify(body))
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one))
  }
  return Buffer.from(form.toString())
}
