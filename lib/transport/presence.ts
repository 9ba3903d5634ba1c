import { stat } from 'node:fs/promises'

/** A device file as it was when it was looked at. */
export interface Presence {
  /** Calls `onGone` once when the file is no more, or another one; returns what ends the looking. */
  watch(onGone: () => void): () => void
}

/**
 * Looks at a device file before it is opened, so that from then on it can be looked every `LOOK_MS` whether it is still
 * there. A port that hangs up in the moment between two reads is read as empty for ever by serialport's binding, which
 * keeps a processor busy, takes ever more memory and tells nobody.
 */
export async function lookAt(path: string): Promise<Presence> {
  const was = await identify(path)
  return {
    watch(onGone) {
      // What is no file, such as COM6, tells nothing, and Windows does not need it.
      if (was === undefined) return () => {}
      const timer = setInterval(() => {
        void identify(path).then(is => {
          if (is === was || ended) return
          end()
          onGone()
        })
      }, LOOK_MS)
      let ended = false
      const end = () => {
        ended = true
        clearInterval(timer)
      }
      return end
    },
  }
}

/** How often is looked, in milliseconds. */
export const LOOK_MS = 1000

/** Which file it is: a modem that comes back under its old name is another one. */
async function identify(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, rdev } = await stat(path)
    return `${dev} ${ino} ${rdev}`
  } catch {
    return undefined
  }
}
