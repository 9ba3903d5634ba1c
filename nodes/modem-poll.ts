import { systemClock } from '../lib/clock.ts'
import { SmsError, toSmsError } from '../lib/errors.ts'
import type { InUse, ProviderReport } from '../lib/gateway.ts'
import type { Poll } from '../lib/modem-poll/ask.ts'
import { createModemPoll } from '../lib/modem-poll/modem-poll.ts'
import { summary } from '../lib/modem-poll/summary.ts'
import { CHECKS } from '../lib/providers/modem/checks.ts'
import type { Check, ModemFacade, Readings } from '../lib/providers/modem/checks.ts'
import { findProvider, joinGateway, onceStarted } from './shared/gateway.ts'
import { onInput } from './shared/input.ts'
import { choice, number, text } from './shared/property.ts'
import type { Message, Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'
import { errorStatus, healthStatus, statusOf } from './shared/status.ts'

/** The node `modem poll`: asks a modem about itself, on a schedule or on input; also by AT command and USSD code. */
export default function (RED: Red): void {
  registerNode(RED, 'modem poll', (node, config) => {
    const gateway = joinGateway(RED, node)
    const chosen = text(config['modem'])
    const find = () => modemOf(findProvider(RED, chosen))
    let stopHearing = () => {}
    let known: Readings = {}

    const poll = createModemPoll({
      modem: { check: (...given) => find().check(...given) },
      checks: readChecks(config['checks']),
      everyMs: readInterval(config['intervalSeconds']) * 1_000,
      emit: choice(config['emit'], ['always', 'change']),
      clock: systemClock,
      heard(found, isTold) {
        show(found)
        if (isTold) node.send({ topic: findProvider(RED, chosen).provider.name, ...tell(found) })
      },
      failed(error) {
        node.status(errorStatus(error.code))
        // With a message, it is for Catch too.
        node.error(error, {})
      },
    })

    /** What is known, while the modem is well; else what is wrong with it. */
    function fares(report: ProviderReport): void {
      const brief = summary(known)
      const isWell = report.health === 'ready' && brief !== undefined
      node.status(isWell ? { ...statusOf('ready'), text: brief } : healthStatus(report, 'ready'))
    }

    function show({ readings }: Poll): void {
      known = readings
      fares(findProvider(RED, chosen).report())
    }

    onceStarted(RED, node, () => {
      try {
        const { id, report } = findProvider(RED, chosen)
        find()
        stopHearing = gateway.on('provider', told => {
          if (told.id !== id) return
          fares(told)
          poll.fares(told.health)
        })
        fares(report())
        poll.fares(report().health)
        poll.begin()
      } catch (thrown) {
        const error = toSmsError(thrown)
        node.error(error)
        node.status(errorStatus(error.code))
      }
    })
    node.on('close', (_removed, done) => {
      stopHearing()
      poll.end()
      done()
    })

    onInput(node, async (given, { send, signal }) => {
      // What was carried out is not handed on, lest the next node do it too.
      const { command, ussd, ...msg } = given
      const found = findProvider(RED, chosen)
      const modem = modemOf(found)
      const question = readQuestion(command, ussd)
      const answer = async (): Promise<Message> => {
        if (question.kind === 'command') return { payload: await modem.command(question.text, signal) }
        if (question.kind === 'ussd') return { payload: await modem.ussd(question.text, signal) }
        const polled = await poll.ask(signal)
        show(polled)
        return tell(polled)
      }
      send({ topic: found.provider.name, ...withoutEmptyTopic(msg), ...(await answer()) })
    })
  })
}

const tell = ({ readings, failures }: Poll): Message => ({
  payload: readings,
  ...(failures.length > 0 && { failures }),
})

/** An inject node has an empty topic unless it is given one. */
function withoutEmptyTopic({ topic, ...msg }: Message): Message {
  return topic === undefined || topic === '' ? msg : { ...msg, topic }
}

/** Throws `SMS_CONFIG` for a provider that is no modem, or is one that could not be made. */
function modemOf({ provider, report }: InUse): ModemFacade {
  const { modem } = provider as { readonly modem?: ModemFacade }
  if (modem) return modem
  const { error } = report()
  if (provider.type === 'sms-modem' && error) throw new SmsError(error.code, error.message)
  throw new SmsError('SMS_CONFIG', `«${provider.name.slice(0, 40)}» is no modem, but of the type ${provider.type}`)
}

type Question = { readonly kind: 'checks' } | { readonly kind: 'command' | 'ussd'; readonly text: string }

function readQuestion(command: unknown, ussd: unknown): Question {
  const asked = [
    ['command', command],
    ['ussd', ussd],
  ] as const
  const [first, second] = asked.filter(([, given]) => given !== undefined && given !== '')
  if (!first) return { kind: 'checks' }
  if (second) throw new SmsError('SMS_REQUEST', 'ask by msg.command or by msg.ussd, not by both at once')
  const [kind, given] = first
  if (typeof given !== 'string') throw new SmsError('SMS_REQUEST', `msg.${kind} must be a text`)
  return { kind, text: given.trim() }
}

function readChecks(given: unknown): readonly Check[] {
  if (given === undefined || given === '') return []
  if (!Array.isArray(given)) throw new SmsError('SMS_CONFIG', 'the checks must be a list')
  const stray = given.find(name => !CHECKS.includes(name as Check))
  if (stray !== undefined) throw new SmsError('SMS_CONFIG', `a check is one of ${CHECKS.join(', ')}`)
  return CHECKS.filter(name => given.includes(name))
}

/** In seconds; 0, or nothing: only on input. */
function readInterval(given: unknown): number {
  const seconds = number(given, 'the interval', { fallback: 0 })
  if (seconds > 0 && seconds < 1) throw new SmsError('SMS_CONFIG', 'the interval must be at least a second, or 0')
  return seconds
}
