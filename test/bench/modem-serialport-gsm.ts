// Sends texts through serialport-gsm, in a process of its own: what it throws, it throws out of timers.
import { peer } from './peers.ts'

interface Modem {
  open(port: string, options: object, done: (error: unknown) => void): void
  initializeModem(done: (result: unknown, error: unknown) => void): void
  sendSMS(to: string, text: string, flash: boolean, done: (result: unknown, error: unknown) => void): void
}

const { Modem } = peer('serialport-gsm') as { Modem: () => Modem }
const modem = Modem()

process.once('message', ({ port, to, texts }: { port: string; to: string; texts: readonly string[] }) => {
  modem.open(port, { baudRate: 115_200, xon: false, rtscts: false, autoDeleteOnReceive: false }, error => {
    if (error) throw error
    modem.initializeModem(() => {
      for (const text of texts) modem.sendSMS(to, text, false, () => {})
      process.send!({})
    })
  })
})
process.once('disconnect', () => process.exit())
process.send!({})
