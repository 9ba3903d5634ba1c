import type { Detail, LiveNews } from '../../../lib/console/views.ts'
import type { SmsRecord } from '../../../lib/message.ts'
import type { Api, Problem } from './api.ts'
import { fill, h } from './dom.ts'
import { otherEnd, stateLabel } from './row.ts'
import { errorName, say, stateName } from './texts.ts'
import { fullTime, throttled } from './when.ts'

export interface MessageDetail {
  readonly element: HTMLElement
  open(record: SmsRecord): void
  news(news: LiveNews): void
  refresh(): void
}

interface Options {
  readonly api: Api
  readonly onClose: (id: string) => void
  readonly onProblem: (problem: Problem) => void
  readonly onOpen: (record: SmsRecord) => void
  readonly onNumber: (number: string) => void
  readonly onAnswer: (record: SmsRecord) => void
}

const REFRESH_MS = 300

interface Action {
  readonly key: string
  readonly path: string
  readonly body?: object
}

/** What may be done with a message, by what the runtime says is possible. */
const ACTIONS: Readonly<Record<keyof Detail['can'], readonly Action[]>> = {
  retry: [{ key: 'retry', path: 'retry' }],
  cancel: [{ key: 'cancel', path: 'cancel' }],
  query: [{ key: 'query', path: 'query' }],
  settle: (['taken', 'notTaken', 'resend'] as const).map(decision => ({
    key: decision,
    path: 'settle',
    body: { decision },
  })),
}

/** All about one message: what it says, where it stands, how it came there, and what may be done. */
export function createMessageDetail(options: Options): MessageDetail {
  const { api, onClose, onProblem, onOpen, onNumber, onAnswer } = options
  let shown: SmsRecord | undefined
  let drawn = ''
  const title = h('h2', { tabindex: '-1' })
  const body = h('div', {})
  const state = h('p', { role: 'status', class: 'sms-now' })
  const actions = h('div', { class: 'sms-actions' })
  const back = h('button', { type: 'button', class: 'sms-button', onclick: close }, `\u2039 ${say('button.back')}`)
  const element = h('section', { class: 'sms-detail sms-off', onkeydown: key }, back, title, state, actions, body)

  function key(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
  }

  function close(): void {
    const id = shown?.id ?? ''
    shown = undefined
    onClose(id)
  }

  async function load(): Promise<void> {
    const { id, direction } = shown ?? {}
    if (id === undefined || direction !== 'out') return
    const answer = await api.get<Detail>(`messages/${id}`)
    if (shown?.id !== id) return
    if (answer.ok) show(answer.value)
    else onProblem(answer)
  }

  async function act({ path, body: given }: Action, button: HTMLButtonElement): Promise<void> {
    const id = shown?.id
    button.disabled = true
    const answer = await api.post<{ record: SmsRecord }>(`messages/${id}/${path}`, given)
    button.disabled = false
    if (!answer.ok) onProblem(answer)
    else if (answer.value.record.id !== id) onOpen(answer.value.record)
    // The button may be gone now; who used it is to be somewhere.
    if (shown?.id === id) {
      await load()
      if (!document.activeElement || document.activeElement === document.body) title.focus()
    }
  }

  function actButton(action: Action): HTMLElement {
    const button: HTMLButtonElement = h(
      'button',
      { type: 'button', class: 'sms-button', 'data-action': action.key, onclick: () => void act(action, button) },
      say(`button.${action.key}`),
    )
    return button
  }

  function show({ record, trail, can }: Detail): void {
    const next = JSON.stringify([record, trail, can])
    if (next === drawn) return
    drawn = next
    shown = record
    const possible = (Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]).filter(name => can[name])
    title.textContent = `${say(`direction.${record.direction}`)}: ${otherEnd(record)}`
    const isOther = state.dataset['state'] !== `${record.id} ${record.state}`
    state.dataset['state'] = `${record.id} ${record.state}`
    // Said aloud only when it changed.
    if (isOther) fill(state, stateLabel(record.state))
    const number = otherEnd(record)
    fill(
      actions,
      ...possible.flatMap(name => ACTIONS[name].map(actButton)),
      record.direction === 'in' &&
        record.from !== undefined &&
        h('button', { type: 'button', class: 'sms-button', onclick: () => onAnswer(record) }, say('button.answer')),
      h(
        'button',
        { type: 'button', class: 'sms-button', onclick: () => onNumber(number) },
        say('button.allOf', { number }),
      ),
    )
    fill(
      body,
      can.settle && h('p', { class: 'sms-note' }, say('message.doubt')),
      record.type === 'message' && h('p', { class: 'sms-content' }, record.text),
      h('dl', {}, ...facts(record).flatMap(([name, value]) => [h('dt', {}, say(`fact.${name}`)), h('dd', {}, value)])),
      trail.length > 0 && h('h3', {}, say('message.trail')),
      trail.length > 0 && h('ol', { class: 'sms-trail' }, ...trail.map(step)),
    )
  }

  const refresh = throttled(REFRESH_MS, () => void load())
  return {
    element,
    open(record) {
      shown = record
      drawn = ''
      show({ record, trail: [], can: NOTHING })
      title.focus()
      void load()
    },
    news({ changed, more }) {
      if (more || changed.some(([id]) => id === shown?.id)) refresh()
    },
    refresh,
  }
}

const NOTHING = { cancel: false, retry: false, settle: false, query: false } as const

function facts(record: SmsRecord): (readonly [name: string, value: string])[] {
  const { from, to, provider, parts, encoding, category, route, price, error, providerMessageId } = record
  const carriersCode = error?.providerCode === undefined ? '' : ` (${error.providerCode})`
  const all = [
    ['error', error && `${errorName(error.code)}: ${error.message}${carriersCode}`],
    ['from', from],
    ['to', to],
    ['provider', provider],
    ['route', route],
    ['created', fullTime(record.createdAt)],
    ['updated', fullTime(record.updatedAt)],
    ['parts', parts === undefined ? undefined : String(parts)],
    ['encoding', encoding && { gsm7: 'GSM-7', ucs2: 'Unicode' }[encoding]],
    ['category', category],
    ['price', price && `${price.amount} ${price.currency}`],
    ['carrierId', providerMessageId],
    ['id', record.id],
  ] as const
  return all.filter((fact): fact is readonly [(typeof fact)[0], string] => fact[1] !== undefined && fact[1] !== '')
}

const step = ({ state, at, error }: Detail['trail'][number]): HTMLElement =>
  h(
    'li',
    {},
    h('time', { datetime: at }, fullTime(at)),
    ` ${stateName(state)}`,
    error && ` \u2013 ${errorName(error.code)}: ${error.message}`,
  )
