import { createFilter } from '../inbox/filter.ts'
import type { FilterOptions, Found } from '../inbox/filter.ts'
import type { SmsRecord } from '../message.ts'

/** What a text is to a question: an answer or a refusal, with what was found in it; undefined: neither. */
export interface Verdict extends Found {
  readonly end: 'answered' | 'refused'
}

export type Judge = (record: SmsRecord) => Verdict | undefined

export interface JudgeOptions extends Pick<FilterOptions, 'match' | 'matchType'> {
  /** First words that mean no, separated by commas, or `/pattern/flags`; empty: nothing does. */
  readonly refuse: string
}

/** Judges texts by what a question takes for an answer. Throws `SMS_CONFIG` for a pattern that is none. */
export function createJudge({ match, matchType, refuse }: JudgeOptions): Judge {
  const answers = createFilter({ ...EVERYBODY, match, matchType })
  const refuses = refuse === '' ? () => undefined : createFilter({ ...EVERYBODY, ...refusal(refuse) })
  return record => {
    // First, as where any text is an answer no would be one too.
    const refused = refuses(record)
    if (refused) return { end: 'refused', ...refused }
    const answered = answers(record)
    return answered && { end: 'answered', ...answered }
  }
}

const EVERYBODY = { listen: 'messages', allowFrom: '' } as const

function refusal(refuse: string): Pick<FilterOptions, 'match' | 'matchType'> {
  const [, pattern, flags] = /^\/(.+)\/([a-z]*)$/s.exec(refuse) ?? []
  if (pattern === undefined) return { matchType: 'keyword', match: refuse }
  // Without flags, case does not matter: as with keywords.
  return { matchType: 'regex', match: flags === '' ? pattern : refuse }
}
