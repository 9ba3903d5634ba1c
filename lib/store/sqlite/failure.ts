import { SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'

/**
 * What went wrong with the file at `path`, in words that its owner can act on; an error that is ours already stays as
 * it is. Of any other only SQLite's own words are told, which never quote what is stored, and the name of a stranger.
 */
export function storeError(thrown: unknown, path: string): SmsError {
  if (thrown instanceof SmsError) return thrown
  const error = thrown instanceof Error ? (thrown as Error & { errcode?: number; code?: string }) : undefined
  // An extended result code has the primary one in its low byte (https://www.sqlite.org/rescode.html).
  const known = BY_RESULT_CODE[(error?.errcode ?? 0) & 0xff] ?? BY_SYSTEM_CODE[error?.code ?? '']
  if (known) return new SmsError(known[0], `${path} ${known[1]}`)
  const reason = error?.errcode === undefined ? (error?.name ?? typeof thrown) : `${error.message} (${error.errcode})`
  return new SmsError('SMS_STORE', `${path} could not be used to store messages: ${reason}`)
}

type Failure = readonly [code: SmsErrorCode, sentence: string]

const IN_USE: Failure = [
  'SMS_CONFIG',
  'is in use by another program, most likely a second Node-RED: stop that, or give one of them another file',
]
const NO_ACCESS: Failure = [
  'SMS_CONFIG',
  'cannot be written: let the user that runs Node-RED write this file and its folder, or choose another file',
]
const NOT_A_STORE: Failure = [
  'SMS_CONFIG',
  'is not a message store, or its beginning is damaged; it is left as it is: choose another file or restore a backup',
]
const DAMAGED: Failure = [
  'SMS_STORE',
  'is damaged; it is left as it is: stop Node-RED, then restore a backup or move the file away',
]
const FULL: Failure = ['SMS_STORE', 'cannot grow as the disk is full; it goes on as soon as there is room']
const DISK_FAILS: Failure = ['SMS_STORE', 'could not be read or written: check the disk it is on']

/** https://www.sqlite.org/rescode.html */
const BY_RESULT_CODE: Readonly<Record<number, Failure>> = {
  3: NO_ACCESS, // SQLITE_PERM
  5: IN_USE, // SQLITE_BUSY
  6: IN_USE, // SQLITE_LOCKED
  8: NO_ACCESS, // SQLITE_READONLY
  10: DISK_FAILS, // SQLITE_IOERR
  11: DAMAGED, // SQLITE_CORRUPT
  13: FULL, // SQLITE_FULL
  14: NO_ACCESS, // SQLITE_CANTOPEN
  26: NOT_A_STORE, // SQLITE_NOTADB
}

/** What the system says when the file or its folder is made. */
const BY_SYSTEM_CODE: Readonly<Record<string, Failure>> = {
  EACCES: NO_ACCESS,
  EPERM: NO_ACCESS,
  EROFS: NO_ACCESS,
  ENOTDIR: ['SMS_CONFIG', 'cannot be made, as a part of its path is a file: choose another file'],
  EEXIST: ['SMS_CONFIG', 'cannot be made, as a part of its path is a file: choose another file'],
  EISDIR: ['SMS_CONFIG', 'is a folder: choose a file'],
  ENOSPC: FULL,
  EDQUOT: FULL,
  EIO: DISK_FAILS,
}
