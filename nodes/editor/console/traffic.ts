import type { Span } from '../../../lib/console/views.ts'
import { fill, h, svg } from './dom.ts'
import { axisTop, boundsOf, tally } from './scale.ts'
import type { Outcome, Tally } from './scale.ts'
import { language, say } from './texts.ts'

type Range = 'day' | 'month'

export interface TrafficChart {
  readonly element: HTMLElement
  /** What to ask for: moments between which to count. */
  bounds(): string
  show(spans: readonly Span[]): void
}

const OUT: readonly Outcome[] = ['done', 'open', 'doubt', 'failed']
// About as wide as a sidebar, so that words in it are about as large as others.
const WIDTH = 300
const HEIGHT = 90

/** Bars of what went out, by what became of it, and beside each of what came in. */
export function createTrafficChart(onRange: () => void): TrafficChart {
  let range: Range = 'day'
  const drawing = h('div', { class: 'sms-chart' })
  const legend = h('ul', { class: 'sms-legend' })
  const buttons = (['day', 'month'] as const).map(choice => {
    const choose = (): void => {
      range = choice
      mark()
      onRange()
    }
    return [
      choice,
      h('button', { type: 'button', class: 'sms-button', onclick: choose }, say(`range.${choice}`)),
    ] as const
  })
  const mark = (): void => {
    for (const [choice, button] of buttons) button.setAttribute('aria-pressed', String(choice === range))
  }
  mark()

  function show(spans: readonly Span[]): void {
    const sums = tally(spans.map(({ counts }) => counts))
    const summary = [say('chart.out', { count: sentOf(sums) }), say('chart.in', { count: sums.received })].join(', ')
    fill(drawing, bars(spans, `${say(`range.${range}`)}: ${summary}`))
    const entries = (['received', ...OUT] as const).map(outcome =>
      h(
        'li',
        {},
        h('span', { class: `sms-swatch sms-is-${outcome}` }),
        `${say(`outcome.${outcome}`)}: ${sums[outcome]}`,
      ),
    )
    fill(legend, ...entries)
  }

  function bars(spans: readonly Span[], label: string): SVGElement {
    const tallies = spans.map(({ counts }) => tally([counts]))
    const top = axisTop(Math.max(0, ...tallies.map(one => Math.max(sentOf(one), one.received))))
    const step = WIDTH / Math.max(spans.length, 1)
    const height = (count: number): number => (count / top) * HEIGHT
    const parts = tallies.flatMap((one, i) => {
      const when = titleOf(spans[i]!.fromMs, range)
      const title = `${when}: ${say('chart.out', { count: sentOf(one) })}, ${say('chart.in', { count: one.received })}`
      let y = HEIGHT
      const stack = OUT.map(outcome => {
        y -= height(one[outcome])
        return bar(i * step + 1, y, step / 2 - 1, height(one[outcome]), outcome)
      })
      const received = height(one.received)
      const inBar = bar(i * step + step / 2, HEIGHT - received, step / 2 - 1, received, 'received')
      return [svg('g', {}, svg('title', {}, title), ...stack, inBar)]
    })
    return svg(
      'svg',
      { viewBox: `-30 -8 ${WIDTH + 32} ${HEIGHT + 24}`, role: 'img', 'aria-label': label },
      svg('line', { class: 'sms-axis', x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }),
      svg('line', { class: 'sms-axis sms-faint', x1: 0, x2: WIDTH, y1: 0, y2: 0 }),
      svg('text', { x: -4, y: 4, 'text-anchor': 'end' }, String(top)),
      svg('text', { x: -4, y: HEIGHT, 'text-anchor': 'end' }, '0'),
      ...[0, Math.floor(spans.length / 2), spans.length - 1].map((i, at) =>
        svg(
          'text',
          { x: i * step + step / 2, y: HEIGHT + 14, 'text-anchor': ['start', 'middle', 'end'][at] },
          spans[i] && tickOf(spans[i].fromMs, range),
        ),
      ),
      ...parts,
    )
  }

  return {
    element: h(
      'section',
      { class: 'sms-block', 'aria-label': say('chart.title') },
      h('div', { class: 'sms-head' }, h('h2', {}, say('chart.title')), ...buttons.map(([, button]) => button)),
      drawing,
      legend,
    ),
    bounds: () => boundsOf(range, new Date()).join(','),
    show,
  }
}

const sentOf = (one: Tally): number => OUT.reduce((sum, outcome) => sum + one[outcome], 0)

const bar = (x: number, y: number, width: number, height: number, outcome: Outcome): SVGElement | undefined =>
  height > 0 ? svg('rect', { x, y, width, height: Math.max(height, 1), class: `sms-is-${outcome}` }) : undefined

const tickOf = (ms: number, range: Range): string =>
  new Date(ms).toLocaleString(
    language(),
    range === 'day' ? { hour: '2-digit', minute: '2-digit' } : { day: '2-digit', month: '2-digit' },
  )

const titleOf = (ms: number, range: Range): string =>
  new Date(ms).toLocaleString(
    language(),
    range === 'day' ? { dateStyle: 'medium', timeStyle: 'short' } : { dateStyle: 'medium' },
  )
