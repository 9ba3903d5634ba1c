import assert from 'node:assert/strict'
import type { MqttBroker } from '../support/mqtt-broker.ts'
import type { FlowNode, Run } from './examples.test.ts'

const OWNER = '+12025550123'

/** What the examples with MQTT do when they are used; `From the broker` shows all that is published. */
export const MQTT_EXAMPLES: Record<string, (run: Run) => Promise<void>> = {
  'MQTT sensors to SMS': async ({ modem, press, shows, twilio }) => {
    const inCloud = twilio.messages.length
    const onModem = modem.network.texts(OWNER).length
    await press('Door opens')
    await press('Window closes')
    await shows('From the broker', /topic: 'home\/window\/contact'/)
    await shows('Way', /: route 1, Cloud$/)
    await shows('From the broker', /"ref":\{"changes":\{"Front door":"Open","Kitchen window":"Closed"\}\}/)
    await twilio.settled()
    const [first, ...more] = twilio.messages.slice(inCloud)
    assert.deepEqual([first?.to, more], [OWNER, []])
    assert.match(first!.body, /Front door: Open\nKitchen window: Closed/)

    twilio.inject('limited')
    await press('Door closes')
    await shows('Way', /failover to GSM modem: Cloud SMS_LIMITS/)
    await shows('From the broker', /"state":"delivered".*"ref":\{"changes":\{"Front door":"Closed"\}\}/)
    const texts = modem.network.texts(OWNER).slice(onModem)
    assert.deepEqual([texts.length, twilio.messages.length - inCloud], [1, 1])
    assert.match(texts[0]!, /Front door: Closed$/)
  },
}

/** The nodes with this broker in the place of the one they name, and a look at all that is published there. */
export function withBroker(nodes: readonly FlowNode[], { port }: MqttBroker): readonly FlowNode[] {
  const broker = nodes.find(({ type }) => type === 'mqtt-broker')
  const tab = nodes.find(({ type }) => type === 'tab')
  if (!broker || !tab) return nodes
  const probe = { z: tab.id, x: 0, y: 0 }
  return [
    ...nodes.map(node => {
      if (node === broker) return { ...node, broker: '127.0.0.1', port: String(port) }
      // Those that wait for somebody to choose a broker.
      return node.type.startsWith('mqtt ') ? { ...node, d: false } : node
    }),
    {
      ...probe,
      id: 'heard',
      type: 'mqtt in',
      topic: '#',
      qos: '1',
      datatype: 'utf8',
      broker: broker.id,
      wires: [['shown']],
    },
    {
      ...probe,
      id: 'shown',
      type: 'debug',
      name: 'From the broker',
      active: true,
      tosidebar: false,
      console: true,
      complete: 'true',
      targetType: 'full',
      wires: [],
    },
  ]
}
