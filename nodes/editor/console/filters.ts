import type { ProviderView } from '../../../lib/console/views.ts'
import { OUTGOING_STATES } from '../../../lib/message.ts'
import { fill, h } from './dom.ts'
import { say, stateName } from './texts.ts'

/** What is looked for, as the endpoint takes it; empty means any. */
export type Filter = Readonly<Record<'q' | 'number' | 'type' | 'direction' | 'state' | 'provider', string>>

export interface Filters {
  readonly element: HTMLElement
  value(): Filter
  /** Looks for all of one number, whatever else was looked for. */
  onlyNumber(number: string): void
  providers(views: readonly ProviderView[]): void
}

const TYPING_MS = 300

/** Fields that say which messages to show. */
export function createFilters(onChange: () => void): Filters {
  let number = ''
  let timer = 0
  const search = h('input', {
    type: 'search',
    id: 'sms-search',
    autocomplete: 'off',
    spellcheck: 'false',
    oninput: () => {
      clearTimeout(timer)
      timer = setTimeout(onChange, TYPING_MS)
    },
  })
  const chip = h('button', {
    type: 'button',
    class: 'sms-button sms-off',
    onclick: () => {
      setNumber('')
      onChange()
      search.focus()
    },
  })
  const selects = {
    type: select('type', [
      ['message', say('type.message')],
      ['call', say('type.call')],
    ]),
    direction: select('direction', [
      ['in', say('direction.in')],
      ['out', say('direction.out')],
    ]),
    state: select(
      'state',
      [...OUTGOING_STATES, 'received', 'ringing', 'missed'].map(state => [state, stateName(state)]),
    ),
    provider: select('provider', []),
  } as const
  type Select = keyof typeof selects

  function select(name: string, choices: (readonly [string, string])[]): HTMLSelectElement {
    const field = h('select', { id: `sms-filter-${name}`, onchange: onChange })
    fillSelect(field, choices)
    return field
  }

  function setNumber(next: string): void {
    number = next
    chip.textContent = say('filter.onlyNumber', { number })
    chip.classList.toggle('sms-off', number === '')
  }

  const fields = (Object.keys(selects) as Select[]).map(name =>
    h('div', {}, h('label', { for: `sms-filter-${name}` }, say(`filter.${name}`)), selects[name]),
  )
  return {
    element: h(
      'div',
      { class: 'sms-filters', role: 'search' },
      h('div', { class: 'sms-search' }, h('label', { for: 'sms-search' }, say('filter.search')), search),
      chip,
      h('details', {}, h('summary', {}, say('filter.more')), h('div', { class: 'sms-fields' }, ...fields)),
    ),
    value: () => ({
      q: search.value.trim(),
      number,
      type: selects.type.value,
      direction: selects.direction.value,
      state: selects.state.value,
      provider: selects.provider.value,
    }),
    onlyNumber(next) {
      search.value = ''
      for (const field of Object.values(selects)) field.value = ''
      setNumber(next)
      onChange()
    },
    providers: views =>
      fillSelect(
        selects.provider,
        views.map(({ id, name }) => [id, name]),
      ),
  }
}

/** Puts other choices into a select, which stays as it is where it can; the first means any. */
export function fillSelect(
  field: HTMLSelectElement,
  choices: (readonly [string, string])[],
  any: string | undefined = say('filter.any'),
): void {
  const all = any === '' ? choices : [['', any] as const, ...choices]
  const known = [...field.options].map(({ value, text }) => [value, text])
  if (JSON.stringify(known) === JSON.stringify(all)) return
  const { value } = field
  fill(field, ...all.map(([choice, label]) => h('option', { value: choice }, label)))
  field.value = all.some(([choice]) => choice === value) ? value : (all[0]?.[0] ?? '')
}
