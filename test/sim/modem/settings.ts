import type { MemoryName, Profile } from './profile.ts'

/** What commands have set, and a restart forgets. */
export interface Settings {
  echo: boolean
  /** `ATV`: results in words. */
  verbose: boolean
  /** `ATQ1`: no results at all. */
  quiet: boolean
  cmee: number
  /** 0 PDU mode, 1 text mode. */
  cmgf: number
  /** mode, mt, bm, ds, bfr (3GPP TS 27.005 §3.4.1). */
  cnmi: number[]
  csms: number
  cmms: number
  /** For reading and deleting, for writing and sending, for what comes in. */
  cpms: [MemoryName, MemoryName, MemoryName]
  charset: string
  centre: string
  creg: number
  cgreg: number
  cereg: number
  copsFormat: number
  cusd: number
  clip: number
  crc: number
  ccwa: number
  csdh: number
  csmp: [number, number, number, number]
  cfun: number
  registers: Map<string, string>
  /** Whatever else has a value that is only kept, by command. */
  others: Map<string, string>
}

/** What a modem starts with. */
export function createSettings(profile: Profile, centre: string): Settings {
  return {
    echo: true,
    verbose: true,
    quiet: false,
    cmee: profile.starts?.cmee ?? 0,
    // 3GPP TS 27.005 §3.2.3: PDU mode is the default; text mode is what most modems start with all the same.
    cmgf: 1,
    cnmi: [0, 0, 0, 0, 0],
    csms: 0,
    cmms: 0,
    cpms: [...profile.memory],
    charset: profile.starts?.charset ?? 'GSM',
    centre,
    creg: 0,
    cgreg: 0,
    cereg: 0,
    copsFormat: 0,
    cusd: 0,
    clip: 0,
    crc: 0,
    ccwa: 0,
    csdh: 0,
    csmp: [17, 167, 0, 0],
    cfun: 1,
    registers: new Map([['0', '000']]),
    others: new Map(),
  }
}
