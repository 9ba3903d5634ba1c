import type { SmsRecord } from '../../../lib/message.ts'
import { fill, h, toggle } from './dom.ts'
import { createRow } from './row.ts'
import { say } from './texts.ts'

/** The latest calls, where there are any. */
export function createCalls(onOpen: (record: SmsRecord) => void) {
  let shown = ''
  const list = h('ul', { class: 'sms-rows' })
  const element = h(
    'section',
    { class: 'sms-block sms-off', 'aria-label': say('calls.title') },
    h('h2', {}, say('calls.title')),
    list,
  )
  return {
    element,
    show(records: readonly SmsRecord[]): void {
      toggle(element, records.length > 0)
      const next = JSON.stringify(records)
      if (next === shown) return
      shown = next
      fill(list, ...records.map(record => createRow(record, onOpen).element))
    },
  }
}
