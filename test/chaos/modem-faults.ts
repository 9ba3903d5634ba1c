import type { ModemOptions, VirtualModem } from '../sim/modem/modem.ts'

/** Something that is wrong with a modem while messages come and go. */
export interface ModemFault {
  readonly name: string
  readonly modem?: ModemOptions
  /** Goes wrong before anything is on its way. */
  readonly before?: (modem: VirtualModem) => void
  /** Goes wrong amid the traffic; what it returns makes it well again. */
  readonly amid?: (modem: VirtualModem) => void | (() => void)
  /**
   * From when it is well again until a message that comes in then, and one that is to be sent, have gone through, where it
   * hits a part on its way: its answer is awaited for a minute, and nothing else can be asked then.
   */
  readonly midstMs?: number
  /** The same, whatever it hits. */
  readonly backMs?: number
  /** It may lose the network's reports, and with them the end of a doubt. */
  readonly losesReports?: true
  /** Messages whose fate nobody can know, at most, besides the one that a kill may leave so. */
  readonly unknown?: number
}

/**
 * All is well again within this. It is six seconds, and tests of the driver hold it to them by a clock of their own; this
 * is real time, on a machine that does much else.
 */
export const BACK_MS = 15_000
/** Until the answer to a part is not waited for any more, with what follows. */
const ANSWER_LOST_MS = 80_000

export const MODEM_FAULTS: readonly ModemFault[] = [
  { name: 'nothing' },
  { name: 'slow', modem: { behaviour: { latencyMs: 120 } } },
  { name: 'slow-line', modem: { behaviour: { baudRate: 19_200 } } },
  { name: 'mute', amid: modem => muted(modem, 'drop'), unknown: 1, midstMs: ANSWER_LOST_MS, losesReports: true },
  { name: 'mute-then-all', amid: modem => muted(modem, 'hold') },
  { name: 'deaf', amid: deaf, unknown: 1, midstMs: ANSWER_LOST_MS, losesReports: true },
  { name: 'echo', modem: { behaviour: { echo: 'always' } } },
  { name: 'every-byte-alone', modem: { behaviour: { cuts: [1] } } },
  { name: 'cut-lines', modem: { behaviour: { cuts: [7, 1, 13], cutGapMs: 2 } } },
  {
    name: 'interleaved',
    modem: {
      profile: 'huawei-e173',
      behaviour: {
        interleave: [
          { at: /^\+CMG[LR]:/, side: 'after', lines: ['^RSSI:18'] },
          { at: /^OK$/, side: 'before', lines: ['^MODE:5,4', '^BOOT:12345678,0,0,0,20'] },
          { at: /^\+CMGS/, side: 'before', lines: ['^RSSI:19'] },
        ],
      },
    },
  },
  { name: 'unplugged', amid: unplugged, unknown: 1, losesReports: true },
  {
    name: 'rebooted',
    modem: { behaviour: { bootMs: 300 } },
    amid: modem => modem.restart(),
    unknown: 1,
    losesReports: true,
  },
  {
    name: 'rebooted-silently',
    modem: { behaviour: { bootMs: 300 } },
    amid: modem => modem.restart({ says: [] }),
    unknown: 1,
    losesReports: true,
  },
  {
    name: 're-enumerated',
    modem: { profile: 'zte-mf180', behaviour: { bootMs: 1_000 } },
    amid: modem => void (modem.port !== undefined && modem.restart()),
    unknown: 1,
    losesReports: true,
  },
  { name: 'full', modem: { profile: 'huawei-e173', memories: { SM: 1 } } },
  {
    name: 'cms-error',
    before: modem => modem.inject({ on: '+CMGS', times: 2, answer: ['+CMS ERROR: 500'] }),
  },
  {
    name: 'cme-error',
    before(modem) {
      modem.inject({ on: '+CMGS', when: 'command', answer: ['+CME ERROR: 100'] })
      modem.inject({ on: '+CMGD', answer: ['+CME ERROR: 14'] })
    },
  },
  {
    name: 'answer-lost',
    before: modem => modem.inject({ on: '+CMGS', acts: true, answer: 'silence' }),
    // A report ends the wait, unless an earlier message to the same phone is in doubt since a kill.
    backMs: ANSWER_LOST_MS,
  },
  { name: 'late-prompt', modem: { behaviour: { promptDelayMs: 400, dropsEarly: true } } },
]

function muted({ behaviour }: VirtualModem, how: 'drop' | 'hold'): () => void {
  behaviour.mute = how
  return () => {
    behaviour.mute = false
  }
}

function deaf({ behaviour }: VirtualModem): () => void {
  behaviour.deaf = true
  return () => {
    behaviour.deaf = false
  }
}

function unplugged(modem: VirtualModem): () => void {
  if (modem.port !== undefined) modem.unplug()
  return () => modem.plug()
}
