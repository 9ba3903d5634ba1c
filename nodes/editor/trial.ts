import { ask, isRefusal, refusalLines } from './ask.ts'
import type { EditorNode } from './red.ts'
import { createResult, whileBusy, wordButton } from './result.ts'
import type { Meaning } from './result.ts'
import { text } from './texts.ts'

/** What the runtime found out by trying the settings of a provider. */
interface Finding {
  readonly outcome: 'worked' | 'reached' | 'held'
  readonly facts: Readonly<Record<string, string>>
  /** The node that runs and keeps the port, and so was asked instead: where it is `held`. */
  readonly holder?: Holder
}

interface Holder {
  readonly id: string
  readonly name: string
  readonly health: 'ready' | 'connecting' | 'degraded' | 'failed'
  readonly paused?: true
  readonly error?: { readonly message: string }
}

/** Facts whose values are words of the catalogue, as far as they are known. */
const WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  sim: new Set(['pin', 'unread']),
  registration: new Set(['registered', 'roaming', 'searching', 'denied', 'idle', 'unknown', 'emergency']),
}

/** Puts a button below a property's row that tries the settings as they stand in the dialog. For `oneditprepare`. */
export function connectionTest(node: EditorNode, below: string): void {
  const result = createResult()
  const button = wordButton(text('trial.button'), 'plug', () => test())
  const test = whileBusy(button, async () => {
    result.show('busy', text('trial.busy'))
    const answer = await ask<Finding>(`test/${node.type}`, formSettings(node))
    if (isRefusal(answer)) result.show('bad', ...refusalLines(answer, node.type))
    else if (isTaken(node, answer.holder)) result.show('bad', ...takenLines(answer.holder))
    else result.show(meaningOf(answer), ...findingLines(answer))
  })
  const row = $('<div class="form-row sms-trial">').append($('<div>').append(button), result.element)
  row.insertAfter($(`#node-config-input-${below}`).closest('.form-row'))
  // What was found is of settings that are no more.
  row.closest('.sms-form').on('input', result.clear)
}

/** The settings of a config node as they stand in its dialog. A secret that was not typed anew is the sign for it. */
export function formSettings(node: EditorNode): object {
  const read = (properties: object | undefined) =>
    Object.fromEntries(
      Object.keys(properties ?? {}).flatMap(property => {
        const field = $(`#node-config-input-${property}`)
        if (field.length === 0) return []
        return [[property, field.is('[type=checkbox]') ? field.prop('checked') === true : (field.val() ?? '')]]
      }),
    )
  return { id: node.id, settings: read(node._def.defaults), credentials: read(node._def.credentials) }
}

/** Whether another node has the port, and keeps it with the next deploy. */
function isTaken(node: EditorNode, holder: Holder | undefined): holder is Holder {
  if (!holder || holder.id === node.id) return false
  const other = RED.nodes.node(holder.id)
  return other !== null && other !== undefined && !other.d
}

const takenLines = ({ name }: Holder): string[] => [text('trial.taken', { name }), text('trial.takenHint', { name })]

function meaningOf({ outcome, facts, holder }: Finding): Meaning {
  if (holder) return holder.health === 'ready' ? 'good' : holder.health === 'failed' ? 'bad' : 'doubt'
  return outcome === 'worked' && !isLocked(facts) ? 'good' : 'doubt'
}

/** The SIM card wants its PIN, which no trial enters: a wrong one would cost an attempt. */
const isLocked = ({ sim }: Finding['facts']): boolean => sim === 'pin'

function headline({ outcome, facts }: Finding): string {
  if (outcome !== 'worked') return text('trial.reached')
  return text(isLocked(facts) ? 'trial.locked' : 'trial.worked')
}

function findingLines(finding: Finding): string[] {
  const { holder } = finding
  // Whether the PIN was entered, and what came of it, the node that keeps the port says itself.
  const facts = Object.entries(finding.facts).filter(([fact]) => !(holder && fact === 'sim' && isLocked(finding.facts)))
  const told = facts.map(([fact, value]) => {
    const word = WORDS[fact]?.has(value) ? text(`trial.${fact}.${value}`) : value
    return `${text(`trial.fact.${fact}`)}: ${word}`
  })
  const more = told.length > 0 ? [told.join(' · ')] : []
  if (!holder) return [headline(finding), ...more]
  const { name, health, error, paused } = holder
  const fares = [text(`status.${health}`), ...(paused ? [text('status.paused')] : [])].join(', ')
  return [
    text('trial.held', { name, health: fares }),
    ...(error ? [error.message] : []),
    ...more,
    text('trial.heldHint'),
  ]
}
