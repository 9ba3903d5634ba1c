import { once } from 'node:events'
import { rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { openPty } from '../../support/pty.ts'
import type { Pty } from '../../support/pty.ts'
import type { VirtualModem } from './modem.ts'

/** A place outside this process where a modem answers. */
export interface Served {
  /** `tcp://127.0.0.1:2947`, the path of a serial port, or the name of an abstract socket. */
  readonly address: string
  stop(): Promise<void>
}

/** Like a serial server: one client at a time, others are turned away; unplugged, it closes the connection. */
export async function serveTcp(modem: VirtualModem, port = 0): Promise<Served> {
  const server = serve(modem)
  await listening(server, { host: '127.0.0.1', port })
  const { port: chosen } = server.address() as AddressInfo
  return { address: `tcp://127.0.0.1:${chosen}`, stop: () => stopServer(server) }
}

/** On an abstract Unix socket (Linux), which ModemManager takes for a port in its tests. */
export async function serveAbstract(modem: VirtualModem, name: string): Promise<Served> {
  const server = serve(modem)
  await listening(server, { path: `\0${name}` })
  return { address: name, stop: () => stopServer(server) }
}

/**
 * As a serial port (Linux, macOS), another one each time it is plugged in; `link`, a path, always leads to it, as those
 * in `/dev/serial/by-id` do. Who has it open is told when it is unplugged.
 */
export async function servePty(modem: VirtualModem, link?: string): Promise<Served> {
  let pty: Pty | undefined
  let turn = plug()
  await turn
  const forget = modem.onPort(port => {
    turn = turn.then(() => (port === undefined ? unplug() : plug()))
  })
  return {
    get address() {
      return link ?? pty?.path ?? ''
    },
    async stop() {
      forget()
      await turn
      await unplug()
    },
  }

  async function plug(): Promise<void> {
    const opened = await openPty()
    const line = modem.attach({ data: bytes => opened.write(bytes), closed: () => void opened.close() })
    if (!line) {
      await opened.close()
      return
    }
    opened.onData(bytes => line.write(bytes))
    if (link !== undefined) symlinkSync(opened.path, link)
    pty = { ...opened, close: () => (line.close(), opened.close()) }
  }

  async function unplug(): Promise<void> {
    if (link !== undefined) rmSync(link, { force: true })
    const closing = pty
    pty = undefined
    await closing?.close()
  }
}

const open = new WeakMap<Server, Set<Socket>>()

function serve(modem: VirtualModem): Server {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.setNoDelay(true)
    const line = modem.attach({
      data: bytes => void socket.write(bytes),
      closed: () => void socket.end(),
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      line?.close()
    })
    if (line) socket.on('data', bytes => line.write(bytes))
    else socket.end()
  })
  open.set(server, sockets)
  return server
}

const listening = (server: Server, where: { host: string; port: number } | { path: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve()
    })
  })

async function stopServer(server: Server): Promise<void> {
  const sockets = [...(open.get(server) ?? [])]
  const closed = [server, ...sockets].map(each => once(each, 'close'))
  server.close()
  for (const socket of sockets) socket.destroy()
  await Promise.all(closed)
}
