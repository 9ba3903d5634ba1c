import type { Commands, Core, Handler } from '../command.ts'
import { ok } from '../reply.ts'

const tells = (value: (modem: Core) => string) => ({
  run: ((modem: Core) => ok(value(modem))) satisfies Handler,
  test: () => ok(),
})

const manufacturer = tells(({ profile }) => profile.manufacturer)
const model = tells(({ profile }) => profile.model)
const revision = tells(({ profile }) => profile.revision)
const serial = tells(({ profile }) => profile.imei)
const iccid = (name: string) => {
  const tell: Handler = ({ sim }) => ok(`${name}: ${sim.iccid}`)
  return { needs: 'sim', run: tell, read: tell } as const
}

/** Who the modem and its SIM are (3GPP TS 27.007 §5). */
export const identity: Commands = {
  I: { run: ({ profile }) => ok(...profile.identification), set: ({ profile }) => ok(...profile.identification) },
  '+CGMI': manufacturer,
  '+GMI': manufacturer,
  '+CGMM': model,
  '+GMM': model,
  '+CGMR': revision,
  '+GMR': revision,
  '+CGSN': serial,
  '+GSN': serial,
  '+GCAP': { run: ({ profile }) => ok(`+GCAP: ${profile.capabilities}`) },
  '+CIMI': { needs: 'sim', run: ({ sim }) => ok(sim.imsi), test: () => ok() },
  '+CNUM': { needs: 'sim', run: ({ number }) => ok(`+CNUM: "","${number}",${number.startsWith('+') ? 145 : 129}`) },
  // The standard knows none; each make has its own. Which one a modem has is in its profile.
  '+CCID': iccid('+CCID'),
  '+QCCID': iccid('+QCCID'),
  '+CICCID': iccid('+ICCID'),
  '+ZGETICCID': iccid('+ZGETICCID'),
  '^ICCID': iccid('^ICCID'),
}

/** Those of them that only modems have whose profile names them. */
export const ICCID_COMMANDS = ['+CCID', '+QCCID', '+CICCID', '+ZGETICCID', '^ICCID'] as const
