import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import { createHttpClient } from '../../http.ts'
import type { MessageDraft, Provider, ProviderHost } from '../../provider.ts'
import { compileJudge } from './answers.ts'
import { createExcerpt } from './excerpt.ts'
import { createQuestions } from './question.ts'
import { createReports } from './reports.ts'
import { compileRequest } from './request.ts'
import type { RequestTemplate } from './request.ts'
import type { HttpSettings } from './settings.ts'
import { basicOf, knownTo, valuesOf } from './values.ts'
import { compileWebhook } from './webhook.ts'

export { DEFAULT_SETTINGS } from './settings.ts'
export type { HttpSettings } from './settings.ts'

export interface HttpEffects {
  /** For the deadlines of requests; for the present, only until there is a host with its own. */
  readonly clock?: Clock
}

/** A telephone in a drawer and a big carrier alike take as many at once. */
const CONCURRENCY = 8
const MAX_CHARACTERS = 1600

/** Any HTTP SMS API, as its settings describe it. Throws `SMS_CONFIG` when one is missing or wrong. */
export function createHttp(settings: HttpSettings, { clock = systemClock }: HttpEffects = {}): Provider {
  let host: ProviderHost | undefined
  const nowMs = () => (host?.clock ?? clock).now()
  const request = compileRequest(settings, knownTo(settings))
  const excerpt = createExcerpt(
    [...Object.values(settings.secrets), basicOf(settings.secrets) ?? '', settings.webhookSecret].filter(Boolean),
  )
  const judge = compileJudge(settings, excerpt)
  const reports = createReports(settings.states, excerpt)
  const http = createHttpClient({ clock })
  const questions = createQuestions(settings, reports, http, nowMs)
  const address = new URL(settings.url.trim().replace(/[?{].*$/s, ''))
  const receives = settings.receive === 'webhook'

  return {
    type: 'sms-http',
    name: settings.name,
    pace: {
      concurrency: CONCURRENCY,
      ...(settings.ratePerSecond !== undefined && { perSecond: settings.ratePerSecond }),
    },
    numbers: {
      ...(settings.defaultCountry !== undefined && { defaultCountry: settings.defaultCountry }),
      shortCodes: true,
    },
    maxCharacters: MAX_CHARACTERS,
    respectsOptOut: settings.optOut,
    asksForReports: questions !== undefined && !receives,

    check(draft) {
      checkDraft(draft, request.names)
      // What would only be found out when it is sent is found out now.
      request.render(valuesOf({ ...draft, id: '00000000-0000-7000-8000-000000000000' }, settings))
    },

    async send(message, { signal }) {
      const rendered = request.render(valuesOf(message, settings))
      // Never repeated by itself, not even a GET: it sends.
      return judge(await http.request({ ...rendered, signal }), address.host, nowMs())
    },

    async probe(call) {
      if (questions) return questions.probe(call)
      // Nothing but sending is described, so the host alone is asked whether it is there; no secret goes along.
      const answer = await http.request({ method: 'GET', url: address.origin, repeatable: true, signal: call.signal })
      return { outcome: 'reached', facts: { server: `${address.host} (HTTP ${answer.status})` } }
    },

    ...(questions && {
      queryStatus: questions.queryStatus,
      ...(questions.settle && { settle: questions.settle }),
    }),

    start(given) {
      host = given
      host.health({ health: 'ready' })
    },

    async stop() {
      host = undefined
      await http.close()
    },

    ...(receives && { webhook: compileWebhook(settings, reports, () => host) }),
  }
}

/** Refuses what the request has no place for. */
function checkDraft(draft: MessageDraft, names: RequestTemplate['names']): void {
  if (draft.flash && !names.has('flash'))
    throw new SmsError(
      'SMS_UNSUPPORTED',
      'flash messages are not described for this API: {{flash}} is not in the request',
    )
  if (draft.mediaUrls?.length && !names.has('mediaUrls'))
    throw new SmsError('SMS_UNSUPPORTED', 'media are not described for this API: {{mediaUrls}} is not in the request')
}
