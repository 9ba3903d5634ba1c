import { TOLD_STATES } from '../../lib/message.ts'
import { CORE } from './dialog-case.ts'
import type { DialogCase, Step } from './dialog-case.ts'
import { lab, office } from './flows.ts'

/** A modem that is not there: nobody listens on the discard port. */
export const line = { id: 'line', type: 'sms-modem', name: 'Line', port: 'tcp://127.0.0.1:9', baudRate: 'auto' }

const PROVIDER: Step = ['provider', office.id, ['_ADD_', 'provider']]
const QUESTION: readonly Step[] = [
  ['to', { type: 'str', value: '+15550001111' }, [{ type: 'msg', value: '' }, CORE]],
  ['text', { type: 'str' }],
  ['#sms-text-body', 'Door open\nsince 10:00'],
  ['text', { type: 'str' }, [{ type: 'msg', value: '' }, CORE]],
]
const ASKED = { to: '+15550001111', toType: 'str', text: 'Door open\nsince 10:00', textType: 'str' }
const MATCH: Step = [
  'match',
  { type: 'regex', value: '/^(?<count>\\d+)$/' },
  [{ type: 'keyword', value: '' }, 'required'],
  [{ type: 'regex', value: '(' }, 'regex'],
]
const MATCHED = { match: '/^(?<count>\\d+)$/', matchType: 'regex' }
const sensor = (field: string): string => `#sms-sensors [data-field=${field}]`

/** Boxes, of which only some are ticked. */
const boxes = (container: string, values: readonly string[], ticked: readonly string[]): readonly Step[] =>
  values.map(value => [`${container} [value=${value}]`, ticked.includes(value)])

/** The dialogs of the nodes that are wired. */
export const FLOW_DIALOGS: readonly DialogCase[] = [
  {
    type: 'sms out',
    steps: [
      ['name', 'Warn'],
      PROVIDER,
      ...QUESTION,
      ['category', 'alarm'],
      ['deliveryReport', false],
      ['finishOn', 'delivered'],
      ['timeoutSeconds', '90', ['0', 'numberBetween', { least: 1, most: 2147483 }]],
      ['onDoubt', 'resend'],
      ['failures', 'output'],
    ],
    kept: { ...ASKED, outputs: 2 },
  },
  {
    type: 'sms in',
    steps: [
      ['name', 'Orders'],
      ['provider', office.id],
      ['listen', 'both'],
      ['allowFrom', '+4479*,\nBank', ['+44*7', 'prefix', { entry: '+44*7' }]],
      MATCH,
    ],
    kept: MATCHED,
  },
  {
    type: 'sms ask',
    steps: [
      ['name', 'Come?'],
      PROVIDER,
      ...QUESTION,
      MATCH,
      ['refuse', '/no(pe)?/i', ['/(/', 'regex']],
      ['timeoutSeconds', '120', ['0', 'numberFrom', { least: 1 }]],
      ['retries', '2', ['101', 'numberBetween', { least: 0, most: 100 }]],
      ['retryText', 'Please:\na number'],
    ],
    kept: { ...ASKED, ...MATCHED },
  },
  {
    type: 'sms status',
    steps: [
      ['name', 'Became'],
      ['provider', office.id],
      ['listen', 'deliveries'],
      ...boxes('#sms-states', TOLD_STATES, ['delivered', 'failed', 'missed']),
    ],
    kept: { states: TOLD_STATES.filter(state => ['delivered', 'failed', 'missed'].includes(state)) },
  },
  {
    type: 'sms history',
    steps: [
      ['name', 'Calls'],
      ['recordType', 'call'],
      ['direction', 'in'],
      ['number', 'Bank'],
      ['since', '24h', ['yesterday', 'since']],
      ['state', 'missed'],
      ['limit', '10', ['', 'required'], ['0', 'numberBetween', { least: 1, most: 1000 }]],
    ],
  },
  {
    type: 'sms phone',
    steps: [
      ['name', 'Anna'],
      ['provider', lab.id, ['_ADD_', 'provider']],
      ['number', '+15550002222', ['', 'required'], ['Anna', 'phone', { number: 'Anna' }]],
    ],
  },
  {
    type: 'modem poll',
    steps: [
      ['name', 'Look'],
      ['modem', line.id, ['_ADD_', 'provider']],
      ['intervalSeconds', '120', ['-1', 'numberFrom', { least: 0 }]],
      ...boxes(
        '#modem-poll-checks',
        ['signal', 'network', 'balance', 'storage', 'identity', 'battery', 'messages'],
        ['network', 'balance', 'battery'],
      ),
      ['emit', 'change'],
    ],
    kept: { checks: ['network', 'balance', 'battery'] },
  },
  {
    type: 'sensor debounce',
    list: '#sms-sensors',
    steps: [
      ['name', 'Doors'],
      [sensor('topic'), 'home/door', ['']],
      [sensor('name'), 'Door'],
      [sensor('on'), 'Open'],
      [sensor('off'), 'Closed'],
      ['unknown', 'add'],
      ['initial', 'report'],
      ['windowMs', '500', ['-1', 'numberBetween', { least: 0, most: 2147483647 }]],
      ['maxWaitMs', '5000', ['soon', 'numberBetween', { least: 0, most: 2147483647 }]],
      ['template', '{{count}}:\n{{changes}}'],
      ['timeZone', 'Europe/Kyiv', ['Mars/Olympus', 'timeZone']],
    ],
    kept: { sensors: [{ topic: 'home/door', name: 'Door', on: 'Open', off: 'Closed' }] },
    refused: { sensors: ['sensorTopic', { sensor: 'Door' }] },
  },
]
