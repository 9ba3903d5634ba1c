import type { Commands, Core, Handler } from '../command.ts'
import { cme, error, ok } from '../reply.ts'
import type { SimCard } from '../sim-card.ts'

/** The SIM: its lock (3GPP TS 27.007 §8.3, §7.4) and what is read of its files (§8.18). */
export const pin: Commands = {
  '+CPIN': {
    test: () => ok(),
    read: ({ sim }) => (sim.state === 'absent' ? cme(10) : ok(`+CPIN: ${sim.state}`)),
    set: (modem, [code = '', newPin]) => enter(modem, code, newPin),
  },
  '+CPINR': {
    run: ({ sim }) => ok(`+CPINR: SIM PIN,${sim.attemptsLeft.pin},3`, `+CPINR: SIM PUK,${sim.attemptsLeft.puk},10`),
  },
  '+CLCK': {
    test: () => ok('+CLCK: ("SC","AO","OI","OX","AI","IR")'),
    set: ({ sim }, [facility, mode, code]) => {
      if (facility !== 'SC') return mode === '2' ? ok('+CLCK: 0,7') : error()
      if (mode === '2') return ok(`+CLCK: ${sim.isPinOn ? 1 : 0}`)
      if (code !== sim.pin) return cme(16)
      sim.isPinOn = mode === '1'
      return ok()
    },
  },
  '+CRSM': {
    needs: 'sim',
    set: ({ sim }, [command, file]) => {
      const content = command === READ_BINARY ? FILES[file ?? '']?.(sim) : undefined
      return content === undefined ? error() : ok(`+CRSM: 144,0,"${content}"`)
    },
  },
  '+CPWD': {
    test: () => ok('+CPWD: ("SC",8),("P2",8)'),
    set: ({ sim }, [facility, old, next = '']) => {
      if (facility !== 'SC' || old !== sim.pin) return cme(16)
      sim.pin = next
      return ok()
    },
  },
}

const READ_BINARY = '176'

/** 3GPP TS 31.102 §4.2: by number, EF-ICCID with its digits swapped in pairs, and EF-AD with the length of an MNC. */
const FILES: Readonly<Record<string, (sim: SimCard) => string>> = {
  12258: sim => sim.iccid.padEnd(20, 'F').replaceAll(/(.)(.)/g, '$2$1'),
  28589: () => '00000002',
}

/** The command of its make that tells how many attempts are left. */
export const attempts: Handler = ({ profile, sim }) =>
  profile.attempts === undefined
    ? error()
    : ok(
        profile.attempts.line
          .replace('%STATE', sim.state)
          .replaceAll('%PIN', String(sim.attemptsLeft.pin))
          .replaceAll('%PUK', String(sim.attemptsLeft.puk)),
      )

function enter(modem: Core, code: string, newPin: string | undefined) {
  const { sim } = modem
  // 3GPP TS 27.007 §8.3: where nothing is asked for, +CME ERROR is all there is to say.
  if (sim.state === 'absent') return cme(10)
  if (sim.state === 'READY') return cme(3)
  const isRight = sim.state === 'SIM PUK' ? newPin !== undefined && sim.enterPuk(code, newPin) : sim.enterPin(code)
  if (isRight) {
    modem.clock.after(0, () => modem.retry())
    return ok()
  }
  return sim.attemptsLeft.pin === 0 ? cme(12) : cme(16)
}
