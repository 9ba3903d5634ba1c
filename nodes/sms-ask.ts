import { setImmediate as nextTurn } from 'node:timers/promises'
import { failuresError } from '../lib/compose.ts'
import type { Failure } from '../lib/compose.ts'
import { readOptions } from '../lib/options.ts'
import type { Question } from '../lib/questions/book.ts'
import { createJudge } from '../lib/questions/judge.ts'
import { plainCopy } from '../lib/questions/plain-copy.ts'
import type { Attached, End } from '../lib/questions/contract.ts'
import { copyRecord } from '../lib/record.ts'
import { followProvider } from './shared/follow.ts'
import { findProvider, joinGateway, onceStarted } from './shared/gateway.ts'
import { onInput } from './shared/input.ts'
import type { InputTools } from './shared/input.ts'
import { choice, evaluate, number, text } from './shared/property.ts'
import { readRecipient } from './shared/recipient.ts'
import type { Message, NodeConfig, NodeStatus, Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'
import { errorStatus, statusOf } from './shared/status.ts'

/** The node `sms ask`: sends a question, and sends on when it is answered, refused, or nobody has answered in time. */
export default function (RED: Red): void {
  registerNode(RED, 'sms ask', (node, config) => {
    const { questions } = joinGateway(RED, node)
    const settings = readSettings(config)
    /** Questions whose input this run has had, by their ids; of those of before there is a copy only. */
    const live = new Map<string, Live>()
    let attached: Attached | undefined
    let last: NodeStatus = statusOf('ready')

    const attach = () => (attached ??= questions.attach(node.id, { ...settings, ended, open: showOpen }))

    // Before anything that came meanwhile is handed to the flow: it may be an answer.
    onceStarted(RED, node, attach)
    followProvider(RED, node, { provider: settings.provider, idle: 'ready' })
    node.on('close', (removed, done) => {
      attached?.close(removed)
      for (const { settle } of live.values()) settle()
      done()
    })

    onInput(node, async (msg, tools) => {
      tools.status(statusOf('asking'))
      const options = readOptions(msg.smsOptions)
      const { to, carrier } = await readRecipient(RED, node, settings, msg)
      const via = findProvider(RED, options.provider ?? carrier ?? settings.provider)
      const content = await evaluate(RED, node, settings.text, settings.textType, msg)
      const asked = new Map<string, Promise<Failure | undefined>>()
      const wanted = { to, text: content, options, copy: plainCopy(msg) }
      const opened = ({ id }: Question) =>
        void asked.set(id, new Promise(resolve => live.set(id, { msg, tools, settle: resolve })))
      let refused: readonly Failure[]
      try {
        refused = await attach().ask(wanted, via, opened)
      } catch (error) {
        for (const id of asked.keys()) live.delete(id)
        throw error
      }
      const ends = await Promise.all(asked.values())
      const failures = [...refused, ...ends.filter(failure => failure !== undefined)]
      if (failures.length === 0) return
      msg.failures = failures
      throw failuresError(failures, refused.length + ends.length)
    })

    async function ended(question: Question, end: End): Promise<void> {
      const mine = live.get(question.id)
      live.delete(question.id)
      const failure = end.end === 'failed' ? { to: question.to, ...end.error.toJSON() } : undefined
      last = end.end === 'failed' ? errorStatus(end.error.code) : statusOf(end.end)
      try {
        // Each recipient has a message of its own; after a restart, what is left of it.
        const msg: Message = mine ? RED.util.cloneMessage(mine.msg) : { ...question.copy }
        if (end.end !== 'failed') (mine?.tools ?? node).send(outputsOf(msg, end))
        else if (!mine) node.error(end.error, { ...msg, failures: [failure], ...(end.asked && { sms: end.asked }) })
      } finally {
        mine?.settle(failure)
      }
      // Node-RED delivers in a later turn of the event loop: what must not be lost is not forgotten before.
      await nextTurn()
    }

    function showOpen(count: number): void {
      // A number needs no translation.
      node.status(count > 0 ? { fill: 'blue', shape: 'ring', text: `? ${count}` } : last)
    }
  })
}

interface Live {
  readonly msg: Message
  readonly tools: InputTools
  readonly settle: (failure?: Failure) => void
}

const OUTPUTS = ['answered', 'refused', 'timedOut'] as const

function outputsOf(msg: Message, end: Exclude<End, { end: 'failed' }>): readonly (Message | null)[] {
  if (end.end === 'timedOut') msg.sms = end.asked && copyRecord(end.asked)
  else {
    const { answer, asked, match } = end
    Object.assign(msg, { payload: answer.text, from: answer.from, sms: answer, question: asked && copyRecord(asked) })
    // What an earlier node found is not in this answer.
    if (match === undefined) delete msg['match']
    else msg['match'] = match
  }
  return OUTPUTS.map(output => (output === end.end ? msg : null))
}

function readSettings(config: NodeConfig) {
  return {
    provider: text(config['provider']),
    to: config['to'] ?? 'to',
    toType: text(config['toType']) || 'msg',
    text: config['text'] ?? 'payload',
    textType: text(config['textType']) || 'msg',
    judge: createJudge({
      match: text(config['match']),
      matchType: choice(config['matchType'], ['any', 'keyword', 'regex']),
      refuse: text(config['refuse']),
    }),
    timeoutMs: number(config['timeoutSeconds'], 'the time to answer', { fallback: 300, least: 1 }) * 1000,
    retries: number(config['retries'], 'the number of repetitions', { fallback: 0 }),
    retryText: text(config['retryText']),
  }
}
