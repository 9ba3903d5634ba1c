import type { LiveNews, Page, ProviderView, Span } from '../../../lib/console/views.ts'
import type { SmsRecord } from '../../../lib/message.ts'
import { problemText } from './api.ts'
import type { Api, Problem } from './api.ts'
import { createCalls } from './calls.ts'
import { createMessageDetail } from './detail.ts'
import { h, svg, toggle } from './dom.ts'
import { createFilters } from './filters.ts'
import { createMessageList } from './list.ts'
import type { Follow } from './live.ts'
import { createProviderCards } from './providers.ts'
import { createSendForm } from './send-form.ts'
import { addConsoleStyle } from './style.ts'
import { say } from './texts.ts'
import { createTrafficChart } from './traffic.ts'
import { throttled } from './when.ts'

export interface AppOptions {
  readonly api: Api
  readonly follow: Follow
  /** Where the editor is, to log in there; absent within it. */
  readonly editor?: string
  /** Where the console has a page of its own; absent on that. */
  readonly ownPage?: string
}

const VIEWS = ['overview', 'messages', 'send'] as const
type View = (typeof VIEWS)[number]

/** Also tells the runtime that somebody still looks. */
const LOOK_MS = 15_000
/** Where news do not come by themselves. */
const POLL_MS = 2_000
/** Where nobody answers, or not to who has not logged in. */
const SHUT_MS = 5_000

/** A window with an arrow out of it. */
const WINDOW = 'M7 3H2v11h11V9M9 2h5v5M14 2L7 9'

/** The console: what there is to see and to do. It asks for nothing while it cannot be seen. */
export function createApp({ api, follow, editor, ownPage }: AppOptions): HTMLElement {
  addConsoleStyle()
  const problem = h('p', { class: 'sms-problem sms-off', role: 'alert' })
  const aloud = h('p', { class: 'sms-hidden', role: 'status' })
  const announce = (text: string): void => {
    aloud.textContent = text
  }

  function onProblem(what: Problem | undefined): void {
    const logIn = what?.code === 'LOGIN' && editor !== undefined && h('a', { href: editor }, say('button.logIn'))
    problem.replaceChildren(...(what ? [problemText(what), ...(logIn ? [' ', logIn] : [])] : []))
    toggle(problem, what !== undefined)
    problem.dataset['of'] = what?.code === 'LOGIN' || what?.code === 'OFFLINE' ? 'way' : ''
  }

  const filters = createFilters(() => list.reload())
  const list = createMessageList({ api, filter: filters.value, onOpen: open, onProblem, announce })
  const detail = createMessageDetail({
    api,
    onProblem,
    onOpen: open,
    onClose(id) {
      showDetail(false)
      void list.focus(id)
    },
    onNumber(number) {
      showDetail(false)
      filters.onlyNumber(number)
      void list.focus('')
    },
    onAnswer(record) {
      go('send')
      form.answer(record)
    },
  })
  const look = throttled(1_000, () => void lookAtProviders())
  const cards = createProviderCards({
    api,
    onProblem,
    onDone() {
      onProblem(undefined)
      look()
    },
  })
  const calls = createCalls(open)
  const chart = createTrafficChart(() => void lookAtTraffic())
  const form = createSendForm({ api, onProblem, announce, onSent: open })

  const browser = h('div', {}, filters.element, list.element)
  const panels: Readonly<Record<View, HTMLElement>> = {
    overview: h('div', { class: 'sms-panel' }, cards.element, calls.element, chart.element),
    messages: h(
      'section',
      { class: 'sms-panel sms-messages', 'aria-label': say('view.messages') },
      browser,
      detail.element,
    ),
    send: h('div', { class: 'sms-panel' }, form.element),
  }
  const tabs = VIEWS.map(
    view => [view, h('button', { type: 'button', onclick: () => go(view) }, say(`view.${view}`))] as const,
  )
  const ownWindow =
    ownPage !== undefined &&
    h(
      'a',
      { class: 'sms-button', href: ownPage, target: '_blank', rel: 'noopener', title: say('button.window') },
      svg('svg', { class: 'sms-icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: WINDOW })),
      h('span', { class: 'sms-hidden' }, say('button.window')),
    )
  const element = h(
    'div',
    { class: 'sms-console' },
    h('nav', { class: 'sms-tabs', 'aria-label': say('title') }, ...tabs.map(([, tab]) => tab), ownWindow),
    problem,
    aloud,
    h('div', { class: 'sms-panels' }, ...VIEWS.map(view => panels[view])),
  )

  function go(to: View): void {
    for (const [view, tab] of tabs) {
      tab.setAttribute('aria-current', String(view === to))
      toggle(panels[view], view === to)
    }
  }

  function showDetail(isShown: boolean): void {
    toggle(detail.element, isShown)
    toggle(browser, !isShown)
  }

  function open(record: SmsRecord): void {
    onProblem(undefined)
    go('messages')
    showDetail(true)
    detail.open(record)
  }

  async function lookAtProviders(): Promise<void> {
    const answer = await api.get<{ providers: ProviderView[] }>('overview')
    if (!answer.ok) return onProblem(answer)
    // What was wrong with the way to the runtime is so no longer.
    if (problem.dataset['of'] === 'way') onProblem(undefined)
    const { providers } = answer.value
    cards.show(providers)
    filters.providers(providers)
    form.providers(providers)
    if (providers.length === 0) return
    const latest = await api.get<Page>('messages', { type: 'call', limit: '3' })
    if (latest.ok) calls.show(latest.value.records)
  }

  async function lookAtTraffic(): Promise<void> {
    const answer = await api.get<{ spans: Span[] }>('traffic', { bounds: chart.bounds() })
    if (answer.ok) chart.show(answer.value.spans)
  }
  const lookAtTrafficLater = throttled(5_000, () => void lookAtTraffic())

  function onNews(news: LiveNews): void {
    list.news(news)
    detail.news(news)
    look()
    lookAtTrafficLater()
  }

  /** Everything that goes on while it is seen. */
  function start(): () => void {
    let isLive = false
    let timer = 0
    const tick = (): void => {
      look()
      lookAtTrafficLater()
      if (!isLive) {
        list.refresh()
        detail.refresh()
      }
      const isShut = problem.dataset['of'] === 'way'
      timer = setTimeout(tick, isLive ? LOOK_MS : isShut ? SHUT_MS : POLL_MS)
    }
    const stop = follow(onNews, next => {
      isLive = next
      // What happened before is not told.
      list.refresh()
      detail.refresh()
    })
    tick()
    return () => {
      clearTimeout(timer)
      stop()
    }
  }

  go('overview')
  whileSeen(element, start)
  return element
}

/** Runs while an element is in view, in a window that is. */
function whileSeen(element: HTMLElement, start: () => () => void): void {
  let isInView = false
  let stop: (() => void) | undefined
  const look = (): void => {
    const isSeen = isInView && document.visibilityState === 'visible'
    if (isSeen === (stop !== undefined)) return
    if (isSeen) stop = start()
    else {
      stop?.()
      stop = undefined
    }
  }
  new IntersectionObserver(entries => {
    isInView = entries.at(-1)?.isIntersecting ?? false
    look()
  }).observe(element)
  document.addEventListener('visibilitychange', look)
}
