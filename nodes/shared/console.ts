import { systemClock } from '../../lib/clock.ts'
import { createConsole } from '../../lib/console/console.ts'
import type { Console, Given } from '../../lib/console/console.ts'
import { createLive } from '../../lib/console/live.ts'
import type { Live } from '../../lib/console/live.ts'
import { SmsError, toSmsError } from '../../lib/errors.ts'
import type { SmsErrorCode } from '../../lib/errors.ts'
import type { Gateway } from '../../lib/gateway.ts'
import { readGiven, write } from './admin.ts'
import { consolePage } from './console-page.ts'
import { presentGateway, useForeignProviders } from './gateway.ts'
import type { HttpAdmin, HttpHandler, HttpRequest, Red } from './red.ts'

/** The console's endpoints below `httpAdminRoot`, each with what it does; reading and acting are permissions apart. */
const READING = {
  '/sms/console/overview': 'overview',
  '/sms/console/messages': 'messages',
  '/sms/console/messages/:id': 'message',
  '/sms/console/traffic': 'traffic',
} as const satisfies Record<string, keyof Console>

const ACTING = {
  '/sms/console/messages/:id/retry': 'retry',
  '/sms/console/messages/:id/cancel': 'cancel',
  '/sms/console/messages/:id/query': 'query',
  '/sms/console/messages/:id/settle': 'settle',
  '/sms/console/providers/:provider/pause': 'pause',
  '/sms/console/providers/:provider/resume': 'resume',
  '/sms/console/providers/:provider/balance': 'balance',
  '/sms/console/providers/:provider/text': 'text',
  '/sms/console/send': 'send',
} as const satisfies Record<string, keyof Console>

/** What open consoles hear of changes; every editor that is connected gets it. */
export const LIVE_TOPIC = 'sms/console'

interface Served {
  readonly RED: Red
  readonly console: Console
  readonly live: Live
}

type Serve = () => Served | undefined

/** Routes cannot be taken off an express application, so they are put there once, with whoever came last behind them. */
const mounts = new WeakMap<HttpAdmin, { serve: Serve }>()

/** Serves the console of this runtime, whatever is in its flows. */
export function serveConsole(RED: Red): void {
  const { httpAdmin } = RED
  if (!httpAdmin || !RED.auth) return
  const mounted = mounts.get(httpAdmin)
  if (mounted) {
    mounted.serve = serving(RED)
    return
  }
  const mount = { serve: serving(RED) }
  mounts.set(httpAdmin, mount)
  const [mayRead, mayAct] = [RED.auth.needsPermission('sms.read'), RED.auth.needsPermission('sms.write')]
  httpAdmin.get('/sms/console', consolePage)
  for (const [path, name] of Object.entries(READING)) {
    httpAdmin.get(
      path,
      mayRead,
      answering(mount, name, ({ query, params }) => ({ ...query, ...params })),
    )
  }
  for (const [path, name] of Object.entries(ACTING)) {
    httpAdmin.post(path, mayAct, answering(mount, name, readAct))
  }
}

/** One console to a gateway; none while no node has made one. */
const consoles = new WeakMap<Gateway, Served>()

const serving = (RED: Red): Serve => {
  return () => {
    const gateway = presentGateway(RED)
    if (!gateway) return undefined
    const known = consoles.get(gateway)
    if (known) return known
    const served = {
      RED,
      console: createConsole(gateway, systemClock),
      live: createLive(gateway, systemClock, news => RED.comms?.publish(LIVE_TOPIC, news)),
    }
    consoles.set(gateway, served)
    return served
  }
}

const readAct = (request: HttpRequest): Given => ({ ...readGiven(request), ...request.params })

type Name = (typeof READING)[keyof typeof READING] | (typeof ACTING)[keyof typeof ACTING]

function answering(mount: { readonly serve: Serve }, name: Name, read: (request: HttpRequest) => Given): HttpHandler {
  const answer = async (request: HttpRequest): Promise<object> => {
    const given = read(request)
    const served = mount.serve()
    if (!served) {
      const nothing = NOTHING[name]
      if (nothing) return nothing
      throw new SmsError('SMS_CONFIG', 'no SMS node is in use yet: add one and deploy')
    }
    served.live.watched()
    if (name === 'overview') useForeignProviders(served.RED)
    return served.console[name](given)
  }
  return (request, response) => {
    answer(request).then(
      found => write(response, 200, found),
      (thrown: unknown) => {
        const error = toSmsError(thrown)
        write(response, HTTP_STATUS[error.code] ?? 502, error.toJSON())
      },
    )
  }
}

/** What there is to see while no SMS node has ever been in use. */
const NOTHING: Partial<Record<Name, object>> = {
  overview: { providers: [] },
  messages: { records: [], searched: 0 },
  traffic: { spans: [] },
}

/** What is none of these is the carrier's. */
const HTTP_STATUS: Partial<Record<SmsErrorCode, number>> = {
  SMS_REQUEST: 400,
  SMS_CONFIG: 409,
  SMS_UNSUPPORTED: 409,
  SMS_STORE: 503,
}
