import type { ProviderView } from '../../../lib/console/views.ts'
import type { Api, Problem } from './api.ts'
import { fill, h, svg } from './dom.ts'
import { errorName, say } from './texts.ts'
import { shortTime } from './when.ts'

export interface ProviderCards {
  readonly element: HTMLElement
  show(views: readonly ProviderView[]): void
}

interface Options {
  readonly api: Api
  readonly onProblem: (problem: Problem) => void
  /** Something was done: look again. */
  readonly onDone: () => void
}

/** How each provider fares, and what may be done with it. */
export function createProviderCards({ api, onProblem, onDone }: Options): ProviderCards {
  const list = h('ul', { class: 'sms-cards' })
  const empty = h('p', { class: 'sms-note' }, say('provider.none'))
  let shown = ''

  async function act(id: string, action: 'pause' | 'resume' | 'balance', button: HTMLButtonElement): Promise<void> {
    button.disabled = true
    const answer = await api.post(`providers/${encodeURIComponent(id)}/${action}`)
    button.disabled = false
    if (answer.ok) onDone()
    else onProblem(answer)
  }

  function actButton(view: ProviderView, action: 'pause' | 'resume' | 'balance'): HTMLElement {
    const label = say(`button.${action}`)
    const button: HTMLButtonElement = h(
      'button',
      {
        type: 'button',
        class: 'sms-button',
        'aria-label': `${label}: ${view.name}`,
        'data-action': `${action} ${view.id}`,
        onclick: () => void act(view.id, action, button),
      },
      label,
    )
    return button
  }

  function card(view: ProviderView): HTMLElement {
    const { name, type, health, error, paused, queued, line, balance, can } = view
    const facts = [
      queued > 0 && say('provider.queued', { count: queued }),
      line?.operator,
      line?.roaming && say('provider.roaming'),
      line?.technology,
      balance && say('provider.balance', { balance: balanceText(balance), time: shortTime(balance.at) }),
    ].filter(fact => typeof fact === 'string')
    return h(
      'li',
      { class: 'sms-card' },
      h(
        'div',
        { class: 'sms-head' },
        h('span', { class: `sms-dot sms-health-${health}`, 'aria-hidden': 'true' }),
        h('strong', { class: 'sms-name' }, name),
        line?.percent !== undefined && signalBars(line.percent, line.dbm),
      ),
      h(
        'p',
        {},
        [
          say(paused ? 'health.paused' : `health.${health}`),
          error && `${errorName(error.code, type)}: ${error.message}`,
        ]
          .filter(Boolean)
          .join(' \u2013 '),
      ),
      facts.length > 0 && h('p', { class: 'sms-facts' }, facts.join(' \u00b7 ')),
      h(
        'div',
        { class: 'sms-actions' },
        actButton(view, paused ? 'resume' : 'pause'),
        can.balance && actButton(view, 'balance'),
      ),
    )
  }

  return {
    element: h(
      'section',
      { class: 'sms-block', 'aria-label': say('provider.title') },
      h('h2', {}, say('provider.title')),
      empty,
      list,
    ),
    show(views) {
      const next = JSON.stringify(views)
      // Drawn anew only when something is new, so that the focus stays where it is.
      if (next === shown) return
      shown = next
      const focused = document.activeElement?.getAttribute('data-action')?.split(' ')[1]
      fill(list, ...views.map(card))
      empty.classList.toggle('sms-off', views.length > 0)
      if (focused === undefined) return
      list.querySelector<HTMLElement>(`[data-action$=" ${CSS.escape(focused)}"]`)?.focus()
    },
  }
}

/** Four bars, as phones show it. */
function signalBars(percent: number, dbm: number | undefined): SVGElement {
  const lit = Math.ceil(Math.max(0, Math.min(percent, 100)) / 25)
  const strength = dbm === undefined ? `${percent} %` : `${percent} %, ${dbm} dBm`
  return svg(
    'svg',
    { class: 'sms-signal', viewBox: '0 0 22 16', role: 'img', 'aria-label': say('provider.signal', { strength }) },
    svg('title', {}, say('provider.signal', { strength })),
    ...[1, 2, 3, 4].map(bar =>
      svg('rect', {
        x: bar * 6 - 6,
        y: 16 - bar * 4,
        width: 4,
        height: bar * 4,
        class: bar <= lit ? 'sms-lit' : 'sms-unlit',
      }),
    ),
  )
}

const balanceText = ({ amount, currency, text }: NonNullable<ProviderView['balance']>): string =>
  amount === undefined || currency === 'XXX' ? text : `${amount} ${currency ?? ''}`.trim()
