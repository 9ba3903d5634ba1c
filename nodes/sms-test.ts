import { createTestCarrier } from '../lib/providers/test/index.ts'
import type { Faults } from '../lib/providers/test/index.ts'
import { choice, number, optionalText } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import type { Red } from './shared/red.ts'

/** The config node `sms-test`: a simulated carrier. */
export default function (RED: Red): void {
  registerProvider(RED, {
    type: 'sms-test',
    create({ config, name }) {
      const defaultCountry = optionalText(config['defaultCountry'])
      return createTestCarrier({
        name,
        mode: choice(config['mode'], ['loopback', 'log', 'null']),
        faults: readFaults(config['faults']),
        ...(defaultCountry !== undefined && { defaultCountry }),
      })
    },
  })
}

function readFaults(given: unknown): Faults {
  const faults = (typeof given === 'object' && given !== null ? given : {}) as Record<keyof Faults, unknown>
  return {
    refusals: number(faults.refusals, 'refusals', { fallback: 0 }),
    lostAnswers: number(faults.lostAnswers, 'lost answers', { fallback: 0 }),
    lostReports: number(faults.lostReports, 'lost reports', { fallback: 0 }),
    delayMs: number(faults.delayMs, 'delay', { fallback: 0 }),
  }
}
