import { createDecipheriv, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CREDENTIAL_SECRET } from './node-red.ts'

type Credentials = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The credentials a Node-RED of the tests keeps on disk, by node: the secrets themselves, which no dialog shows. */
export function storedCredentials(userDir: string): Credentials {
  const { $: sealed } = JSON.parse(readFileSync(join(userDir, 'flows_cred.json'), 'utf8')) as { $: string }
  // As Node-RED seals them: the initialisation vector in 32 hexadecimal digits, then AES-256 in counter mode, in base64.
  const key = createHash('sha256').update(CREDENTIAL_SECRET).digest()
  const decipher = createDecipheriv('aes-256-ctr', key, Buffer.from(sealed.slice(0, 32), 'hex'))
  return JSON.parse(decipher.update(sealed.slice(32), 'base64', 'utf8') + decipher.final('utf8')) as Credentials
}
