/** The flow the tests work on, and in it one node of every type, unlike its defaults. */
export const tab = { id: 'flow', type: 'tab', label: 'Flow' }

export const lab = { id: 'lab', type: 'sms-test', name: 'Lab', mode: 'loopback', faults: {}, defaultCountry: '' }

// Nobody listens on the discard port.
export const office = {
  id: 'office',
  type: 'sms-twilio',
  name: 'Office',
  accountSid: `AC${'0'.repeat(32)}`,
  from: '+15551234567',
  to: '',
  receive: 'webhook',
  path: 'abcdefghij2345672345',
  publicUrl: 'https://home.example.org/endpoint',
  pollSeconds: 30,
  apiUrl: 'http://127.0.0.1:9',
  ratePerSecond: '',
  optOut: true,
  defaultCountry: '',
  credentials: { authToken: 'a token' },
}

export const smsOut = {
  id: 'out',
  z: 'flow',
  type: 'sms out',
  name: '',
  provider: 'lab',
  to: 'to',
  toType: 'msg',
  text: 'payload',
  textType: 'msg',
  category: '',
  deliveryReport: true,
  finishOn: 'accepted',
  timeoutSeconds: 60,
  onDoubt: 'fail',
  failures: 'catch',
  outputs: 1,
  x: 300,
  y: 100,
  wires: [[]],
}

export const smsIn = {
  id: 'in',
  z: 'flow',
  type: 'sms in',
  name: '',
  provider: '',
  listen: 'messages',
  allowFrom: '',
  match: '',
  matchType: 'any',
  x: 300,
  y: 180,
  wires: [[]],
}

export const smsStatus = {
  id: 'status',
  z: 'flow',
  type: 'sms status',
  name: '',
  provider: '',
  listen: 'both',
  states: [],
  x: 300,
  y: 260,
  wires: [[]],
}

export const smsHistory = {
  id: 'history',
  z: 'flow',
  type: 'sms history',
  name: '',
  recordType: 'message',
  direction: '',
  number: '',
  since: '',
  state: '',
  limit: 100,
  x: 300,
  y: 500,
  wires: [[]],
}

export const store = { id: 'store', type: 'sms-store', name: '', backend: 'sqlite', path: '', retentionDays: 90 }

export const smsPhone = {
  id: 'phone',
  z: 'flow',
  type: 'sms phone',
  name: '',
  provider: 'lab',
  number: '+15550001111',
  x: 300,
  y: 340,
  wires: [[]],
}

export const debounce = {
  id: 'debounce',
  z: 'flow',
  type: 'sensor debounce',
  name: '',
  sensors: [],
  windowMs: 1000,
  maxWaitMs: 10000,
  template: '',
  timeZone: '',
  initial: 'silent',
  unknown: 'ignore',
  x: 300,
  y: 420,
  wires: [[]],
}

/** With every property as the editor would not fill it in by itself. */
export const unusual = [
  { ...lab, mode: 'log', faults: { refusals: '5', delayMs: 100 }, defaultCountry: 'UA' },
  {
    ...office,
    from: 'MG00000000000000000000000000000000',
    to: '+15550001111, +15550002222',
    receive: 'poll',
    ratePerSecond: '0.5',
    optOut: false,
    defaultCountry: 'us',
  },
  {
    ...smsOut,
    provider: '${CARRIER}',
    to: '',
    toType: 'reply',
    text: 'Door open\nGarage closed\n',
    textType: 'str',
    category: 'alarm',
    deliveryReport: false,
    finishOn: 'delivered',
    timeoutSeconds: '${SECONDS}',
    onDoubt: 'resend',
    failures: 'output',
    outputs: 2,
    wires: [[], []],
  },
  {
    ...smsIn,
    provider: 'office',
    listen: 'both',
    allowFrom: '+4479*,\nBank',
    match: '/(?<n>\\d+)/',
    matchType: 'regex',
  },
  { ...smsStatus, provider: 'office', listen: 'deliveries', states: ['failed', 'delivered', 'expired'] },
  {
    ...smsHistory,
    recordType: 'call',
    direction: 'in',
    number: 'Bank',
    since: '2026-11-21 10:00',
    state: 'missed',
    limit: '${LIMIT}',
  },
  { ...store, name: 'Archive', path: '/var/lib/sms.db', retentionDays: '${DAYS}' },
  { ...smsPhone, name: 'Ann', number: '${ANN}' },
  {
    ...debounce,
    sensors: [{ topic: 'home/window' }, { topic: 'home/door', name: 'Door', on: 'Open', off: 'Closed' }],
    windowMs: '${WINDOW}',
    maxWaitMs: '0',
    template: '{{count}}:\n{{changes}}',
    timeZone: 'Europe/Kyiv',
    initial: 'report',
    unknown: 'add',
  },
] as const
