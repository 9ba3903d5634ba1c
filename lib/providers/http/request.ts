import { SmsError } from '../../errors.ts'
import type { HttpRequest } from '../../http.ts'
import { compileAddress } from './address.ts'
import { compileBody, readContentType } from './body.ts'
import { compileHeaders } from './headers.ts'
import type { Known, Values } from './placeholders.ts'
import type { HttpSettings } from './settings.ts'

/** A request as the settings describe it. */
export interface RequestTemplate {
  /** The placeholders it uses. */
  readonly names: ReadonlySet<string>
  /** Throws `SMS_REQUEST` for a value that cannot stand where it should. */
  render(values: Values): Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>
}

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH'] as const

const USER_AGENT = '@sms-flows/node-red-sms'

/** Compiles the request that sends a message. Throws `SMS_CONFIG` saying what is wrong, never quoting a secret. */
export function compileRequest(settings: HttpSettings, known: Known): RequestTemplate {
  const method = METHODS.find(method => method === settings.method.trim().toUpperCase())
  if (!method) throw new SmsError('SMS_CONFIG', `the method must be one of ${METHODS.join(', ')}`)
  const url = compileAddress(settings.url.trim(), known)
  const headers = compileHeaders(settings.headers, known)
  const type = readContentType(settings.contentType.trim())
  const body = method === 'GET' ? undefined : compileBody(settings.body, type.kind, known)
  return {
    names: new Set([...url.names, ...headers.names, ...(body?.names ?? [])]),
    render: values => ({
      method,
      url: url.render(values),
      headers: {
        'user-agent': USER_AGENT,
        ...(body && { 'content-type': type.header }),
        ...headers.render(values),
      },
      ...(body && { body: body.render(values) }),
    }),
  }
}

/** Compiles the question after a message's state: the same headers, another address. Throws `SMS_CONFIG`. */
export function compileQuestion(settings: HttpSettings, known: Known): RequestTemplate {
  const url = compileAddress(settings.statusUrl.trim(), known, 'the status URL')
  const headers = compileHeaders(settings.headers, known)
  return {
    names: new Set([...url.names, ...headers.names]),
    render: values => ({
      method: 'GET',
      url: url.render(values),
      headers: { 'user-agent': USER_AGENT, ...headers.render(values) },
    }),
  }
}
