import { EARLIEST_MS } from '../../clock.ts'
import type { StatusReport } from '../../gsm/pdu.ts'
import { describeStatus } from '../../gsm/status.ts'
import type { ProviderHost } from '../../provider.ts'
import type { Ledger, Part, Unfinished } from './ledger.ts'
import type { Sender } from './send.ts'
import { isSamePhone } from './same-phone.ts'

/** Applies the network's reports on what we sent. */
export interface Reports {
  /**
   * Resolves once it is committed, whether or not it was about a message of ours; `atMs` is when it came. Rejects when
   * the store fails.
   */
  apply(report: StatusReport, atMs: number): Promise<void>
}

export interface ReportsOptions {
  readonly host: Pick<ProviderHost, 'clock' | 'reported' | 'log'>
  readonly ledger: Ledger
  /** Until no part is on its way it is not known which reference it got. */
  readonly sender: Pick<Sender, 'quiet' | 'awaited' | 'proved'>
}

/** How far clocks and time zones of a centre may be off; references come again, hardly within a day. */
const CLOCKS_APART_MS = 24 * 3_600_000
/** How far a report's time may be off where it is known how the centre's clock stands: sending may hang for a while. */
const HANGING_MS = 10 * 60_000
/** The same, where a report is to prove that a part is taken whose answer may still come. */
const PROOF_MS = 30_000
/** The same, where several parts are in doubt and it is known how the centre's clock stands, which tells whole seconds. */
const TELLING_MS = 3_000
/** So long the answer to a part is awaited, and so the centre may take it. */
const AWAITED_MS = 60_000

/**
 * A report names a part by its reference, one octet that a modem uses again, some after every start, and the recipient in
 * a form that need not be ours. So recipient and time must fit too.
 */
export function createReports({ host, ledger, sender }: ReportsOptions): Reports {
  /** How far the centre's clock is ahead of ours. */
  let aheadMs: number | undefined

  function fitsTime(report: StatusReport, atMs: number, withinMs: number): boolean {
    const centreMs = report.sentAt?.ms
    if (centreMs === undefined || Math.min(atMs, host.clock.now()) < EARLIEST_MS) return true
    return Math.abs(centreMs - atMs - (withinMs === HANGING_MS ? (aheadMs ?? 0) : 0)) <= withinMs
  }

  /** The part it names. Where a modem began its references anew there are several: then their times tell. */
  function findPart(report: StatusReport, atMs: number): Part | undefined {
    const centreMs = report.sentAt?.ms
    const sentMs = (centreMs ?? atMs) - (aheadMs ?? 0)
    const fits = ledger
      .byReference(report.reference)
      .filter(part => isSamePhone(part.to, report.to.number) && fitsTime(report, part.atMs, CLOCKS_APART_MS))
    const isAgain = (part: Part) => centreMs !== undefined && part.centreMs === centreMs
    const isOpen = ({ outcome }: Part) => outcome === undefined
    const apartMs = ({ atMs }: Part) => Math.abs(sentMs - atMs)
    const nearest = (parts: readonly Part[]) => parts.toSorted((one, other) => apartMs(one) - apartMs(other))[0]
    return fits.find(isAgain) ?? nearest(fits.filter(isOpen)) ?? nearest(fits)
  }

  function findDoubts(report: StatusReport, atMs: number): readonly Unfinished[] {
    const withinMs = aheadMs === undefined ? CLOCKS_APART_MS : HANGING_MS
    // Whatever its time, which is of no use where our clock was set.
    const named = ledger.byReference(report.reference).filter(part => part.outcome === undefined)
    return ledger.doubts().filter(({ to, doubtAtMs = 0 }) => {
      if (!isSamePhone(to, report.to.number) || named.some(part => part.to === to && part.atMs > doubtAtMs))
        return false
      // What was begun after it came it cannot be about.
      return doubtAtMs <= atMs && fitsTime(report, doubtAtMs, withinMs)
    })
  }

  /** Whether the centre took what it is about when we had long been told that it has this part. */
  function wasTakenAfter(part: Part, { sentAt }: StatusReport): boolean {
    return sentAt !== undefined && aheadMs !== undefined && sentAt.ms - aheadMs > part.atMs + PROOF_MS
  }

  /** The one in doubt that it is about; of several the one that was on its way when the centre took it, if that is sure. */
  function findDoubt(report: StatusReport, atMs: number): Unfinished | undefined {
    const doubts = findDoubts(report, atMs)
    if (doubts.length < 2 || !report.sentAt) return doubts.length < 2 ? doubts[0] : undefined
    const sentMs = report.sentAt.ms - (aheadMs ?? 0)
    const marginMs = aheadMs === undefined ? PROOF_MS : TELLING_MS
    const begins = doubts.map(({ doubtAtMs = 0 }) => doubtAtMs)
    const then = doubts.filter(({ doubtAtMs: sinceMs = 0 }) => {
      const untilMs = Math.min(sinceMs + AWAITED_MS, ...begins.filter(ms => ms > sinceMs))
      return sentMs >= sinceMs - marginMs && sentMs <= untilMs + marginMs
    })
    return then.length === 1 ? then[0] : undefined
  }

  /** Whether a report can only be about the part whose answer is awaited: one that was taken since it was written. */
  function provesAwaited(report: StatusReport, atMs: number): boolean {
    const part = findPart(report, atMs)
    if (sender.awaited === undefined || !report.sentAt || (part && isOpenOrSame(part, report))) return false
    const [doubt, ...others] = findDoubts(report, atMs)
    if (doubt?.id !== sender.awaited || others.length > 0) return false
    const sentMs = report.sentAt.ms - (aheadMs ?? 0)
    return sentMs >= (doubt.doubtAtMs ?? 0) - PROOF_MS && sentMs <= atMs + PROOF_MS
  }

  /** The part a report is about; one in doubt is taken by that. */
  async function match(report: StatusReport, atMs: number): Promise<Part | undefined> {
    const part = findPart(report, atMs)
    const doubt = findDoubt(report, atMs)
    if (part && isOpenOrSame(part, report) && !(doubt && wasTakenAfter(part, report))) {
      if (report.sentAt && part.outcome === undefined) aheadMs = report.sentAt.ms - part.atMs
      return part
    }
    // Nobody else sends with this SIM, so a report nobody else waits for tells what became of a part in doubt.
    if (!doubt) return part
    host.log('info', 'a report told that a message in doubt was sent')
    await ledger.taken(doubt.id, report.reference, doubt.doubtAtMs ?? host.clock.now())
    return ledger.byReference(report.reference)[0]
  }

  return {
    async apply(report, atMs) {
      if (provesAwaited(report, atMs)) sender.proved(report.reference)
      await sender.quiet()
      const part = await match(report, atMs)
      if (!part) return host.log('debug', 'a report is about no message of ours')
      const { outcome: _unsaid, ...unsaid } = part
      const told: Part = report.outcome === 'pending' ? part : { ...unsaid, outcome: report.outcome }
      const parts = ledger.partsOf(part.id).map(other => (other.index === part.index ? told : other))
      const state = stateOf(parts, part.total)
      if (state) {
        await host.reported({
          id: part.id,
          state,
          parts: part.total,
          ...((state === 'failed' || state === 'expired') && { error: errorOf(report) }),
        })
      }
      if (told.outcome && told.outcome !== part.outcome)
        await ledger.reported(part, { outcome: told.outcome, centreMs: report.sentAt?.ms })
    },
  }
}

/** Whether nothing final was said of a part yet, or this very report. */
const isOpenOrSame = ({ outcome, centreMs }: Part, { sentAt }: StatusReport): boolean =>
  outcome === undefined || centreMs === sentAt?.ms

/** What the reports so far make of the whole message. */
function stateOf(parts: readonly Part[], total: number): 'accepted' | 'delivered' | 'failed' | 'expired' | undefined {
  const lost = parts.find(({ outcome }) => outcome === 'failed' || outcome === 'expired')?.outcome
  if (lost === 'failed' || lost === 'expired') return lost
  if (parts.length < total) return undefined
  return parts.every(({ outcome }) => outcome === 'delivered') ? 'delivered' : 'accepted'
}

const errorOf = ({ status }: StatusReport) =>
  ({
    code: 'SMS_SEND',
    message: `the service centre reports: ${describeStatus(status).text}`,
    providerCode: status,
  }) as const
