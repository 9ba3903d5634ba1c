import { keepNewest } from '../../bounded.ts'
import type { OutgoingMessage } from '../../provider.ts'

/** Which of Twilio's messages is whose of ours, as far as this process has seen. */
export interface Claims {
  /** Our id behind a SID. */
  ownerOf(sid: string): string | undefined
  /** The first to claim a SID has it. */
  claim(sid: string, id: string): void
  /** A message is on its way, under a SID that is not known before the returned function is called. */
  begin(message: OutgoingMessage): () => void
  /** Whether another one with the same text to the same recipient is on its way. */
  hasRival(message: OutgoingMessage): boolean
}

/** Far more than can be in doubt at once; older ones are forgotten. */
const KEPT_CLAIMS = 10_000

export function createClaims(kept = KEPT_CLAIMS): Claims {
  const owners = new Map<string, string>()
  const onTheirWay = new Set<OutgoingMessage>()
  return {
    ownerOf: sid => owners.get(sid),
    claim(sid, id) {
      if (owners.has(sid)) return
      owners.set(sid, id)
      keepNewest(owners, kept)
    },
    begin(message) {
      onTheirWay.add(message)
      return () => void onTheirWay.delete(message)
    },
    hasRival: ({ id, to, text }) =>
      [...onTheirWay].some(other => other.id !== id && other.to === to && other.text === text),
  }
}
