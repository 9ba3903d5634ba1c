import type { ProviderView } from '../../../lib/console/views.ts'
import type { SmsRecord } from '../../../lib/message.ts'
import { segmentLine } from '../segment-counter.ts'
import type { Answer, Api, Problem } from './api.ts'
import { h, toggle } from './dom.ts'
import { fillSelect } from './filters.ts'
import { say } from './texts.ts'

export interface SendForm {
  readonly element: HTMLElement
  providers(views: readonly ProviderView[]): void
  /** Begins an answer to a message that came in. */
  answer(record: SmsRecord): void
}

interface Options {
  readonly api: Api
  readonly onProblem: (problem: Problem) => void
  readonly onSent: (record: SmsRecord) => void
  readonly announce: (text: string) => void
}

interface Sent {
  readonly records: readonly SmsRecord[]
  readonly failures: readonly { readonly to: string; readonly code: string; readonly message: string }[]
}

/** A test message to anybody, and one from a phone of a simulated carrier. */
export function createSendForm({ api, onProblem, onSent, announce }: Options): SendForm {
  const provider = h('select', { id: 'sms-send-provider', 'aria-required': 'true' })
  const to = h('input', {
    type: 'text',
    inputmode: 'tel',
    id: 'sms-send-to',
    autocomplete: 'off',
    'aria-required': 'true',
  })
  const content = h('textarea', {
    id: 'sms-send-text',
    rows: 3,
    'aria-required': 'true',
    'aria-describedby': 'sms-send-segments',
    oninput: count,
  })
  const segments = h('p', { id: 'sms-send-segments', class: 'sms-note' })
  const send = form(
    'send',
    say('send.title'),
    [field(provider, 'send.provider'), field(to, 'send.to'), field(content, 'send.text'), segments],
    say('button.send'),
    async () => {
      const answer = await api.post<Sent>('send', { provider: provider.value, to: to.value, text: content.value })
      if (!answer.ok) return answer
      const [first] = answer.value.records
      const [failure] = answer.value.failures
      content.value = ''
      count()
      if (failure) onProblem({ ok: false, ...failure, message: `${failure.to}: ${failure.message}` })
      else announce(say('send.stored'))
      if (first) onSent(first)
      return answer
    },
  )

  const carrier = h('select', { id: 'sms-phone-provider', 'aria-required': 'true' })
  const from = h('input', {
    type: 'text',
    inputmode: 'tel',
    id: 'sms-phone-from',
    autocomplete: 'off',
    'aria-required': 'true',
    value: '+15550001111',
  })
  const words = h('textarea', { id: 'sms-phone-text', rows: 2, 'aria-required': 'true' })
  const phone = form(
    'phone',
    say('phone.title'),
    [field(carrier, 'phone.carrier'), field(from, 'phone.from'), field(words, 'send.text')],
    say('button.text'),
    async () => {
      const answer = await api.post(`providers/${encodeURIComponent(carrier.value)}/text`, {
        from: from.value,
        text: words.value,
      })
      if (answer.ok) words.value = ''
      return answer
    },
  )
  toggle(phone, false)

  function count(): void {
    segments.textContent = segmentLine(content.value)
  }

  function form(
    name: string,
    title: string,
    fields: readonly HTMLElement[],
    label: string,
    act: () => Promise<Answer<unknown>>,
  ): HTMLFormElement {
    const button = h('button', { type: 'submit', class: 'sms-button sms-primary' }, label)
    const submit = async (): Promise<void> => {
      button.disabled = true
      const answer = await act()
      button.disabled = false
      if (!answer.ok) onProblem(answer)
    }
    return h(
      'form',
      {
        class: 'sms-block',
        'data-form': name,
        'aria-label': title,
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault()
          void submit()
        },
      },
      h('h2', {}, title),
      ...fields,
      h('div', { class: 'sms-actions' }, button),
    )
  }

  return {
    element: h('div', {}, send, phone),
    providers(views) {
      fillSelect(
        provider,
        views.map(({ id, name }) => [id, name]),
        '',
      )
      const simulated = views.filter(({ can }) => can.text)
      fillSelect(
        carrier,
        simulated.map(({ id, name }) => [id, name]),
        '',
      )
      toggle(phone, simulated.length > 0)
    },
    answer(record) {
      provider.value = record.providerNode
      to.value = record.from ?? ''
      content.focus()
    },
  }
}

const field = (input: HTMLElement, key: string): HTMLElement =>
  h('div', { class: 'sms-field' }, h('label', { for: input.id }, say(key)), input)
