import { SmsError } from '../../errors.ts'
import type { IncomingMessage, MessagePart, ProviderHost, WebhookReply, WebhookRequest } from '../../provider.ts'
import { escapeXml, readContentType } from './body.ts'
import { compileText, renderText } from './placeholders.ts'
import { compilePointer, textAt } from './pointer.ts'
import type { Source } from './pointer.ts'
import { shown } from './reports.ts'
import type { Reports } from './reports.ts'
import type { HttpSettings } from './settings.ts'
import { compileVerifier } from './signature.ts'
import { decodeField, readRequest } from './source.ts'
import { readTime } from './time.ts'

const MALFORMED: WebhookReply = { status: 400 }
const FORBIDDEN: WebhookReply = { status: 403 }
const TRY_AGAIN: WebhookReply = { status: 503 }

/** One line an hour about strangers is enough. */
const WARN_EVERY_MS = 3_600_000

/** Answers the carrier's calls; `host` gives undefined while the provider is not in use. Throws `SMS_CONFIG`. */
export function compileWebhook(
  settings: HttpSettings,
  reports: Reports,
  host: () => ProviderHost | undefined,
): (request: WebhookRequest) => Promise<WebhookReply> {
  if (settings.path === '') throw new SmsError('SMS_CONFIG', 'the path of the webhook is missing')
  const verify = compileVerifier(settings)
  const readMessage = compileMessage(settings)
  const readReport = compileReport(settings)
  const reply = compileReply(settings)
  let warnedAtMs = -Infinity

  function refuse(running: ProviderHost, reason: string): WebhookReply {
    const nowMs = running.clock.now()
    if (nowMs - warnedAtMs >= WARN_EVERY_MS) {
      warnedAtMs = nowMs
      running.log('warn', `a call to the webhook was refused: ${reason}`)
    }
    return FORBIDDEN
  }

  return async request => {
    const running = host()
    if (!running) return TRY_AGAIN
    const source = readRequest(request)
    const reason = verify(request, source, running.clock.now())
    if (reason !== undefined) return refuse(running, reason)
    try {
      // A report names a state we know; a message may have that field too, for what kind of request it is.
      const said = request.kind === 'im' ? undefined : readReport(source)
      const report = said && reports.of(said)
      if (report) {
        await running.reported(report)
        return reply(report.providerMessageId ?? report.id)
      }
      const message = request.kind === 'status' ? undefined : readMessage(request, source)
      if (message) {
        await running.received(message)
        return reply(message.providerMessageId)
      }
      if (said) {
        running.log('warn', `the carrier reported a state that is not in the list: ${shown(said.state)}`)
        return reply(said.providerMessageId ?? said.id)
      }
    } catch {
      // It was not stored, for whatever reason: only the carrier has it now.
      running.log('warn', 'what the carrier brought could not be stored; it was asked to bring it again')
      return TRY_AGAIN
    }
    if (settings.verify === 'path') return MALFORMED
    // Surely the carrier's, and of no use here: it would only come again.
    running.log('debug', 'the carrier called the webhook with neither a message nor a report')
    return reply(undefined)
  }
}

/** Undefined for what has no sender or no text. */
function compileMessage(
  settings: HttpSettings,
): (request: WebhookRequest, source: Source) => IncomingMessage | undefined {
  const [from, text, to, id, time, charset] = (
    ['inFrom', 'inText', 'inTo', 'inId', 'inTime', 'inCharset'] as const
  ).map(name => compilePointer(settings[name], NAMES[name])) as [Find, Find, Find, Find, Find, Find]
  const readPart = compilePart(settings.inPart)

  return (request, source) => {
    const sender = textAt(from, source)?.trim()
    const words = textIn(request, source)
    if (!sender || words === undefined) return undefined
    const recipient = textAt(to, source)?.trim()
    const providerMessageId = textAt(id, source)?.trim()
    const sentAtMs = readTime(textAt(time, source) ?? '')
    const part = readPart(source)
    return {
      ...(providerMessageId && { providerMessageId }),
      from: settings.inPlus ? withPlus(sender) : sender,
      ...(recipient && { to: settings.inPlus ? withPlus(recipient) : recipient }),
      text: words,
      ...(sentAtMs !== undefined && { sentAtMs }),
      ...(part && { part }),
      raw: source.data ?? source.text,
    }
  }

  function textIn(request: WebhookRequest, source: Source): string | undefined {
    const set = textAt(charset, source)
    const decoded = set && !/^utf-?8$/i.test(set) ? decodeField(request, settings.inText.trim(), set) : undefined
    return decoded ?? textAt(text, source)
  }
}

type Find = ReturnType<typeof compilePointer>

const NAMES = {
  inFrom: 'the field of the sender',
  inText: 'the field of the text',
  inTo: 'the field of the recipient',
  inId: 'the field of the id',
  inTime: 'the field of the time',
  inCharset: 'the field of the character set',
} as const

/** A short code or a name has no `+`. */
const withPlus = (number: string): string => (/^\d{7,15}$/.test(number) ? `+${number}` : number)

function compilePart(fields: string): (source: Source) => MessagePart | undefined {
  if (fields.trim() === '') return () => undefined
  const finds = fields.split(',').map(field => compilePointer(field, 'the fields of parts'))
  if (finds.length !== 3) throw new SmsError('SMS_CONFIG', 'the fields of parts must be three, with commas between')
  return source => {
    const [reference, index, total] = finds.map(find => textAt(find, source))
    const part = { reference: reference ?? '', index: Number(index), total: Number(total) }
    const isPart =
      part.reference !== '' && part.total >= 2 && part.total <= 255 && part.index >= 1 && part.index <= part.total
    return isPart && Number.isInteger(part.index) && Number.isInteger(part.total) ? part : undefined
  }
}

/** Undefined for what has no state, or does not say of which message. */
function compileReport(settings: HttpSettings): (source: Source) => Parameters<Reports['of']>[0] | undefined {
  const theirs = compilePointer(settings.reportId, 'the field of the id in reports')
  const ours = compilePointer(settings.reportRef, 'the field of our id in reports')
  const state = compilePointer(settings.reportState, 'the field of the state')
  const error = compilePointer(settings.reportError, 'the field of the error')
  return source => {
    const word = textAt(state, source)
    const providerMessageId = textAt(theirs, source)?.trim() || undefined
    const id = textAt(ours, source)?.trim() || undefined
    if (!word || (providerMessageId === undefined && id === undefined)) return undefined
    return { id, providerMessageId, state: word, error: textAt(error, source) }
  }
}

/** The answer to what was stored, with the carrier's id of it where the reply names it. */
function compileReply({ reply, replyType }: HttpSettings): (id: string | undefined) => WebhookReply {
  const type = readContentType(replyType.trim() || 'text')
  const pieces = compileText(reply, { names: new Set(['id']), groups: new Set(), secrets: new Set() }, 'the reply')
  const escape = ESCAPES[type.kind] ?? ((text: string) => text)
  return id => ({
    status: 200,
    ...(pieces.length > 0 && { contentType: type.header, body: renderText(pieces, { id: id ?? '' }, escape) ?? '' }),
  })
}

const ESCAPES: Readonly<Record<string, (text: string) => string>> = {
  xml: escapeXml,
  json: text => JSON.stringify(text).slice(1, -1),
  form: encodeURIComponent,
}
