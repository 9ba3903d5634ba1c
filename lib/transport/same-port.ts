import { realpath } from 'node:fs/promises'

/** What is the same for two addresses of one port: `/dev/serial/by-id/…` leads to the device, and names have no case. */
export async function portKey(address: string): Promise<string> {
  const trimmed = address.trim()
  if (!trimmed.startsWith('/')) return trimmed.toLowerCase().replace(/\/$/, '')
  return realpath(trimmed).catch(() => trimmed)
}
