import fc from 'fast-check'
import { endure, noise } from '../../test/support/at-noise.ts'

// More of it, for as long as SMS_FUZZ says, in test/fuzz.
describe('command channel on a bad line', () => {
  it('throws nothing, ends every command, and finds its way back', () =>
    fc.assert(fc.asyncProperty(noise, endure), { numRuns: 40 }))
})
