import { createVirtualModem } from '../test/sim/modem/modem.ts'
import { serveTcp } from '../test/sim/modem/serve.ts'

/** A modem without hardware, for the demo. */
export interface DemoModem {
  /** What its flow takes the port from. */
  readonly env: Readonly<Record<string, string>>
  /** Of the port: `tcp://127.0.0.1:…`. */
  readonly address: string
  stop(): Promise<void>
}

/** Starts it on a free loopback port, with somebody who answers the text that asks for an answer. */
export async function startDemoModem(tell: (line: string) => void): Promise<DemoModem> {
  const modem = createVirtualModem({ number: '+12025550100' })
  modem.network.onSent(({ to, text = '' }) => {
    tell(`the phone ${to} shows: ${text}`)
    const [, answer] = /Answer with: (.*)/.exec(text) ?? []
    if (answer === undefined) return
    tell(`the phone ${to} answers: ${answer}`)
    modem.network.deliver({ from: to, text: answer })
  })
  const served = await serveTcp(modem)
  return {
    env: { SMS_MODEM_PORT: served.address },
    address: served.address,
    async stop() {
      await served.stop()
      modem.stop()
    },
  }
}
