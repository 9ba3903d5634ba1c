import { MADE_UP } from './dialog-case.ts'
import type { DialogCase, Step } from './dialog-case.ts'
import { lab, office } from './flows.ts'

const ACCOUNT = `AC${'1'.repeat(32)}`
const COUNTRY: Step = ['defaultCountry', 'UA', ['USA', 'country']]
const RATE: Step = ['ratePerSecond', '0.5', ['0', 'numberFrom', { least: 0.01 }]]
const PUBLIC_URL: Step = [
  'publicUrl',
  'https://home.example.org/endpoint',
  ['home.example.org', 'publicUrl'],
  ['https://my_home.example.org', 'underscore'],
]
const path = (taken: string): Step => [
  'path',
  taken,
  ['', 'required'],
  ['console', 'pathReserved'],
  [office.path, 'pathTaken'],
  ['a b', 'path'],
]

const twilio: DialogCase = {
  type: 'sms-twilio',
  steps: [
    ['name', 'Post office'],
    ['accountSid', ACCOUNT, ['', 'required'], ['AC1', 'accountSid']],
    ['authToken', 'a token', ['', 'authTokenWebhook']],
    ['apiKeySid', `SK${'2'.repeat(32)}`, ['SK2', 'apiKeySid']],
    ['apiKeySecret', 'a secret', ['', 'apiKeySecret']],
    ['from', '+15551234567', ['no such sender!', 'from']],
    ['to', '+15550001111; +15550002222', ['Anna', 'phone', { number: 'Anna' }]],
    COUNTRY,
    RATE,
    ['receive', 'poll'],
    ['pollSeconds', '45', ['soon', 'numberBetween', { least: 5, most: 86400 }]],
    ['receive', 'webhook'],
    PUBLIC_URL,
    path('path-of-the-post-office'),
    ['receive', 'poll', ['webhook']],
    ['optOut', false],
    ['apiUrl', 'http://127.0.0.1:9', ['http://api.example.org', 'apiUrl']],
  ],
}

const smsc: DialogCase = {
  type: 'sms-smsc',
  steps: [
    ['name', 'Letters'],
    ['login', 'anna'],
    ['password', 'a password', ['', 'required']],
    ['apiKey', 'a key'],
    ['sender', 'Home'],
    ['translit', '2'],
    COUNTRY,
    RATE,
    ['receive', 'poll'],
    ['pollSeconds', '45', ['15', 'numberBetween', { least: 20, most: 86400 }]],
    ['receive', 'webhook'],
    PUBLIC_URL,
    path('path-of-letters'),
    ['callbackSecret', 'a word', ['', 'required']],
    ['optOut', true],
    ['apiUrl', 'http://127.0.0.1:9/sys/', ['ftp://smsc.ru', 'publicUrl']],
  ],
}

const modem: DialogCase = {
  type: 'sms-modem',
  steps: [
    ['name', 'Stick'],
    ['port', 'COM6'],
    ['baudRate', '57600', ['fast', 'baudRate'], ['250', 'baudRate']],
    ['port', 'tcp://127.0.0.1:9', ['', 'required'], ['ttyUSB0', 'modemPort']],
    ['pin', '1234', ['12', 'pin']],
    COUNTRY,
    ['ratePerMinute', '6', ['0', 'numberFrom', { least: 0.1 }]],
    ['smsc', '+380 67 000-00-00', ['the usual', 'serviceCentre'], ['+ (-) .', 'serviceCentre']],
    ['receive', 'poll'],
    ['pollSeconds', '30', ['1', 'numberBetween', { least: 2, most: 86400 }]],
    ['storage', 'ME'],
    ['calls', 'hangup'],
    ['optOut', true],
    ['balanceUssd', '*101#', ['balance', 'ussd']],
    ['balancePattern', '(?<amount>\\d+)', ['(', 'regex']],
    ['initCommands', 'AT+CFUN=1\n+CSCS="GSM"', ['AT+CMGS=20', 'initCommands'], ['AT+Č', 'initCommands']],
    ['allowAt', true],
    ['trace', 'masked'],
  ],
}

const forwardClient: DialogCase = {
  type: 'sms-forward-client',
  steps: [
    ['name', 'Cabin'],
    ['serverUrl', 'http://127.0.0.1:9/sms/server', ['', 'required'], ['home', 'publicUrl']],
    ['user', 'cabin'],
    ['password', 'a password'],
    PUBLIC_URL,
    path('path-of-the-cabin'),
    ['callbackUser', 'home'],
    ['callbackPassword', 'another'],
  ],
}

const test: DialogCase = {
  type: 'sms-test',
  steps: [
    ['name', 'Workshop'],
    ['mode', 'log'],
    COUNTRY,
    ['#sms-fault-refusals', '10', ['101']],
    ['#sms-fault-lostAnswers', '5', ['many']],
    ['#sms-fault-lostReports', '7.5', ['-1']],
    ['#sms-fault-delayMs', '250', ['600001']],
  ],
  kept: { faults: { refusals: 10, lostAnswers: 5, lostReports: 7.5, delayMs: 250 } },
  refused: { faults: ['fault'] },
}

const route = (field: string): string => `#sms-routes [data-field=${field}]`
const router: DialogCase = {
  type: 'sms-router',
  list: '#sms-routes',
  steps: [
    ['name', 'Switch'],
    ...Array.from({ length: 10 }, (_, at): Step => [`p${at + 1}`, at % 2 === 0 ? lab.id : office.id]),
    [route('name'), 'night'],
    [route('strategy'), 'weighted'],
    [route('use'), '1, 2'],
    [route('weights'), '3, 1'],
    [route('category'), 'alarm, users/*'],
    [route('to'), '+380 50*; +380671112233'],
    [route('country'), 'UA, DE'],
    [route('alphabet'), 'ucs2'],
    [route('minParts'), '2'],
    [route('maxParts'), '4'],
    [route('days'), 'mon, tue'],
    [route('timeZone'), 'Europe/Kyiv'],
    [route('timeFrom'), '08:00', ['25:00']],
    [route('timeTo'), '20:00'],
    [route('available'), '1'],
    [route('expression'), 'parts < 3'],
    [route('from'), 'Home'],
    [route('validityMinutes'), '60'],
    ['#sms-guard-allow', '+380*, +15550001111'],
    ['#sms-guard-perRecipient', '5'],
    ['#sms-guard-perDay', '50', ['many']],
    ['#sms-guard-floodMessages', '20'],
    ['#sms-guard-floodMinutes', '2'],
    ['#sms-guard-floodPause', '15'],
    ['#sms-guard-quietFrom', '22:00'],
    ['#sms-guard-quietTo', '07:00'],
    ['#sms-guard-quiet', 'refuse'],
    ['#sms-guard-timeZone', 'Europe/Kyiv'],
    ['#sms-guard-exempt', 'alarm'],
  ],
  kept: {
    routes: [
      {
        name: 'night',
        when: {
          to: ['+380 50*', '+380671112233'],
          country: ['UA', 'DE'],
          category: ['alarm', 'users/*'],
          alphabet: 'ucs2',
          minParts: '2',
          maxParts: '4',
          time: { days: ['mon', 'tue'], from: '08:00', to: '20:00', timeZone: 'Europe/Kyiv' },
          available: ['p1'],
          expression: 'parts < 3',
        },
        strategy: 'weighted',
        use: ['p1', 'p2'],
        weights: [3, 1],
        options: { from: 'Home', validityMinutes: '60' },
      },
    ],
    guards: {
      allow: '+380*, +15550001111',
      perRecipient: '5',
      perDay: '50',
      floodMessages: '20',
      floodMinutes: '2',
      floodPause: '15',
      quietFrom: '22:00',
      quietTo: '07:00',
      quiet: 'refuse',
      timeZone: 'Europe/Kyiv',
      exempt: 'alarm',
    },
  },
  refused: { routes: ['route', { place: 1 }], guards: ['guards'] },
}

const client = (field: string): string => `#sms-clients ${field}`
const forwardServer: DialogCase = {
  type: 'sms-forward-server',
  list: '#sms-clients',
  steps: [
    ['name', 'For others'],
    ['provider', lab.id, ['_ADD_', 'provider']],
    path('path-for-others'),
    [client('[data-field=name]'), 'Cabin', ['']],
    [client('[data-login=user]'), 'cabin'],
    [client('[data-login=password]'), 'a password'],
    [client('[data-field=url]'), 'http://127.0.0.1:9/sms/cabin'],
    [client('[data-login=callbackUser]'), 'home'],
    [client('[data-login=callbackPassword]'), 'another'],
    [client('[value=messages]'), false],
    [client('[value=statuses]'), true],
    [client('[value=calls]'), true],
    [client('[data-field=to]'), '+38050*'],
    [client('[data-field=keyword]'), 'heat'],
    [client('[data-field=category]'), 'cabin'],
  ],
  kept: {
    clients: [
      {
        id: MADE_UP,
        slot: 1,
        name: 'Cabin',
        url: 'http://127.0.0.1:9/sms/cabin',
        events: ['statuses', 'calls'],
        to: '+38050*',
        keyword: 'heat',
        category: 'cabin',
      },
    ],
  },
  secrets: { user1: 'cabin', password1: 'a password', callbackUser1: 'home', callbackPassword1: 'another' },
  refused: { clients: ['clientNames'] },
}

const store: DialogCase = {
  type: 'sms-store',
  steps: [
    ['name', 'Archive'],
    ['backend', 'sqlite'],
    ['path', 'archive.db'],
    ['retentionDays', '365', ['', 'required'], ['-1', 'numberBetween', { least: 0, most: 36500 }]],
    ['backend', 'memory'],
  ],
}

/** The dialogs of the config nodes, but for that of an HTTP API. */
export const CARRIER_DIALOGS: readonly DialogCase[] = [
  twilio,
  smsc,
  modem,
  forwardClient,
  test,
  router,
  forwardServer,
  store,
]
