import type { MemoryName, UssdSpelling } from './profile.ts'

/** How a modem behaves; may be changed at any time. */
export interface Behaviour {
  /** From the end of a command to its answer. */
  latencyMs: number | ((command: string) => number)
  /** At 8N1 each byte, in and out, takes 10 bits; undefined: as fast as it goes. */
  baudRate: number | undefined
  /** Commands are carried out, but nothing is heard: `hold` tells it all when it ends, `drop` never. */
  mute: 'hold' | 'drop' | false
  /** What comes in is lost: it hangs. */
  deaf: boolean
  /** Echoes even after `ATE0`, or never. */
  echo: 'asSet' | 'always' | 'never'
  /** Sizes of the pieces its output comes in, over and over; empty: as it is. */
  cuts: readonly number[]
  /** From one piece to the next. */
  cutGapMs: number
  /** Lines that come amid answers, see `Interleave`. */
  interleave: Interleave[]
  /** From `+CMGS` to `> `. */
  promptDelayMs: number
  /** What comes before the prompt was given is lost. */
  dropsEarly: boolean
  /** Unsolicited codes come even between the prompt and the end of the body. */
  unsolicitedInPrompt: boolean
  ussd: UssdSpelling
  /** What `+CUSD` gives as the coding, whatever the text's; undefined: a right one. */
  ussdDcs: number | undefined
  /** Follows the text of `+CUSD`, as some modems add garbage. */
  ussdTrailer: string
  /** `+CMGL` of nothing. */
  emptyList: string
  /** `+CMGR` of a free index. */
  emptySlot: readonly string[]
  /** `+CMTI` and `+CDSI` name these memories, whatever the one in which it lies. */
  announces: { readonly message?: MemoryName; readonly report?: MemoryName }
  /** No `+CMTI` and `+CDSI` at all. */
  announcesNothing: boolean
  /** How often each message comes in. */
  copies: number
  /** From the start to the first sign of life. */
  bootMs: number
  /** How long `+CNMA` is waited for. */
  acknowledgeMs: number
  ringEveryMs: number
  /** What it says when a call is over; some say nothing, or have words of their own. */
  callOver: readonly string[]
  rssi: number
}

/** Lines put between those of an answer. */
export interface Interleave {
  /** Beside each line of output that fits, such as `/^\+CMGR:/`: `after` a header is before its PDU. */
  readonly at: RegExp
  readonly side: 'before' | 'after'
  readonly lines: readonly string[]
  /** Left to do; without it, always. */
  times?: number
}

/** What goes wrong with a command. */
export interface Fault {
  /** `+CMGS`, or what its text after `AT` must fit. */
  readonly on: string | RegExp
  /** 1 by default; `Infinity` for always. */
  readonly times?: number
  /** Whether the command is carried out all the same; not by default. */
  readonly acts?: boolean
  /** Of commands with a body: before the prompt, or after the body, which is the default. */
  readonly when?: 'command' | 'body'
  /** Instead of the true answer; `silence`: none ever comes; without it, the true one, which needs `acts`. */
  readonly answer?: readonly string[] | 'silence'
  /** Later than usual by this much. */
  readonly lateMs?: number
}

export const QUIET: Behaviour = {
  latencyMs: 0,
  baudRate: undefined,
  mute: false,
  deaf: false,
  echo: 'asSet',
  cuts: [],
  cutGapMs: 0,
  interleave: [],
  promptDelayMs: 0,
  dropsEarly: false,
  unsolicitedInPrompt: false,
  ussd: 'text',
  ussdDcs: undefined,
  ussdTrailer: '',
  emptyList: 'OK',
  emptySlot: ['+CMS ERROR: 321'],
  announces: {},
  announcesNothing: false,
  copies: 1,
  bootMs: 0,
  acknowledgeMs: 15_000,
  ringEveryMs: 3_000,
  callOver: ['NO CARRIER'],
  rssi: 20,
}
