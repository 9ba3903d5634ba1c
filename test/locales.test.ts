import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { ERROR_CODES } from '../lib/errors.ts'
import { TOLD_STATES } from '../lib/message.ts'
import { DEFAULT_SETTINGS } from '../lib/providers/http/settings.ts'
import { root } from '../tools/project.ts'

// What the runtime reads, with what a new node of the editor has.
const DEFAULTS = {
  'sms out': {
    name: '',
    provider: '',
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
  },
  'sms in': { name: '', provider: '', listen: 'messages', allowFrom: '', match: '', matchType: 'any' },
  'sms ask': {
    name: '',
    provider: '',
    to: 'to',
    toType: 'msg',
    text: 'payload',
    textType: 'msg',
    match: '',
    matchType: 'any',
    refuse: '',
    timeoutSeconds: 300,
    retries: 0,
    retryText: '',
  },
  'sms status': { name: '', provider: '', listen: 'both', states: [] },
  'sms history': { name: '', recordType: 'message', direction: '', number: '', since: '', state: '', limit: 100 },
  'modem poll': { name: '', modem: '', intervalSeconds: 60, checks: ['signal', 'network'], emit: 'always' },
  'sms phone': { name: '', provider: '', number: '+15550001111' },
  'sensor debounce': {
    name: '',
    sensors: [],
    windowMs: 1000,
    maxWaitMs: 10_000,
    template: '',
    timeZone: '',
    initial: 'silent',
    unknown: 'ignore',
  },
  'sms-store': { name: '', backend: 'sqlite', path: '', retentionDays: 90 },
  'sms-test': { name: '', mode: 'loopback', faults: {}, defaultCountry: '' },
  'sms-router': {
    name: '',
    routes: [],
    guards: {},
  },
  'sms-forward-client': { name: '', serverUrl: '', path: '', publicUrl: '' },
  'sms-forward-server': { name: '', path: '', provider: '', clients: [] },
  'sms-twilio': {
    name: '',
    accountSid: '',
    from: '',
    to: '',
    receive: 'webhook',
    path: '',
    publicUrl: '',
    pollSeconds: 30,
    apiUrl: '',
    ratePerSecond: '',
    optOut: true,
    defaultCountry: '',
  },
  'sms-modem': {
    name: '',
    port: '',
    baudRate: 'auto',
    smsc: '',
    storage: '',
    initCommands: '',
    receive: 'push',
    pollSeconds: 60,
    calls: 'report',
    balanceUssd: '',
    balancePattern: '',
    allowAt: false,
    trace: 'off',
    ratePerMinute: '',
    optOut: false,
    defaultCountry: '',
  },
  'sms-smsc': {
    name: '',
    login: '',
    sender: '',
    translit: '0',
    receive: 'poll',
    path: '',
    publicUrl: '',
    pollSeconds: 30,
    apiUrl: '',
    ratePerSecond: '',
    optOut: false,
    defaultCountry: '',
  },
  'sms-http': {
    name: '',
    preset: '',
    ...DEFAULT_SETTINGS,
    secretNameA: '',
    secretNameB: '',
    secretNameC: '',
    secretNameD: '',
    defaultCountry: '',
    ratePerSecond: '',
    publicUrl: '',
  },
} as const

const STATUSES = [
  [
    'ready',
    'connecting',
    'degraded',
    'failed',
    'modemUnready',
    'sending',
    'accepted',
    'delivered',
    'queued',
    'listening',
  ],
  ['paused', 'received', 'filtered', 'waiting', 'partial', 'resting', 'unknownTopic', 'noReading'],
  ['asking', 'answered', 'refused', 'timedOut'],
].flat()

const PACKAGE = '@sms-flows/node-red-sms'
const SHARED = 'sms-out'
const locales = join(root, 'nodes/locales')
const languages = existsSync(locales) ? readdirSync(locales) : []
const sets = globSync('nodes/*.html', { cwd: root }).map(path => path.replace(/^.*[/\\]|\.html$/g, ''))

describe('locales', () => {
  it('have en-US, which Node-RED falls back to', () => {
    assert.ok(languages.includes('en-US'))
  })

  for (const language of languages) {
    it(`have the same keys and variables in ${language} as in en-US`, () => {
      for (const set of sets) {
        const [english, translated] = [catalogue('en-US', set), catalogue(language, set)]
        assert.deepEqual([...translated.keys()].sort(), [...english.keys()].sort(), set)
        for (const [key, text] of translated) {
          assert.deepEqual(variablesIn(text), variablesIn(english.get(key) ?? ''), `${set}:${key}`)
          assert.notEqual(text.trim(), '', `${set}:${key}`)
        }
      }
    })

    it(`have help for every type in ${language}, with the same code in it`, () => {
      for (const set of sets) {
        const [english, translated] = [help('en-US', set), help(language, set)]
        assert.deepEqual([...translated.keys()], [...english.keys()])
        for (const [type, text] of translated) {
          assert.deepEqual(codeIn(text), codeIn(english.get(type) ?? ''), type)
        }
      }
    })

    it(`have short status texts in ${language} for whatever the runtime shows`, () => {
      const texts = catalogue(language, SHARED)
      const keys = [
        ...STATUSES.map(status => `status.${status}`),
        ...Object.keys(ERROR_CODES).map(code => `errors.${code}`),
      ]
      // Longer ones run into the next node.
      const longest = language === 'en-US' ? 20 : 26
      for (const key of keys) assert.ok((texts.get(key)?.length ?? Infinity) <= longest, `${key}: ${texts.get(key)}`)
      for (const state of TOLD_STATES) assert.ok(texts.has(`states.${state}`), state)
    })
  }

  it('have every key that the dialogs use, and no other', () => {
    const used = new Set([...sets.flatMap(keysInHtml), ...keysInEditor()])
    const known = sets.flatMap(set => [...catalogue('en-US', set).keys()].map(key => `${set}:${key}`))
    assert.deepEqual(
      [...used].filter(key => !known.includes(key)),
      [],
    )
    // Named by what comes at run time.
    const computed = /:(palette|status|errors|states|sensor|webhook|trial)\./
    assert.deepEqual(
      known.filter(key => !used.has(key) && !computed.test(key)),
      [],
    )
  })
})

describe('definitions', () => {
  const definitions = new Map(sets.flatMap(definitionsIn))

  it('have as defaults what the runtime reads', () => {
    const defaults = Object.fromEntries(
      [...definitions].map(([type, { defaults }]) => [
        type,
        Object.fromEntries(Object.entries(defaults).map(([property, { value }]) => [property, value])),
      ]),
    )
    assert.deepEqual(JSON.parse(JSON.stringify(defaults)), DEFAULTS)
    assert.deepEqual(Object.keys(definitions.get('sms-twilio')?.credentials ?? {}), [
      'authToken',
      'apiKeySid',
      'apiKeySecret',
    ])
  })

  for (const [type, definition] of definitions) {
    const { set, category, icon, defaults, credentials = {} } = definition
    const isConfig = category === 'config'

    it(`of ${type} have an icon, a help text and labels to complain with`, () => {
      assert.ok(existsSync(join(root, 'icons', icon)), icon)
      assert.ok(help('en-US', set).has(type))
      for (const [property, { validate, label }] of Object.entries(defaults)) {
        if (validate !== undefined) assert.ok(label, property)
      }
    })

    it(`of ${type} have a field for every property`, () => {
      const template = readFileSync(join(root, 'nodes', `${set}.html`), 'utf8')
      for (const property of [...Object.keys(defaults), ...Object.keys(credentials)]) {
        const id = `${isConfig ? 'node-config-input' : 'node-input'}-${property}`
        // Lists and objects have fields of their own.
        const isOfList = property in credentials && /\d$/.test(property)
        const isPacked = isOfList || typeof defaults[property]?.value === 'object'
        assert.equal(template.includes(`id="${id}"`), !isPacked, id)
      }
      for (const [, target] of template.matchAll(/<label for="([^"]+)"/g)) {
        assert.ok(template.includes(`id="${target}"`), `a label names ${target}, which is not there`)
      }
    })

    if (isConfig) {
      it(`of ${type} mark it as a provider, unless it is none`, () =>
        assert.equal(definition.smsProvider, ['sms-store', 'sms-forward-server'].includes(type) ? undefined : true))
    } else {
      it(`of ${type} are of the palette's category`, () => assert.equal(category, 'sms'))
    }
  }
})

interface Definition {
  readonly set: string
  readonly category: string
  readonly icon: string
  readonly smsProvider?: boolean
  readonly credentials?: object
  readonly defaults: Readonly<Record<string, { value: unknown; label?: string; validate?: unknown }>>
}

/** What the script of a dialog registers, run as the editor would, with validators that take anything. */
function definitionsIn(set: string): [type: string, Definition][] {
  const registered: [string, Definition][] = []
  const validator = () => true
  // Some validators are used as they are, others are made: this is both.
  const validators = new Proxy({}, { get: () => () => validator })
  const html = readFileSync(join(root, 'nodes', `${set}.html`), 'utf8')
  for (const [, script = ''] of html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)) {
    runInNewContext(script, {
      RED: {
        _: (key: string) => key,
        validators: { typedInput: () => validator },
        nodes: {
          registerType: (type: string, definition: Omit<Definition, 'set'>) =>
            registered.push([type, { ...definition, set }]),
        },
      },
      smsEditor: { valid: validators },
    })
  }
  return registered
}

/** Texts of a set by their keys, dots between the levels. */
function catalogue(language: string, set: string): Map<string, string> {
  const texts = new Map<string, string>()
  const walk = (node: object, prefix: string): void => {
    for (const [key, value] of Object.entries(node) as [string, unknown][]) {
      if (typeof value === 'object' && value !== null) walk(value, `${prefix}${key}.`)
      else texts.set(prefix + key, String(value))
    }
  }
  walk(JSON.parse(readFileSync(join(locales, language, `${set}.json`), 'utf8')) as object, '')
  return texts
}

/** Help texts of a set by node type. */
function help(language: string, set: string): Map<string, string> {
  const html = readFileSync(join(locales, language, `${set}.html`), 'utf8')
  const texts = html.matchAll(/<script type="text\/html" data-help-name="([^"]+)">([\s\S]*?)<\/script>/g)
  return new Map([...texts].map(([, type = '', text = '']) => [type, text]))
}

const variablesIn = (text: string): string[] => (text.match(/__\w+?__|\{\{[\w.]+\}\}/g) ?? []).sort()

const codeIn = (text: string): string[] => (text.match(/<code>.*?<\/code>|<dt.*?>|href="[^"]*"/g) ?? []).sort()

function keysInHtml(set: string): string[] {
  const html = readFileSync(join(root, 'nodes', `${set}.html`), 'utf8')
  const attributes = found(html, /data-i18n="([^"]+)"/g).flatMap(keys => keys.split(';'))
  const own = found(html, /this\._\(([^)]+)\)/g).flatMap(argument => found(argument, /'([^']+)'/g))
  const full = found(html, /RED\._\('([^']+)'\)/g)
  const reasons = found(html, /valid\.pattern\([\s\S]*?'(\w+)'/g).map(key => `${SHARED}:validation.${key}`)
  const named = [...attributes, ...own, ...full].map(key => key.replace(/^\[[\w-]+\]/, ''))
  return [...named.map(key => (key.includes(':') ? key.replace(`${PACKAGE}/`, '') : `${set}:${key}`)), ...reasons]
}

function keysInEditor(): string[] {
  const sources = globSync('nodes/editor/!(*.test).ts', { cwd: root })
  const code = sources.map(path => readFileSync(join(root, path), 'utf8')).join('\n')
  const texts = found(code, /\b(?:text|textKey)\(((?:[^()]|\([^()]*\))*)/g).flatMap(argument =>
    found(argument, /'([a-z]\w*(?:\.\w+)+)'/g),
  )
  const reasons = found(code, /\breason\(([^,]*(?:\?[^,]*)?),/g).flatMap(argument => found(argument, /'(\w+)'/g))
  const problems = found(code, /\bkey: '([a-z]\w+)'/g)
  const validation = [...reasons, ...problems].map(key => `validation.${key}`)
  return [...texts, ...validation].map(key => `${SHARED}:${key}`)
}

/** What the pattern's group holds at each place it fits. */
const found = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, group = '']) => group)
