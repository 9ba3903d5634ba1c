import type { Final } from './reply.ts'

export type MemoryName = 'SM' | 'ME' | 'SR'
export type ProfileName = 'generic' | 'zte-mf180' | 'huawei-e173' | 'sim800' | 'sim7600' | 'quectel-ec25' | 'ublox-sara'

/** What one make of modem does its own way. */
export interface Profile {
  readonly manufacturer: string
  readonly model: string
  readonly revision: string
  readonly imei: string
  /** `ATI`. */
  readonly identification: readonly string[]
  readonly capabilities: string
  /** Slots by memory; those not named do not exist. */
  readonly memories: Readonly<Partial<Record<MemoryName, number>>>
  /** What `+CPMS` starts with: for reading, for writing, for what comes in. */
  readonly memory: readonly [MemoryName, MemoryName, MemoryName]
  readonly firstIndex: 0 | 1
  /** Values `+CNMI` takes: mode, mt, bm, ds, bfr. */
  readonly cnmi: readonly (readonly number[])[]
  /** Said after a start. */
  readonly boot: readonly string[]
  /** Said now and then, whatever else goes on. */
  readonly noise: readonly { readonly line: string; readonly everyMs: number }[]
  /** USB: a restart takes the port away, and it comes back under another name. */
  readonly reenumerates: boolean
  /** What a command it does not know is answered with. */
  readonly unknown: Final
  /** Said when no room is left, with the memory's name for `%`. */
  readonly memoryFull?: string
  /** `+CMEE=0` hides `+CMS ERROR` too. */
  readonly cmsFollowsCmee: boolean
  readonly ussd: UssdSpelling
  /** Access technology of `+COPS?` and `+CREG` (3GPP TS 27.007 §7.3): 0 GSM, 2 UTRAN, 7 E-UTRAN; absent: not told. */
  readonly technology?: number
  /** The SIM's serial number is asked with these. */
  readonly iccidCommands: readonly string[]
  /** How many attempts the PIN has left is asked with this. */
  readonly attempts?: { readonly command: string; readonly line: string }
  /** Settings that start otherwise than on most. */
  readonly starts?: { readonly cmee?: number; readonly charset?: string }
}

/** How the texts of USSD are written: in the chosen character set, as packed septets in hex, as UCS-2 in hex. */
export type UssdSpelling = 'text' | 'packed' | 'ucs2'

const ALL = {
  boot: ['RDY', '+CFUN: 1', '+CPIN: READY'],
  noise: [],
  reenumerates: false,
  unknown: 'ERROR',
  cmsFollowsCmee: false,
  ussd: 'text',
  capabilities: '+CGSM,+DS,+ES',
  firstIndex: 1,
  memory: ['SM', 'SM', 'SM'],
  cnmi: [
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [0, 2],
    [0, 1, 2],
    [0, 1],
  ],
  iccidCommands: ['+CCID'],
} as const satisfies Partial<Profile>

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  generic: {
    ...ALL,
    manufacturer: 'Virtual',
    model: 'Modem',
    revision: '1.0',
    imei: '490154203237518',
    identification: ['Virtual Modem', 'Revision: 1.0'],
    memories: { SM: 20, ME: 100, SR: 10 },
  },
  'zte-mf180': {
    ...ALL,
    manufacturer: 'ZTE INCORPORATED',
    model: 'MF180',
    revision: 'BD_MF180V1.0.0B02',
    imei: '355000030000001',
    identification: [
      'Manufacturer: ZTE INCORPORATED',
      'Model: MF180',
      'Revision: BD_MF180V1.0.0B02',
      'IMEI: 355000030000001',
      '',
      '+GCAP: +CGSM,+DS,+ES',
    ],
    memories: { SM: 30, ME: 100, SR: 10 },
    memory: ['ME', 'ME', 'ME'],
    firstIndex: 0,
    boot: ['+ZUSIMR:2'],
    noise: [
      { line: '+ZUSIMR:2', everyMs: 2_000 },
      { line: '+ZPASR: "UMTS"', everyMs: 7_000 },
    ],
    reenumerates: true,
    technology: 2,
    iccidCommands: ['+ZGETICCID'],
    attempts: { command: '+ZPINPUK', line: '+ZPINPUK: %PIN,%PUK' },
  },
  'huawei-e173': {
    ...ALL,
    manufacturer: 'huawei',
    model: 'E173',
    revision: '11.126.85.00.209',
    imei: '353000040000001',
    identification: [
      'Manufacturer: huawei',
      'Model: E173',
      'Revision: 11.126.85.00.209',
      'IMEI: 353000040000001',
      '+GCAP: +CGSM,+DS,+ES',
    ],
    memories: { SM: 20, ME: 255, SR: 10 },
    firstIndex: 0,
    boot: ['^SIMST:1', '^SRVST:2', '^BOOT:12345678,0,0,0,20'],
    noise: [
      { line: '^RSSI:18', everyMs: 3_000 },
      { line: '^BOOT:12345678,0,0,0,20', everyMs: 5_000 },
      { line: '^MODE:5,4', everyMs: 11_000 },
    ],
    reenumerates: true,
    unknown: 'COMMAND NOT SUPPORT',
    memoryFull: '^SMMEMFULL: "%"',
    ussd: 'packed',
    technology: 2,
    iccidCommands: ['^ICCID'],
    attempts: { command: '^CPIN', line: '^CPIN: %STATE,,%PUK,%PIN,10,3' },
  },
  sim800: {
    ...ALL,
    manufacturer: 'SIMCOM_Ltd',
    model: 'SIMCOM_SIM800L',
    revision: 'Revision:1418B05SIM800L24',
    imei: '866000010000001',
    identification: ['SIM800 R14.18'],
    capabilities: '+CGSM',
    memories: { SM: 20, ME: 50 },
    cnmi: [
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 2],
      [0, 1],
      [0, 1],
    ],
    boot: ['RDY', '+CFUN: 1', '+CPIN: READY', 'Call Ready', 'SMS Ready'],
    cmsFollowsCmee: true,
    attempts: { command: '+SPIC', line: '+SPIC: %PIN,%PUK,3,10' },
  },
  sim7600: {
    ...ALL,
    manufacturer: 'SIMCOM INCORPORATED',
    model: 'SIMCOM_SIM7600E-H',
    revision: '+CGMR: LE11B14SIM7600M22',
    imei: '861000020000001',
    identification: [
      'Manufacturer: SIMCOM INCORPORATED',
      'Model: SIMCOM_SIM7600E-H',
      'Revision: SIM7600M22_V2.0.1',
      'IMEI: 861000020000001',
      '+GCAP: +CGSM',
    ],
    capabilities: '+CGSM',
    memories: { SM: 20, ME: 23, SR: 10 },
    firstIndex: 0,
    boot: ['RDY', '+CPIN: READY', 'SMS DONE', 'PB DONE'],
    reenumerates: true,
    technology: 7,
    iccidCommands: ['+CICCID', '+CCID'],
    starts: { cmee: 2, charset: 'IRA' },
    attempts: { command: '+SPIC', line: '+SPIC: %PIN,%PUK,3,10' },
  },
  'quectel-ec25': {
    ...ALL,
    manufacturer: 'Quectel',
    model: 'EC25',
    revision: 'EC25EFAR06A06M4G',
    imei: '862000030000001',
    identification: ['Quectel', 'EC25', 'Revision: EC25EFAR06A06M4G'],
    capabilities: '+CGSM',
    memories: { SM: 20, ME: 255, SR: 10 },
    memory: ['ME', 'ME', 'ME'],
    firstIndex: 0,
    cnmi: [
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 2],
      [0, 1, 2],
      [0, 1],
    ],
    boot: ['RDY', '+CPIN: READY', '+QIND: SMS DONE', '+QIND: PB DONE'],
    noise: [{ line: '+QIND: "csq",20,99', everyMs: 9_000 }],
    memoryFull: '+QIND: "smsfull","%"',
    cmsFollowsCmee: true,
    reenumerates: true,
    technology: 7,
    iccidCommands: ['+QCCID', '+CCID'],
    starts: { cmee: 1 },
    attempts: { command: '+QPINC', line: '+QPINC: "SC",%PIN,%PUK' },
  },
  'ublox-sara': {
    ...ALL,
    manufacturer: 'u-blox',
    model: 'SARA-U201',
    revision: '23.60',
    imei: '357000040000001',
    identification: ['SARA-U201-03S-00'],
    capabilities: '+FCLASS,+CGSM',
    memories: { SM: 20, ME: 350 },
    cnmi: [
      [0, 1, 2],
      [0, 1, 2, 3],
      [0, 2, 3],
      [0, 1, 2],
      [0, 1],
    ],
    boot: [],
    technology: 2,
    attempts: { command: '+UPINCNT', line: '+UPINCNT: %PIN,3,%PUK,10' },
  },
}
