import { keepNewest } from '../../bounded.ts'

/** Which of Twilio's messages is whose of ours, as far as this process has seen. */
export interface Claims {
  /** Our id behind a SID. */
  ownerOf(sid: string): string | undefined
  /** The first to claim a SID has it. */
  claim(sid: string, id: string): void
}

/** Far more than can be in doubt at once; older ones are forgotten. */
const KEPT_CLAIMS = 10_000

export function createClaims(kept = KEPT_CLAIMS): Claims {
  const owners = new Map<string, string>()
  return {
    ownerOf: sid => owners.get(sid),
    claim(sid, id) {
      if (owners.has(sid)) return
      owners.set(sid, id)
      keepNewest(owners, kept)
    },
  }
}
