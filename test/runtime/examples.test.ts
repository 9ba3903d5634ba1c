import assert from 'node:assert/strict'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../../tools/project.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { serveTcp } from '../sim/modem/serve.ts'
import type { Served } from '../sim/modem/serve.ts'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { mosquitto, startAedes, startMosquitto } from '../support/mqtt-broker.ts'
import type { MqttBroker } from '../support/mqtt-broker.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'
import { MODEM_EXAMPLES, startInternet } from './modem-examples.ts'
import type { Internet } from './modem-examples.ts'
import { MQTT_EXAMPLES, withBroker } from './mqtt-examples.ts'

export interface FlowNode {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly [property: string]: unknown
}

export interface Run {
  /** Presses an inject node, by its name. */
  press(name: string): Promise<void>
  /** A debug node, by its name, has shown something that matches. */
  shows(name: string, pattern?: RegExp): Promise<void>
  readonly nodeRed: NodeRed
  readonly twilio: Twilio
  /** Behind every modem of the examples, whose port is `${SMS_MODEM_PORT}`. */
  readonly modem: VirtualModem
  readonly internet: Internet
}

type FarEnds = Pick<Run, 'twilio' | 'internet'>

/** Accounts have to be filled in; everything else is used as it is imported. */
function withAccount(node: FlowNode, { twilio, internet }: FarEnds): FlowNode {
  if (node.type === 'http request') return { ...node, url: internet.url }
  if (node.type.startsWith('sms-forward-')) return withLogins(node)
  if (node.type !== 'sms-twilio') return node
  const digit = node.name === 'First account' ? '1' : '2'
  const account = { accountSid: `AC${digit.repeat(32)}`, from: `+1555000777${digit}`, to: `+1555000888${digit}` }
  return { ...node, ...account, apiUrl: twilio.url, credentials: { authToken: 'a-token' } }
}

/** Both ends in one Node-RED. */
function withLogins(node: FlowNode): FlowNode {
  const logins = { user: 'cabin', password: 'a', callbackUser: 'home', callbackPassword: 'b' }
  const ofSlot = Object.fromEntries(Object.entries(logins).map(([name, value]) => [`${name}1`, value]))
  return { ...node, credentials: node.type === 'sms-forward-server' ? ofSlot : logins }
}

/** What each example does when it is used; an example without a row fails. */
const EXAMPLES: Record<string, (run: Run) => Promise<void>> = {
  'First flow': async ({ nodeRed, press, shows }) => {
    await press('Door opens')
    await nodeRed.logged(/reaction to \+12025550123: light on/)
    await shows('Light', /payload: 'on'/)
  },
  'Door and window sensors to two phones': async ({ press, shows }) => {
    await press('Door opens')
    await press('Window opens')
    await shows('Shown on the first phone', /Door: Open\\n.*Window: Open/s)
    await shows('Shown on the second phone', /Door: Open/)
  },
  'Door and window sensors through two Twilio accounts': async ({ press, shows, twilio }) => {
    await press('Window opens')
    await shows('Sent', /Window: Open/)
    await twilio.settled()
    assert.deepEqual(twilio.messages.map(({ from, to }) => `${from} to ${to}`).sort(), [
      '+15550007771 to +15550008881',
      '+15550007772 to +15550008882',
    ])
  },
  'Keyword command and reply': async ({ press, shows }) => {
    await press('HEAT 21')
    await shows('Shown on the phone', /Heating set to 21 degrees/)
    await press('status')
    await shows('Shown on the phone', /Heating: 21/)
  },
  'Delivery reports': async ({ press, shows }) => {
    await press('To a phone that is on')
    await shows('Reports', /order 17: delivered/)
    await press('To a phone that is off')
    await shows('Reports', /order 18: accepted/)
    await press('Through a carrier that refuses')
    await shows('Reports', /order 19: failed, the simulated carrier refused the message/)
    await shows('Failed or not in time', /SMS_SEND/)
    await shows('Failed or not in time', /SMS_TIMEOUT/)
  },
  'Home gateway API': tryGateway,
  ...MODEM_EXAMPLES,
  ...MQTT_EXAMPLES,
  'Cloud first, modem when the internet is down': async ({ press, shows }) => {
    await press('Alarm')
    await shows('Shown on the phone', /Water in the cellar/)
    await shows('Way', /route 1 «alarms», failover to Home modem \(simulated\): Cloud .* SMS_SEND/)
    await press('Newsletter')
    await shows('Failed', /SMS_SEND/)
  },
  Escalation: async ({ press, shows, nodeRed }) => {
    await press('Water in the cellar')
    await shows('Shown to Ann', /Water in the cellar\. Reply OK/)
    await shows('Takes care', /person: 'Carol'/)
    await shows('Shown to Carol', /Thank you/)
    assert.ok(!nodeRed.log.some(line => /\[debug:(Nobody is left|What went wrong)\]/.test(line)))
  },
  'Two instances': async ({ press, shows }) => {
    await press('Send')
    await shows('Shown on the phone', /Hello from the cabin/)
    await shows('Delivered', /state: 'delivered'/)
    await press('A phone texts')
    await shows('Has arrived', /Is anybody there/)
    await shows('Shown on the phone', /The cabin is here/)
  },
}

async function tryGateway({ nodeRed, press, shows }: Run): Promise<void> {
  const call = async (path: string, body?: string): Promise<{ status: number; answer: unknown }> => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: body ?? '' }
    const response = await fetch(`${nodeRed.url}${path}`, body === undefined ? {} : post)
    return { status: response.status, answer: await response.json() }
  }
  const send = (to: unknown, text: unknown) => call('/send-sms', JSON.stringify({ to, text }))
  const texts = async (path: string) => {
    const { status, answer } = await call(path)
    assert.equal(status, 200)
    return (answer as { text: string }[]).map(({ text }) => text)
  }

  await press('Ann texts')
  await shows('Has arrived', /Dinner at seven/)
  await press('Bob texts')
  await shows('Has arrived', /On my way/)

  const { answer } = await call('/get-sms?limit=1')
  const [sms] = answer as Record<string, string>[]
  assert.deepEqual(Object.keys(sms!), ['id', 'message_id', 'message_receive_dttm', 'sender', 'text'])
  assert.deepEqual([sms!['sender'], sms!['text']], ['+12025550178', 'On my way'])
  assert.match(sms!['message_receive_dttm']!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  assert.deepEqual(await texts('/get-sms?limit=2'), ['On my way', 'Dinner at seven'])
  for (const sender of ['%2B12025550144', '+12025550144', '%2B1%20(202)%20555-0144']) {
    assert.deepEqual(await texts(`/get-sms?sender=${sender}`), ['Dinner at seven'])
  }
  const received = encodeURIComponent(sms!['message_receive_dttm']!)
  assert.equal((await texts(`/get-sms?dttm=${received}`))[0], 'On my way')
  assert.deepEqual(await texts('/get-sms?dttm=2999-01-01%2000:00:00'), [])
  assert.deepEqual(await call('/get-calls?dttm=2026-01-01%2000:00:00&limit=5'), { status: 200, answer: [] })

  for (const [path, reason] of [
    ['/get-sms?dttm=2026-02-30%2000:00:00', /^dttm must be .*«2026-02-30 00:00:00»$/],
    ['/get-sms?dttm=yesterday', /^dttm must be/],
    ['/get-calls?limit=0', /^limit must be a whole number from 1 to 1000/],
    ['/get-calls?limit=1001', /^limit/],
    ['/get-sms?limit=1&limit=2', /^limit/],
    ['/get-sms?sender=a&sender=b', /^sender must be/],
  ] as const) {
    const refused = (await call(path)) as { status: number; answer: { code: string; message: string } }
    assert.deepEqual([refused.status, refused.answer.code], [400, 'SMS_REQUEST'], path)
    assert.match(refused.answer.message, reason)
  }

  const one = await send('+12025550144', 'To Ann')
  const [taken] = one.answer as { to: string; id: string; state: string }[]
  assert.deepEqual([one.status, taken?.to], [202, '+12025550144'])
  assert.match(taken?.id ?? '', /^[\da-f-]{36}$/)
  assert.match(taken?.state ?? '', /^(accepted|delivered)$/)
  await shows('Shown on a phone', /To Ann/)

  const { status, answer: some } = await send('+12025550178, nobody; +12025550178', 'To some')
  assert.equal(status, 202)
  assert.deepEqual(
    (some as { to: string; code?: string }[]).map(({ to, code }) => [to, code]),
    [
      ['+12025550178', undefined],
      ['nobody', 'SMS_REQUEST'],
    ],
  )
  for (const [to, text, reason] of [
    [['nobody', 'no one'], 'x', /«nobody».*; .*«no one»/],
    ['', 'x', /no recipient/],
    [undefined, 'x', /no recipient/],
    ['+12025550144', '', /the text is empty/],
  ] as const) {
    const refused = (await send(to, text)) as { status: number; answer: { code: string; message: string } }
    assert.deepEqual([refused.status, refused.answer.code], [400, 'SMS_REQUEST'])
    assert.match(refused.answer.message, reason)
  }
}

for (const version of [5, 4] as const) {
  describe(`the examples in Node-RED ${version}, installed from the package`, function () {
    this.timeout(120_000)
    let userDir: string
    let nodeRed: NodeRed
    let twilio: Twilio
    let modem: VirtualModem
    let served: Served
    let internet: Internet
    let broker: MqttBroker

    before(async () => {
      twilio = await startTwilio()
      userDir = await installPackage()
      modem = createVirtualModem()
      served = await serveTcp(modem)
      internet = await startInternet()
      broker = version === 4 && mosquitto ? await startMosquitto(mosquitto) : await startAedes()
      nodeRed = await startNodeRed({ version, userDir, env: { SMS_MODEM_PORT: served.address } })
    })
    after(async () => {
      await nodeRed?.stop()
      await twilio?.stop()
      await internet?.stop()
      await broker?.stop()
      await served?.stop()
      modem?.stop()
      if (userDir) rmSync(userDir, { recursive: true, force: true })
    })

    for (const file of globSync('examples/**/*.json', { cwd: root })) {
      const name = basename(file, '.json')
      it(`${name}: imports and runs as it is`, async () => {
        const nodes = JSON.parse(readFileSync(join(root, file), 'utf8')) as FlowNode[]
        const run = EXAMPLES[name]
        assert.ok(run, `nobody tries the example ${name}`)
        const from = nodeRed.log.length
        // What the debug nodes show goes to the log, where we can read it.
        const shown = nodes.map(node => (node.type === 'debug' ? { ...node, console: true } : node))
        const flows = withBroker(shown, broker)
        await nodeRed.deploy(flows.map(node => withAccount(node, { twilio, internet })))
        if (flows.length > shown.length) await nodeRed.logged(/Connected to broker/, { from })
        await run({
          nodeRed,
          twilio,
          modem,
          internet,
          async press(button) {
            const node = nodes.find(({ type, name: named }) => type === 'inject' && named === button)
            assert.ok(node, `there is no button ${button}`)
            const { status } = await fetch(`${nodeRed.url}/inject/${node.id}`, { method: 'POST' })
            assert.equal(status, 200)
          },
          async shows(debug, pattern = /./) {
            const shown = new RegExp(`\\[debug:${debug}\\]`)
            await nodeRed.logged(shown, { from, timeoutMs: 20_000 })
            await nodeRed.logged(pattern, { from, timeoutMs: 20_000 })
          },
        })
        const wrong = nodeRed.log.slice(from).filter(line => /\[(warn|error)\]/.test(line))
        assert.deepEqual(wrong, [])
      })
    }
  })
}
