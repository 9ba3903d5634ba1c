/** The flow that the guide to the first flow builds by hand, as the editor would export it. */
export const FIRST_STEPS: readonly object[] = [
  { id: 'steps', type: 'tab', label: 'First steps' },
  { id: 'carrier', type: 'sms-test', name: '', mode: 'loopback', faults: {}, defaultCountry: '' },
  inject('hello', 'Hello', 60, [['out']]),
  {
    ...place('out', 'sms out', 340, 60),
    provider: 'carrier',
    to: '+12025550123',
    toType: 'str',
    text: 'payload',
    textType: 'msg',
    category: '',
    deliveryReport: true,
    finishOn: 'accepted',
    timeoutSeconds: 60,
    onDoubt: 'fail',
    failures: 'catch',
    outputs: 1,
    wires: [[]],
  },
  inject('answer', 'Who is there?', 160, [['phone']]),
  { ...place('phone', 'sms phone', 340, 160), provider: 'carrier', number: '+12025550123', wires: [['shown']] },
  debug('shown', 'on the phone', 160),
  {
    ...place('in', 'sms in', 340, 260),
    provider: '',
    listen: 'messages',
    allowFrom: '',
    match: '',
    matchType: 'any',
    wires: [['came']],
  },
  debug('came', 'came in', 260),
  { ...place('status', 'sms status', 340, 340), provider: '', listen: 'deliveries', states: [], wires: [['became']] },
  debug('became', 'what became of it', 340),
]

function place(id: string, type: string, x: number, y: number) {
  return { id, type, z: 'steps', name: '', x, y }
}

function inject(id: string, payload: string, y: number, wires: readonly (readonly string[])[]): object {
  const props = [{ p: 'payload' }]
  const never = { repeat: '', crontab: '', once: false, onceDelay: 0.1, topic: '' }
  return { ...place(id, 'inject', 130, y), props, ...never, payload, payloadType: 'str', wires }
}

function debug(id: string, name: string, y: number): object {
  const shown = { active: true, tosidebar: true, console: true, tostatus: false }
  return { ...place(id, 'debug', 570, y), name, ...shown, complete: 'payload', targetType: 'msg', wires: [] }
}
