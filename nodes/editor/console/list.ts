import type { LiveNews, Page } from '../../../lib/console/views.ts'
import type { SmsRecord } from '../../../lib/message.ts'
import type { Api, Problem } from './api.ts'
import { h, toggle } from './dom.ts'
import type { Filter } from './filters.ts'
import { createRow, otherEnd } from './row.ts'
import type { Row } from './row.ts'
import { say } from './texts.ts'
import { throttled } from './when.ts'

export interface MessageList {
  readonly element: HTMLElement
  /** Looks anew: the newest that fit what is looked for. */
  reload(): void
  news(news: LiveNews): void
  /** Looks again at the page that is shown. */
  refresh(): void
  /** Puts the focus on a message, or on the first where that is not on this page. */
  focus(id: string): Promise<void>
}

interface Options {
  readonly api: Api
  readonly filter: () => Filter
  readonly onOpen: (record: SmsRecord) => void
  readonly onProblem: (problem: Problem) => void
  /** Says aloud, for who cannot see it. */
  readonly announce: (text: string) => void
}

const PAGE = '50'
const REFRESH_MS = 500

/** A page of messages, newest first, however many there are. */
export function createMessageList({ api, filter, onOpen, onProblem, announce }: Options): MessageList {
  const rows = new Map<string, Row>()
  /** Where the pages up to this one begin; the first is the newest. */
  let places: string[] = ['']
  let next: string | undefined
  let asked = 0
  let hasAsked = false

  const list = h('ul', { class: 'sms-rows', 'aria-label': say('message.title'), onkeydown: move })
  const note = h('p', { class: 'sms-note', role: 'status' })
  const older = h(
    'button',
    { type: 'button', class: 'sms-button', onclick: () => turn([...places, next ?? '']) },
    say('button.older'),
  )
  const newest = h('button', { type: 'button', class: 'sms-button', onclick: () => turn(['']) }, say('button.newest'))
  const newer = h(
    'button',
    { type: 'button', class: 'sms-button', onclick: () => turn(places.slice(0, -1)) },
    say('button.newer'),
  )
  const isFirst = (): boolean => places.length === 1

  function turn(to: string[]): void {
    places = to
    void load(true)
    list.scrollIntoView({ block: 'nearest' })
  }

  async function load(isNew: boolean): Promise<void> {
    asked += 1
    const mine = asked
    if (isNew) list.setAttribute('aria-busy', 'true')
    const answer = await api.get<Page>('messages', { ...filter(), limit: PAGE, after: places.at(-1) ?? '' })
    // Another question was asked meanwhile.
    if (mine !== asked) return
    list.removeAttribute('aria-busy')
    if (answer.ok) show(answer.value, isNew)
    else onProblem(answer)
  }

  function show({ records, next: following, searched }: Page, isNew: boolean): void {
    next = following
    const fresh = records.filter(({ id }) => !rows.has(id))
    put(records)
    if (!isNew && hasAsked && isFirst()) tell(fresh.filter(({ direction }) => direction === 'in'))
    hasAsked = true
    toggle(older, next !== undefined)
    toggle(newest, !isFirst())
    toggle(newer, !isFirst())
    note.textContent = noteOf(records, searched)
  }

  function noteOf(records: readonly SmsRecord[], searched: number): string {
    const isCut = next !== undefined && records.length < Number(PAGE)
    if (isCut) return say('message.searched', { count: searched })
    return records.length === 0 ? say('message.none') : ''
  }

  /** Only what differs is touched, so that the focus stays where it is. */
  function put(records: readonly SmsRecord[]): void {
    const ids = new Set(records.map(({ id }) => id))
    for (const [id, row] of rows) {
      if (ids.has(id)) continue
      row.element.remove()
      rows.delete(id)
    }
    for (const [i, record] of records.entries()) {
      const known = rows.get(record.id)
      const row = known ?? createRow(record, onOpen)
      if (!known) rows.set(record.id, row)
      else if (JSON.stringify(known.record()) !== JSON.stringify(record)) row.update(record)
      const there = list.children[i] ?? null
      if (there !== row.element) list.insertBefore(row.element, there)
    }
  }

  function tell(came: readonly SmsRecord[]): void {
    const [first] = came
    if (!first) return
    announce(
      came.length > 1
        ? say('message.cameMany', { count: came.length })
        : say('message.came', { from: otherEnd(first), text: first.text }),
    )
  }

  function move(event: KeyboardEvent): void {
    const buttons = [...list.querySelectorAll<HTMLElement>('.sms-row')]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
    if (to === undefined || at < 0) return
    event.preventDefault()
    buttons[Math.max(0, Math.min(to, buttons.length - 1))]?.focus()
  }

  const refresh = throttled(REFRESH_MS, () => void load(false))
  return {
    element: h('div', { class: 'sms-list' }, list, note, h('div', { class: 'sms-actions' }, newest, newer, older)),
    reload() {
      turn([''])
    },
    refresh,
    news({ changed, received, more }) {
      for (const [id, state] of changed) rows.get(id)?.state(state)
      const isNewHere = received > 0 || more === true || changed.some(([id]) => !rows.has(id))
      // On other pages nothing new appears; with a filter, a state that changed may not belong any more.
      const isFiltered = Object.values(filter()).some(value => value !== '')
      if (isFirst() && (isNewHere || isFiltered)) refresh()
    },
    async focus(id) {
      // A message that was sent from here a moment ago may not be in the list yet.
      if (!rows.has(id)) await load(false)
      const row = rows.get(id) ?? [...rows.values()][0]
      row?.button.focus()
    },
  }
}
