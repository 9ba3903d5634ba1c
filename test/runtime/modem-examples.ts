import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { VirtualModem } from '../sim/modem/modem.ts'
import type { Run } from './examples.test.ts'

/** An address that answers, or does not, as it is set. */
export interface Internet {
  readonly url: string
  isUp: boolean
  stop(): Promise<void>
}

export async function startInternet(): Promise<Internet> {
  const server = createServer((request, response) => {
    if (internet.isUp) response.writeHead(204).end()
    else request.socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const internet = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isUp: true,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return internet
}

const OWNER = '+12025550123'

/** What the examples for a modem do when they are used. */
export const MODEM_EXAMPLES: Record<string, (run: Run) => Promise<void>> = {
  'First SMS over a modem': async ({ modem, nodeRed, press, shows }) => {
    await shows('Signal and network', /operator: /)
    await press('Text my phone over the modem')
    await shows('Delivered to the phone', /Hello from Node-RED/)
    modem.network.deliver({ from: OWNER, text: 'Light ON ' })
    await nodeRed.logged(/reaction to \+12025550123 over the modem: light on/)
    await shows('Answered', /The light is on\./)
    assert.equal(last(modem, OWNER), 'The light is on.')
  },
  'Meter readings by SMS': readMeters,
  'Internet down alarm over the modem': async ({ internet, modem, nodeRed, press, shows }) => {
    // The modem takes a moment to be ready, and the alarm waits for it.
    const before = modem.network.texts(OWNER).length
    internet.isUp = false
    for (const _check of [1, 2, 3, 4]) await press('Check now')
    await shows('Sent', /The Internet is down since \d\d:\d\d\./)
    internet.isUp = true
    await press('Check now')
    await shows('Sent', /The Internet is back\. It was down for 1 min\./)
    await press('Check now')
    assert.equal(modem.network.texts(OWNER).length - before, 2)
    assert.equal(nodeRed.log.filter(line => /Went wrong/.test(line)).length, 0)
  },
  'Login call and one-time code': async run => {
    const { modem, nodeRed, shows } = run
    const ask = async (): Promise<unknown> => (await fetch(`${nodeRed.url}/login-code`)).json()
    await ready(run)
    const calling = ask()
    const call = modem.network.call('+380441234567')
    assert.deepEqual(await calling, { code: '234567', kind: 'call', from: '+380441234567' })
    await shows('Code', /234567/)
    await new Promise<void>(over => call.onEnd(over))
    assert.equal(call.state, 'refused')

    const from = '+12025550177'
    const wait = ask()
    for (const text of ['Dinner at 7:30, call +12025550123', 'You owe 1234.50', '734-912 is your code until 2030'])
      modem.network.deliver({ from, text })
    assert.deepEqual(await wait, { code: '734912', kind: 'message', from })
    // What was asked for before the code came, and what came before it was asked for, is the same.
    modem.network.deliver({ from, text: 'G-481516 is your code' })
    await shows('Code', /481516/)
    assert.deepEqual(await ask(), { code: '481516', kind: 'message', from })
  },
  'Balance warning': async run => {
    const { press, shows } = run
    const { network } = run.modem
    const before = network.texts(OWNER).length
    await ready(run)
    for (const [balance, shown] of [
      ['Balance: 142.17 UAH', /142\.17/],
      ['Balance: 42.17 UAH', /'42\.17'/],
      ['Balance: 41.00 UAH', /'41\.00'/],
    ] as const) {
      network.services.set('*100#', balance)
      await press('Every morning at nine')
      await shows('Balance', shown)
    }
    await shows('Warned', /The balance of the modem is 42\.17 UAH, below 50\./)
    assert.deepEqual(network.texts(OWNER).slice(before), ['The balance of the modem is 42.17 UAH, below 50.'])
  },
  'Signal and operator to MQTT': async ({ press, shows }) => {
    await shows('Published', /topic: 'home\/modem\/state'/)
    await press('Now')
    await shows('Published', /topic: 'home\/modem\/signal'/)
    await shows('Published', /topic: 'home\/modem\/operator'/)
    await shows('From the broker', /topic: 'home\/modem\/operator'/)
  },
}

async function readMeters({ modem, nodeRed, shows }: Run): Promise<void> {
  const from = '+12025550188'
  const ROWS = [
    ['1001 2345.6', /Thank you\. Cold water: 2345\.6\./],
    ['1001: 2350,1', /Thank you\. Cold water: 2350\.1, used since the last one: 4\.5\./],
    ['1001 2349', /less than the last reading, 2350\.1/],
    ['1001 23500', /far more than the last reading/],
    ['7777 1', /no account 7777/],
    ['Hello', /Not understood/],
  ] as const
  for (const [text, answer] of ROWS) {
    modem.network.deliver({ from, text })
    await shows('Answered', answer)
    assert.match(last(modem, from), answer, text)
  }
  await shows('Written', /1001;2350\.1/)
  const lines = readFileSync(join(nodeRed.userDir, 'meter-readings.csv'), 'utf8').trim().split('\n').slice(-2)
  assert.deepEqual(
    lines.map(line => line.split(';').slice(1)),
    [
      ['1001', '2345.6', from],
      ['1001', '2350.1', from],
    ],
  )
  assert.ok(!Number.isNaN(Date.parse(lines[0]!.split(';')[0]!)))
}

const last = ({ network }: VirtualModem, to: string): string => network.texts(to).at(-1) ?? ''

/** The modem of the flow is set up, so it tells of what comes in. */
async function ready({ modem, nodeRed }: Run): Promise<void> {
  for (let isReady = false; !isReady;) {
    const { providers } = (await (await fetch(`${nodeRed.url}/sms/console/overview`)).json()) as Overview
    isReady = modem.isOpen && providers.some(({ type, health }) => type === 'sms-modem' && health === 'ready')
  }
}

interface Overview {
  readonly providers: readonly { readonly type: string; readonly health: string }[]
}
