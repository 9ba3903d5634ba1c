import type { Chaos } from './chaos.ts'

/** A run in a small table, and below it everything that is wrong. */
export function printed({ kills, line, outgoing, incoming, problems }: Chaos): string {
  const rows = [
    `killed ${sum(kills)} times`,
    ...section(kills),
    `what happened to ${sum(line)} messages on the line to the carrier`,
    ...section(line),
    'outgoing',
    ...section(outgoing),
    'incoming',
    ...section(incoming),
  ]
  const verdict =
    problems.length === 0 ? 'Nothing was lost, and nothing was sent twice.' : `${problems.length} problems:`
  return [...rows, '', verdict, ...problems.map(problem => `- ${problem}`)].join('\n')
}

const WIDTH = 58

const section = (counts: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(counts).map(([name, count]) => `  ${SAID[name] ?? name}`.padEnd(WIDTH) + String(count).padStart(6))

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

const SAID: Readonly<Record<string, string>> = {
  starting: 'while it started',
  busy: 'some time after things were under way',
  intake: 'as a message was handed in',
  request: 'as a message was on its way to the carrier',
  answer: 'as the answer was on its way back',
  webhook: 'as the webhook was called',
  handed: 'as the flow was handed something',
  good: 'nothing',
  slowThere: 'slow on the way there',
  slowBack: 'slow on the way back',
  answerLost: 'taken, the answer lost',
  neverAnswered: 'taken, and never answered',
  lostThere: 'lost on the way there',
  broken: '503, not taken',
  limited: '429, not taken',
}
