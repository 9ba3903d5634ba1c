import fc from 'fast-check'
import { endure, noise } from '../support/at-noise.ts'

const seconds = Number(process.env['SMS_FUZZ'] ?? 0)

describe(`AT channel, fuzzed${seconds > 0 ? '' : ' – pending: SMS_FUZZ, for how many seconds, is not set'}`, function () {
  it('endures whatever comes', async function () {
    if (!(seconds > 0)) this.skip()
    this.timeout((seconds + 30) * 1000)
    await fc.assert(fc.asyncProperty(noise, endure), {
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1000,
      markInterruptAsFailure: false,
    })
  })
})
