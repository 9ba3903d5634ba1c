import { checkLength, draftOf } from '../content.ts'
import type { Content } from '../content.ts'
import { SmsError } from '../errors.ts'
import type * as Phone from '../phone.ts'
import type { MessageDraft } from '../provider.ts'
import type { Way } from './contract.ts'
import type { Candidate } from './routing.ts'

export interface Candidates {
  readonly candidates: readonly Candidate[]
  /** What each of them gets, and how it is reached. */
  readonly drafts: readonly MessageDraft[]
  readonly ways: readonly Way[]
  /** Those that would not take the message, and why. */
  readonly dropped: readonly { readonly name: string; readonly error: SmsError }[]
}

/**
 * The ways that would take the message, each with its draft. Throws the first one's `SmsError` where none would; one
 * that is of the message is told in preference to one that is of a setting.
 */
export function candidatesOf(
  content: Content,
  to: string,
  group: readonly Way[],
  { parseRecipient }: typeof Phone,
): Candidates {
  const dropped: { name: string; error: SmsError }[] = []
  const found = group.flatMap(way => {
    const { provider } = way.member
    try {
      checkLength(content.given, provider)
      const options = { ...way.options, ...content.wanted.options }
      const cut = content.cut(options)
      const draft = draftOf(content, cut, to, options)
      // Numbers are read once, by whoever can; the others must at least know this kind.
      if (parseRecipient(to, provider.numbers) !== to) throw new SmsError('SMS_REQUEST', `it reads ${to} otherwise`)
      provider.check?.(draft)
      return [{ way, draft, cut }]
    } catch (error) {
      if (!(error instanceof SmsError)) throw error
      dropped.push({ name: provider.name, error })
      return []
    }
  })
  if (found.length === 0) throw (dropped.find(({ error }) => error.code !== 'SMS_CONFIG') ?? dropped[0])!.error
  const differing = differingFields(found.map(({ draft }) => draft))
  return {
    candidates: found.map(({ way: { member }, draft, cut }) => ({
      lane: member.id,
      name: member.provider.name,
      own: Object.fromEntries(Object.entries(draft).filter(([field]) => differing.has(field))),
      parts: cut.parts.length,
      encoding: cut.encoding,
    })),
    drafts: found.map(({ draft }) => draft),
    ways: found.map(({ way }) => way),
    dropped,
  }
}

/** What carriers are told alike is kept once. */
function differingFields([first, ...others]: readonly MessageDraft[]): ReadonlySet<string> {
  const differing = new Set<string>()
  for (const other of others) {
    for (const field of new Set([...Object.keys(first!), ...Object.keys(other)])) {
      const [one, another] = [first, other].map(draft => draft![field as keyof MessageDraft])
      if (one !== another && JSON.stringify(one) !== JSON.stringify(another)) differing.add(field)
    }
  }
  return differing
}
