import { appendFileSync } from 'node:fs'
import Mocha from 'mocha'

/** Mocha's usual report, and at its end a line `<passed> <failed>` added to the file that SMS_TALLY names. */
export default class TallyReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const tally = process.env['SMS_TALLY']
      if (tally) appendFileSync(tally, `${this.stats.passes} ${this.stats.failures}\n`)
    })
  }
}
