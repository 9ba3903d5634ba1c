import { compose, failuresError } from '../lib/compose.ts'
import type { Failure } from '../lib/compose.ts'
import { toSmsError } from '../lib/errors.ts'
import type { SendOptions, SmsRecord } from '../lib/message.ts'
import { readOptions } from '../lib/options.ts'
import { followProvider } from './shared/follow.ts'
import { findProvider, joinGateway } from './shared/gateway.ts'
import { onInput } from './shared/input.ts'
import type { InputTools } from './shared/input.ts'
import { choice, evaluate, flag, number, text } from './shared/property.ts'
import { readRecipient } from './shared/recipient.ts'
import type { Message, NodeConfig, Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'
import { errorStatus, statusOf } from './shared/status.ts'

/** The node `sms out`: sends, and tells of each recipient what became of it. */
export default function (RED: Red): void {
  registerNode(RED, 'sms out', (node, config) => {
    const { outbox } = joinGateway(RED, node)
    const settings = readSettings(config)
    let inFlight = 0

    followProvider(RED, node, { provider: settings.provider, idle: 'ready' })

    onInput(node, async (msg, tools) => {
      inFlight += 1
      if (inFlight === 1) tools.status(statusOf('sending'))
      try {
        const outcomes = await sendAll(msg, tools)
        inFlight -= 1
        finish(msg, tools, outcomes)
      } catch (thrown) {
        inFlight -= 1
        if (settings.failures === 'catch' || tools.signal.aborted) throw thrown
        const error = toSmsError(thrown)
        tools.send([null, { ...msg, error: error.toJSON() }])
        tools.status(errorStatus(error.code))
      }
    })

    async function sendAll(msg: Message, tools: InputTools): Promise<readonly Outcome[]> {
      const options = readSendOptions(settings, msg)
      const { to, carrier } = await readRecipient(RED, node, settings, msg)
      const via = findProvider(RED, options.provider ?? carrier ?? settings.provider)
      const content = await evaluate(RED, node, settings.text, settings.textType, msg)
      const { sendings, failures } = await compose(
        { to, text: content, options, onDoubt: settings.onDoubt },
        via,
        Date.now(),
      )
      const records = await outbox.submit(sendings)
      const isOnly = records.length + failures.length === 1
      // Who waits for a message of tomorrow begins to count tomorrow.
      const timeoutMs = settings.timeoutMs + Math.max(0, Number(options.sendAt ?? 0) - Date.now())
      const sent = records.map(record => follow(record, isOnly ? msg : RED.util.cloneMessage(msg), timeoutMs, tools))
      return [...failures.map(failure => ({ failure })), ...(await Promise.all(sent))]
    }

    /** Waits for one recipient and sends on at once, whatever the others do. */
    async function follow(record: SmsRecord, msg: Message, timeoutMs: number, tools: InputTools): Promise<Outcome> {
      try {
        msg.sms = await outbox.wait(record.id, settings.finishOn, timeoutMs, tools.signal)
        tools.send(msg)
        return {}
      } catch (thrown) {
        if (tools.signal.aborted) throw thrown
        const latest = (await outbox.get({ id: record.id }))?.record ?? record
        return { failure: { to: record.to ?? '', ...toSmsError(thrown).toJSON() }, record: latest }
      }
    }

    function finish(msg: Message, tools: InputTools, outcomes: readonly Outcome[]): void {
      const failed = outcomes.filter(outcome => outcome.failure !== undefined)
      const failures = failed.map(outcome => outcome.failure!)
      if (failures.length === 0) {
        if (inFlight === 0) tools.status(statusOf(settings.finishOn))
        return
      }
      const error = failuresError(failures, outcomes.length)
      if (settings.failures === 'catch') {
        msg.failures = failures
        throw error
      }
      for (const { failure, record } of failed) {
        const { to, ...info } = failure!
        tools.send([null, { ...RED.util.cloneMessage(msg), to, error: info, ...(record && { sms: record }) }])
      }
      tools.status(failures.length < outcomes.length ? statusOf('partial') : errorStatus(error.code))
    }
  })
}

interface Outcome {
  readonly failure?: Failure
  readonly record?: SmsRecord
}

type Settings = ReturnType<typeof readSettings>

function readSettings(config: NodeConfig) {
  return {
    provider: text(config['provider']),
    to: config['to'] ?? 'to',
    toType: text(config['toType']) || 'msg',
    text: config['text'] ?? 'payload',
    textType: text(config['textType']) || 'msg',
    category: text(config['category']),
    deliveryReport: flag(config['deliveryReport'], true),
    finishOn: choice(config['finishOn'], ['accepted', 'delivered']),
    timeoutMs: number(config['timeoutSeconds'], 'the time limit', { fallback: 60 }) * 1000,
    onDoubt: choice(config['onDoubt'], ['fail', 'resend']),
    failures: choice(config['failures'], ['catch', 'output']),
  }
}

/** The message's options over the node's; who waits for delivery needs the report of it. */
function readSendOptions(settings: Settings, msg: Message): SendOptions {
  const given = readOptions(msg.smsOptions)
  return {
    ...(settings.category && { category: settings.category }),
    deliveryReport: settings.deliveryReport,
    ...given,
    ...(settings.finishOn === 'delivered' && { deliveryReport: true }),
  }
}
