import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { Aedes } from 'aedes'

/** An MQTT broker on a free loopback port, to which anybody may connect. */
export interface MqttBroker {
  readonly port: number
  stop(): Promise<void>
}

export async function startAedes(): Promise<MqttBroker> {
  const aedes = await Aedes.createBroker()
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    aedes.handle(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      await new Promise<void>(closed => aedes.close(closed))
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Where mosquitto is installed; Debian puts it where only administrators' shells look. */
export const mosquitto = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map(folder => join(folder, 'mosquitto'))
  .find(isProgram)

/** Its own process, with a configuration of its own: what the machine has set up for it is not touched. */
export async function startMosquitto(program: string): Promise<MqttBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest stderr\n`)
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  const killed = () => void child.kill('SIGKILL')
  process.once('exit', killed)
  const ended = once(child, 'exit')
  const running = new Promise<void>((resolve, reject) => {
    const lines: string[] = []
    createInterface({ input: child.stderr })
      .on('line', line => {
        lines.push(line)
        if (line.endsWith(' running')) resolve()
      })
      .once('close', () => reject(new Error(`mosquitto ended:\n${lines.join('\n')}`)))
  })
  const broker: MqttBroker = {
    port,
    async stop() {
      child.kill('SIGTERM')
      await ended
      process.off('exit', killed)
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    await running
  } catch (error) {
    await broker.stop()
    throw error
  }
  return broker
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** mosquitto cannot say which port it took when asked for any. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
