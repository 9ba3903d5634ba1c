import { compileAddress } from '../../lib/providers/http/address.ts'
import { compileBody, readContentType } from '../../lib/providers/http/body.ts'
import { compileCondition } from '../../lib/providers/http/condition.ts'
import { compileHeaders } from '../../lib/providers/http/headers.ts'
import { compileText, GROUPS, NAMES } from '../../lib/providers/http/placeholders.ts'
import type { Known } from '../../lib/providers/http/placeholders.ts'
import { compilePointer } from '../../lib/providers/http/pointer.ts'
import { compileErrorCodes, compileStates } from '../../lib/providers/http/words.ts'
import { SECRET_LETTERS } from './http-fields.ts'
import type { EditorNode } from './red.ts'
import { reason } from './texts.ts'
import { shown } from './validators.ts'
import type { Validator } from './validators.ts'
import { asText, isReference } from './values.ts'

interface Rule {
  /** The reason, in the catalogue. */
  readonly key: string
  /** What the runtime does with the text; throws for what it would refuse. */
  readonly compile: (text: string, known: Known, node: EditorNode) => unknown
  readonly required?: true
  /** Placeholders besides the usual ones, or only these. */
  readonly names?: ReadonlySet<string>
}

const RULES = {
  httpUrl: { key: 'httpUrl', compile: (text, known) => compileAddress(text, known), required: true },
  httpStatusUrl: {
    key: 'httpUrl',
    compile: (text, known) => compileAddress(text, known),
    names: new Set([...NAMES, 'providerMessageId']),
  },
  httpHeaders: { key: 'httpHeaders', compile: compileHeaders },
  httpContentType: { key: 'httpContentType', compile: text => readContentType(text), required: true },
  httpBody: {
    key: 'httpBody',
    compile(text, known, node) {
      if (valueOf(node, 'method') !== 'GET') compileBody(text, kindOf(valueOf(node, 'contentType')), known)
    },
  },
  httpCondition: { key: 'httpCondition', compile: text => compileCondition(text, '') },
  httpPointer: { key: 'httpPointer', compile: text => compilePointer(text, '') },
  httpParts: {
    key: 'httpParts',
    compile(text) {
      const fields = text.split(',').map(field => compilePointer(field, ''))
      if (fields.length !== 3) throw new Error('not three')
    },
  },
  httpStates: { key: 'httpStates', compile: text => compileStates(text) },
  httpErrorCodes: { key: 'httpErrorCodes', compile: text => compileErrorCodes(text) },
  httpSigned: {
    key: 'placeholder',
    compile: (text, known) => compileText(text, { ...known, groups: new Set(['header']) }, ''),
    names: new Set(['body', 'timestamp', 'url', 'method', 'bodyMd5']),
  },
  httpReply: { key: 'placeholder', compile: (text, known) => compileText(text, known, ''), names: new Set(['id']) },
  httpReplyType: { key: 'httpContentType', compile: text => readContentType(text) },
} as const satisfies Record<string, Rule>

/** Validators that judge a text as the runtime will read it. */
const rules = Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [name, validatorOf(rule)])) as Readonly<
  Record<keyof typeof RULES, Validator>
>

/** The validator of `verify`: nothing but the path may be what keeps strangers out, if it is long enough. */
const httpVerify: Validator = function (value, options) {
  if (valueOf(this, 'receive') !== 'webhook' || value !== 'path') return true
  const path = valueOf(this, 'path')
  return path.length >= 16 || isReference(path) || reason('httpPath', options)
}

/** The validator of where the secret or signature is: needed where one is compared. */
const httpVerifyField: Validator = function (value, options) {
  const isNeeded = valueOf(this, 'receive') === 'webhook' && ['secret', 'hmac'].includes(valueOf(this, 'verify'))
  if (asText(value) === '' && isNeeded) return reason('required', options)
  return rules.httpPointer.call(this, value, options)
}

/** The validator of the secret of the webhook. */
const httpWebhookSecret: Validator = function (value, options) {
  const isNeeded = valueOf(this, 'receive') === 'webhook' && valueOf(this, 'verify') !== 'path'
  return !isNeeded || asText(value) !== '' || reason('required', options)
}

/** The validator of a secret: one with a name has a value. */
const httpSecret = (letter: string): Validator =>
  function (value, options) {
    return valueOf(this, `secretName${letter}`) === '' || asText(value) !== '' || reason('required', options)
  }

/** The validator of a secret's name. */
const httpSecretName: Validator = function (value, options) {
  const name = asText(value)
  if (name === '' || isReference(name)) return true
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return reason('httpSecretName', options)
  return namesOf(this).filter(other => other === name).length === 1 || reason('httpSecretTwice', options)
}

/** The validator of the path of the state: asking for it without knowing where it is makes no sense. */
const httpStatusPath: Validator = function (value, options) {
  if (asText(value) === '' && valueOf(this, 'statusUrl') !== '') return reason('required', options)
  return rules.httpPointer.call(this, value, options)
}

/** The validators of `sms-http`, by the names its dialog knows them by. */
export const httpValidators = {
  ...rules,
  httpVerify,
  httpVerifyField,
  httpWebhookSecret,
  httpSecret,
  httpSecretName,
  httpStatusPath,
} as const

function validatorOf({ key, compile, required, names = NAMES }: Rule): Validator {
  return function (value, options) {
    const given = asText(value)
    if (given === '') return required === undefined || reason('required', options)
    if (isReference(given)) return true
    const secrets = new Set(namesOf(this))
    try {
      compile(given, { names, groups: names === NAMES ? GROUPS : new Set(), secrets }, this)
      return true
    } catch {
      const unknown = unknownIn(given, names, secrets)
      return unknown === undefined ? reason(key, options) : reason('placeholder', options, { name: unknown })
    }
  }
}

/** The first placeholder that is the trouble, as it is written; braces would be read as a variable by the editor. */
function unknownIn(template: string, names: ReadonlySet<string>, secrets: ReadonlySet<string>): string | undefined {
  const used = Array.from(template.matchAll(/\{\{\s*([^{}|]*?)\s*(?:\|[^{}]*)?\}\}/g), ([, name = '']) => name)
  return used.find(name => {
    const secret = /^secret\.(.+)$/.exec(name)?.[1]
    if (secret !== undefined) return !secrets.has(secret)
    if (name === 'basic') return !secrets.has('user') || !secrets.has('password')
    return !names.has(name) && !/^(params|header)\../.test(name)
  })
}

const namesOf = (node: EditorNode): readonly string[] =>
  SECRET_LETTERS.map(letter => valueOf(node, `secretName${letter}`)).filter(name => name !== '')

const kindOf = (contentType: string) => {
  try {
    return readContentType(contentType).kind
  } catch {
    return 'text'
  }
}

/** What the form says where the dialog is open, else what was saved. */
const valueOf = (node: EditorNode, property: string): string =>
  asText(shown(`node-config-input-${property}`) ?? node[property])
