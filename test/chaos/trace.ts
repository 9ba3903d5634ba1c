/** One system call in what strace wrote with `-f -y`: times are lines of the trace, which are in the order of events. */
export interface SystemCall {
  readonly name: string
  /** What the first argument is open on: a path, or what is no file, such as `TCP:[…]`. */
  readonly on: string
  /** All that is written, byte by byte. */
  readonly data: string
  readonly enteredAt: number
  /** Infinite where it never returned. */
  readonly returnedAt: number
  /** -1 where it failed, or never returned. */
  readonly result: number
}

/** Reads a trace; what is no call with an open file as its first argument is left out. */
export function parseTrace(trace: string): readonly SystemCall[] {
  const calls: SystemCall[] = []
  const unfinished = new Map<string, { readonly text: string; readonly enteredAt: number }>()

  for (const [at, line] of trace.split('\n').entries()) {
    const [, thread = '', said = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (said.endsWith('<unfinished ...>')) {
      unfinished.set(thread, { text: said.slice(0, -'<unfinished ...>'.length), enteredAt: at })
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(said)
    const begun = resumed ? unfinished.get(thread) : { text: '', enteredAt: at }
    if (!begun) continue
    unfinished.delete(thread)
    const call = readCall(begun.text + (resumed ? resumed[1] : said))
    if (call) calls.push({ ...call, enteredAt: begun.enteredAt, returnedAt: at })
  }
  for (const { text, enteredAt } of unfinished.values()) {
    const call = readCall(text)
    if (call) calls.push({ ...call, result: -1, enteredAt, returnedAt: Infinity })
  }
  return calls.toSorted((a, b) => a.enteredAt - b.enteredAt)
}

/** The first call that writes something like this to a socket. Throws where there is none. */
export function firstToSocket(calls: readonly SystemCall[], written: RegExp): SystemCall {
  const found = calls.find(call => isSocket(call) && written.test(call.data))
  if (!found) throw new Error(`nothing like ${written} was written to a socket`)
  return found
}

/**
 * What is missing, before `told` was entered, for something to have been on the disk by then: that it was written to
 * the write-ahead log, and that all of the log was synced since it was last written. Undefined where nothing is.
 */
export function missingOnDisk(calls: readonly SystemCall[], content: RegExp, told: SystemCall): string | undefined {
  const before = calls.filter(call => isLog(call) && call.enteredAt < told.enteredAt)
  const writes = before.filter(({ name }) => name.startsWith('pwrite') || name === 'write')
  // The log has a checksum and a mark at the end of each commit: what is not synced to its end is not there.
  if (!writes.some(({ data, result }) => result === data.length && content.test(data))) {
    return `nothing like ${content} was in the log before it was told`
  }
  const lastWrite = writes.at(-1)!
  const synced = before.some(
    ({ name, result, enteredAt, returnedAt }) =>
      (name === 'fsync' || name === 'fdatasync') &&
      result === 0 &&
      enteredAt > lastWrite.returnedAt &&
      returnedAt < told.enteredAt,
  )
  return synced ? undefined : `${content} was in the log, and the log not synced before it was told`
}

const isLog = ({ on }: SystemCall): boolean => on.endsWith('-wal')
const isSocket = ({ on }: SystemCall): boolean => /^(TCP|TCPv6|socket):\[/.test(on)

function readCall(text: string): Pick<SystemCall, 'name' | 'on' | 'data' | 'result'> | undefined {
  const [, name, on, rest = ''] = /^(\w+)\(\d+<((?:\w+:\[[^\]]*\])|[^>]*)>(.*)$/.exec(text) ?? []
  if (name === undefined || on === undefined) return undefined
  const data = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => unescaped(quoted)).join('')
  const [, result = '-1'] = /\) += (-?\d+)[^"]*$/.exec(rest) ?? []
  return { name, on, data, result: Number(result) }
}

/** As in C, with octal numbers for what is no ASCII. */
const unescaped = (quoted: string): string =>
  quoted.replaceAll(/\\([0-7]{1,3}|.)/g, (_, escape: string) =>
    /^[0-7]/.test(escape) ? String.fromCharCode(Number.parseInt(escape, 8)) : (ESCAPES[escape] ?? escape),
  )

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' }
