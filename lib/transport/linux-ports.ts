import { existsSync } from 'node:fs'
import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Port } from './contract.ts'

/**
 * The serial ports that Linux tells of in `/sys` and `/dev/serial/by-id`, below `root`. A container may have only the
 * links, and then they alone are told; what cannot be read is left out.
 */
export async function listLinuxPorts(root: string): Promise<Port[]> {
  const [names, links] = await Promise.all([listNames(root), listLinks(root)])
  const all = new Set([...names, ...links.keys()])
  const ports = await Promise.all([...all].map(name => describe(root, name, links.get(name))))
  return ports.toSorted((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path, 'en', { numeric: true }))
}

async function describe(root: string, name: string, byId: string | undefined): Promise<Port> {
  return { path: `/dev/${name}`, ...(byId === undefined ? {} : { byId }), ...(await usbDeviceOf(root, name)) }
}

/** Terminals that are ports with something behind them. */
async function listNames(root: string): Promise<string[]> {
  const names = await list(join(root, 'sys/class/tty'))
  const kept = await Promise.all(
    names.map(async name => {
      const folder = join(root, 'sys/class/tty', name)
      // Consoles and pseudo terminals have no device.
      const device = await realpath(join(folder, 'device')).catch(() => undefined)
      // A PC has 32 of ttyS, most of which are no UART at all: their type is 0.
      const type = await read(join(folder, 'type'))
      // The kernel tells a container of ports that it was not given.
      return device !== undefined && type !== '0' && existsSync(join(root, 'dev', name))
    }),
  )
  return names.filter((_, at) => kept[at])
}

/** The names of ports and the links that stay the same to them. */
async function listLinks(root: string): Promise<Map<string, string>> {
  const folder = join(root, 'dev/serial/by-id')
  const links = new Map<string, string>()
  for (const name of (await list(folder)).toSorted()) {
    const target = await realpath(join(folder, name)).catch(() => undefined)
    if (target !== undefined) links.set(basename(target), `/dev/serial/by-id/${name}`)
  }
  return links
}

/** What the USB device says of itself, of which the port is an interface. */
async function usbDeviceOf(root: string, name: string): Promise<Omit<Port, 'path' | 'byId'>> {
  const top = await realpath(join(root, 'sys')).catch(() => undefined)
  let folder = await realpath(join(root, 'sys/class/tty', name, 'device')).catch(() => undefined)
  while (top !== undefined && folder !== undefined && folder.startsWith(`${top}/`)) {
    const vendorId = await read(join(folder, 'idVendor'))
    if (vendorId !== undefined) {
      const fields = await Promise.all(
        Object.entries(FILES).map(async ([field, file]) => [field, await read(join(String(folder), file))]),
      )
      return { vendorId, ...Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== '')) }
    }
    folder = dirname(folder)
  }
  return {}
}

const FILES = { productId: 'idProduct', manufacturer: 'manufacturer', product: 'product', serialNumber: 'serial' }

const rank = ({ vendorId, byId }: Port): number => (vendorId === undefined && byId === undefined ? 1 : 0)
const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
const read = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').then(
    text => text.trim(),
    () => undefined,
  )
