import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs a program to its end and passes on the signals that ask this process to stop. Resolves to its exit code
 * (128 + the signal's number where a signal ended it) and what it wrote to piped streams; rejects if it cannot start.
 */
export function runChild(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options)
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr']) {
      child[stream]?.setEncoding('utf8').on('data', text => {
        output[stream] += text
      })
    }
    const forward = signal => {
      // Ctrl+C in a terminal reaches the whole process group; a second one would make mocha give up its clean-up.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    const stopForwarding = () => SIGNALS.forEach(signal => process.off(signal, forward))
    SIGNALS.forEach(signal => process.on(signal, forward))

    child.once('error', error => {
      stopForwarding()
      reject(error)
    })
    child.once('close', (code, signal) => {
      stopForwarding()
      resolve({ code: code ?? 128 + constants.signals[signal], ...output })
    })
  })
}
