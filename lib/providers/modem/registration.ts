import { textOf } from '../../at/answers.ts'
import type { Unsolicited } from '../../at/contract.ts'
import { readRegistration } from '../../at/registration.ts'
import type { Registration, RegistrationState } from '../../at/registration.ts'
import { ask } from './connection.ts'
import type { Connection } from './connection.ts'
import type { Trouble } from './words.ts'

/** How a modem stands with its network, of all the ways it tells that. */
export interface Registrations {
  /** Asks; resolves to what it found. */
  ask(connection: Pick<Connection, 'run'>): Promise<void>
  /** `+CREG` and its kin, unasked. */
  heard(code: Unsolicited): void
  /** Why nothing can be sent; undefined also where the modem does not say. */
  readonly trouble: Trouble | undefined
  readonly best: Registration | undefined
  forget(): void
}

/** Circuits first; a modem for LTE alone knows the others only. */
export const REGISTRATION_NAMES = ['+CREG', '+CEREG', '+CGREG'] as const

const TROUBLE = {
  registered: undefined,
  denied: 'denied',
  searching: 'searching',
  idle: 'notRegistered',
  emergency: 'notRegistered',
  unknown: 'notRegistered',
} as const satisfies Record<RegistrationState, Trouble | undefined>

export function createRegistrations(): Registrations {
  const known = new Map<string, Registration>()

  function note(name: string, text: string | undefined): void {
    const registration = readRegistration(text)
    if (registration) known.set(name, registration)
  }

  const best = (): Registration | undefined => {
    const all = [...known.values()]
    return all.find(({ state }) => state === 'registered') ?? known.get('+CREG') ?? all[0]
  }

  return {
    async ask(connection) {
      for (const name of REGISTRATION_NAMES) {
        note(name, textOf((await ask(connection, `${name}?`)) ?? [], name))
        if (known.get(name)?.state === 'registered') return
      }
    },
    heard: ({ name, text }) => note(name, text),
    get trouble() {
      const found = best()
      return found && TROUBLE[found.state]
    },
    get best() {
      return best()
    },
    forget: () => known.clear(),
  }
}
