import { stat } from 'node:fs/promises'

/**
 * Looks every `LOOK_MS` whether a device file is still the one it was, and calls `onGone` once when it is not. Returns
 * what ends that. A port that hangs up in the moment between two reads is read as empty for ever by serialport's
 * binding, which keeps a processor busy and tells nobody; Windows has no such files, and does not need it.
 */
export function watchPresence(path: string, onGone: () => void): () => void {
  if (process.platform === 'win32') return () => {}
  let first: Promise<string> | undefined
  const look = async () => {
    first ??= identify(path)
    const [was, is] = await Promise.all([first, identify(path)])
    // What was not there from the beginning, or cannot be asked for, tells nothing.
    if (was === is || was === '') return
    stop()
    onGone()
  }
  const timer = setInterval(() => void look(), LOOK_MS).unref()
  const stop = () => clearInterval(timer)
  void look()
  return stop
}

/** How often is looked, in milliseconds. */
export const LOOK_MS = 1000

/** Which file it is: a modem that comes back under its old name is another one. '' for none. */
async function identify(path: string): Promise<string> {
  try {
    const { dev, ino, rdev } = await stat(path)
    return `${dev} ${ino} ${rdev}`
  } catch {
    return ''
  }
}
