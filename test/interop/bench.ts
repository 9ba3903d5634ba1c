import { createVirtualModem } from '../sim/modem/modem.ts'
import type { ModemOptions, VirtualModem } from '../sim/modem/modem.ts'
import { servePty } from '../sim/modem/serve.ts'
import type { Served } from '../sim/modem/serve.ts'
import { createFolder, start } from './program.ts'
import type { Program } from './program.ts'

/** Tests against programs of others, which `.ci/run` installs; pending where SMS_INTEROP is not set. */
export function describeInterop(title: string, define: () => void): void {
  const isAsked = Boolean(process.env['SMS_INTEROP'])
  describe(`interop: ${title}${isAsked ? '' : ' – pending: SMS_INTEROP is not set'}`, function () {
    this.timeout(60_000)
    before(function () {
      if (!isAsked) this.skip()
    })
    define()
  })
}

/** A modem and a folder, for one test; everything given to `owns` ends with it. */
export interface Bench {
  readonly modem: VirtualModem
  readonly folder: string
  /** Puts it on a serial port, and resolves to its path; on a new one each time, as programs want one to themselves. */
  serialPort(): Promise<string>
  owns<T extends { stop(): Promise<void> }>(what: T): T
  /** Starts a program that ends with the test. */
  start(command: string, args: readonly string[], env?: Record<string, string>): Program
  stop(): Promise<void>
}

export async function createBench(options: ModemOptions = {}): Promise<Bench> {
  const modem = createVirtualModem(options)
  const folder = createFolder()
  const owned: { stop(): Promise<void> }[] = []
  let port: Served | undefined
  // With SMS_INTEROP=trace both sides of the line are printed, for who looks why a test fails.
  if (process.env['SMS_INTEROP'] === 'trace')
    modem.watch((side, text) => console.log(`${side === 'host' ? '>>' : '<<'} ${JSON.stringify(text)}`))

  const bench: Bench = {
    modem,
    folder: folder.path,
    async serialPort() {
      await port?.stop()
      port = await servePty(modem)
      return port.address
    },
    owns(what) {
      owned.push(what)
      return what
    },
    start: (command, args, env) => bench.owns(start(command, args, env)),
    async stop() {
      for (const each of owned.toReversed()) await each.stop()
      await port?.stop()
      modem.stop()
      folder.remove()
    },
  }
  return bench
}
