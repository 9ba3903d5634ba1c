import { SmsError, toSmsError } from '../errors.ts'
import type { SmsErrorCode } from '../errors.ts'
import type { Check, ModemFacade, Readings } from '../providers/modem/checks.ts'

/** What one round of questions brought. */
export interface Poll {
  readonly readings: Readings
  /** The checks that failed, while others did not. */
  readonly failures: readonly CheckFailure[]
}

export interface CheckFailure {
  readonly check: Check
  readonly code: SmsErrorCode
  readonly message: string
}

/** Asks each check by itself, so that one that fails costs none of the others; rejects where all of them failed. */
export async function askModem(
  modem: Pick<ModemFacade, 'check'>,
  checks: readonly Check[],
  signal: AbortSignal,
): Promise<Poll> {
  const readings: Readings = {}
  const failures: CheckFailure[] = []
  for (const check of checks) {
    if (signal.aborted) throw new SmsError('SMS_CANCELLED', 'the question was called off')
    try {
      Object.assign(readings, await modem.check([check], signal))
    } catch (thrown) {
      const { code, message } = toSmsError(thrown)
      failures.push({ check, code, message })
    }
  }
  if (failures.length > 0 && failures.length === checks.length) throw allFailed(failures)
  return { readings, failures }
}

function allFailed(failures: readonly CheckFailure[]): SmsError {
  const [first] = failures
  const reasons = new Set(failures.map(({ message }) => message))
  const text = failures.map(({ check, message }) => `${check}: ${message}`).join('; ')
  return new SmsError(first!.code, reasons.size === 1 ? first!.message : text)
}
