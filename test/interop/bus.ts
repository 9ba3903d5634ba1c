import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { run, until } from './program.ts'
import type { Program } from './program.ts'

/** A D-Bus of the test's own. */
export interface Bus {
  readonly address: string
  /** For programs that would ask the machine's. */
  readonly env: Record<string, string>
  /** Calls a method, with arguments as dbus-send writes them, and resolves to what it prints. */
  call(destination: string, path: string, method: string, ...args: readonly string[]): Promise<string>
  /** Everything that goes over it from now on. */
  readonly monitor: Program
}

export async function startBus(bench: Bench): Promise<Bus> {
  const config = join(bench.folder, 'bus.conf')
  writeFileSync(config, configOf(bench.folder))
  const daemon = bench.start('dbus-daemon', [`--config-file=${config}`, '--nofork', '--print-address'])
  const address = await until(() => /^unix:\S+/m.exec(daemon.output)?.[0], 'the bus', 5_000)
  const monitor = bench.start('dbus-monitor', ['--address', address])
  await until(() => monitor.output.includes('NameAcquired'), 'the monitor', 5_000)
  return {
    address,
    env: { DBUS_SYSTEM_BUS_ADDRESS: address, DBUS_SESSION_BUS_ADDRESS: address },
    monitor,
    call: (destination, path, method, ...args) =>
      run('dbus-send', [`--bus=${address}`, '--print-reply', `--dest=${destination}`, path, method, ...args]),
  }
}

// Everybody on it may do everything.
const configOf = (folder: string) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`
