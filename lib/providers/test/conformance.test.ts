import { testProvider } from '../../../test/support/provider-cases.ts'
import { createTestCarrier } from './index.ts'

for (const mode of ['loopback', 'log', 'null'] as const) {
  testProvider(`sms-test (${mode})`, {
    make: () => createTestCarrier({ name: 'Simulated', mode }),
    makeHanging: () => createTestCarrier({ name: 'Simulated', mode, faults: { delayMs: 60_000 } }),
    secrets: [],
  })
}
