import type { ServerResponse } from 'node:http'
import { SmsError, toSmsError } from '../../lib/errors.ts'
import type { ErrorInfo } from '../../lib/errors.ts'
import type { HttpAdmin, HttpRequest, Red } from './red.ts'

/** What a dialog of the editor sends: JSON, not looked at yet. */
export type Given = Readonly<Record<string, unknown>>

/** What came of what was asked for: why it did not work is an answer too, in words of this package. */
type Outcome = object | { readonly error: ErrorInfo }

/** Routes cannot be taken off an express application, so each is put there once, with whoever came last behind it. */
const mounts = new WeakMap<HttpAdmin, Map<string, (given: Given) => Promise<object>>>()

/**
 * Serves `POST <path>` below `httpAdminRoot` to dialogs of the editor, for who may use SMS and change flows: what a dialog
 * tries, with secrets that are stored, its user could deploy as well, and nobody else may. What `act` throws is answered
 * as `{ error }`, a request that cannot be understood as 4xx with `{ code, message }`.
 */
export function onPost(RED: Red, path: string, act: (given: Given) => Promise<object>): void {
  const { httpAdmin, auth } = RED
  if (!httpAdmin || !auth) return
  const acts = mounts.get(httpAdmin) ?? new Map<string, typeof act>()
  mounts.set(httpAdmin, acts)
  const isMounted = acts.has(path)
  acts.set(path, act)
  if (isMounted) return
  httpAdmin.post(path, auth.needsPermission('sms.write'), auth.needsPermission('flows.write'), (request, response) => {
    void outcomeOf(request, acts.get(path) ?? act).then(([status, outcome]) => write(response, status, outcome))
  })
}

/** Never rejects. */
async function outcomeOf(request: HttpRequest, act: (given: Given) => Promise<object>): Promise<[number, Outcome]> {
  let given: Given
  try {
    given = readGiven(request)
  } catch (thrown) {
    return [400, toSmsError(thrown, 'SMS_REQUEST').toJSON()]
  }
  try {
    return [200, await act(given)]
  } catch (thrown) {
    return [200, { error: toSmsError(thrown).toJSON() }]
  }
}

/** A page elsewhere can post a form, but no JSON without being allowed to: so nobody acts through an open editor. */
export function readGiven({ headers, body }: HttpRequest): Given {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) throw wrong('the body must be application/json')
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong('the body must be an object')
  return body as Given
}

/** A part of what was given that is an object, empty where it is none. */
export const partOf = (given: Given, name: string): Given => {
  const part = given[name]
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as Given) : {}
}

const wrong = (message: string): SmsError => new SmsError('SMS_REQUEST', message)

/** What is answered is private, also to what keeps copies on the way. */
export function write(response: ServerResponse, status: number, outcome: object): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.end(JSON.stringify(outcome))
}
