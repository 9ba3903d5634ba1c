import type { SmsRecord, SmsState } from '../../../lib/message.ts'
import { fill, h } from './dom.ts'
import { say, stateName } from './texts.ts'
import { shortTime } from './when.ts'

/** A message in the list, a button that opens it. */
export interface Row {
  readonly element: HTMLElement
  readonly button: HTMLButtonElement
  record(): SmsRecord
  update(record: SmsRecord): void
  state(state: SmsState): void
}

export function createRow(first: SmsRecord, onOpen: (record: SmsRecord) => void): Row {
  let record = first
  const button = h('button', { type: 'button', class: 'sms-row', onclick: () => onOpen(record) })

  function update(next: SmsRecord): void {
    record = next
    const { direction, state, createdAt, text, type } = next
    button.dataset['state'] = state
    fill(
      button,
      h(
        'span',
        { class: 'sms-head' },
        h('span', { class: 'sms-arrow', 'aria-hidden': 'true' }, direction === 'in' ? '\u2199' : '\u2197'),
        h('span', { class: 'sms-hidden' }, say(`direction.${direction}`)),
        h('span', { class: 'sms-name' }, otherEnd(next)),
        h('time', { datetime: createdAt }, shortTime(createdAt)),
      ),
      h('span', { class: 'sms-text' }, type === 'call' ? say('type.call') : text),
      stateLabel(state),
    )
  }

  update(first)
  return {
    element: h('li', {}, button),
    button,
    record: () => record,
    update,
    state: state => update({ ...record, state }),
  }
}

/** Who it is from, or for. */
export const otherEnd = ({ direction, from, to }: SmsRecord): string =>
  (direction === 'in' ? from : to) ?? say('message.nobody')

/** A state as a word with a mark in its colour. */
export const stateLabel = (state: SmsState): HTMLElement =>
  h(
    'span',
    { class: 'sms-state' },
    h('span', { class: `sms-dot sms-state-${state}`, 'aria-hidden': 'true' }),
    stateName(state),
  )
