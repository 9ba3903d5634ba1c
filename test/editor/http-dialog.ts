import type { DialogCase, Refused, Step } from './dialog-case.ts'
import { office } from './flows.ts'

const NO_POINTER: Refused = ['/(/', 'httpPointer']
const unknown = (name: string): Refused => [`https://host.example/{{${name}}}`, 'placeholder', { name }]
const secret = (letter: string, name: string): readonly Step[] => [
  [`secretName${letter}`, name, ['a b', 'httpSecretName']],
  [`secret${letter}`, `value of ${name}`, ['', 'required']],
]
const pointer = (property: string, taken: string): Step => [property, taken, NO_POINTER]

/** The dialog of an HTTP API, which begins with a preset and then has every field filled in otherwise. */
export const HTTP_DIALOG: DialogCase = {
  type: 'sms-http',
  steps: [
    ['name', 'Gateway'],
    ['preset', 'vonage'],
    ['method', 'PUT'],
    ['url', 'http://127.0.0.1:9/send?to={{to}}', ['', 'required'], ['https://{{to}}/', 'httpUrl'], unknown('nope')],
    ...secret('A', 'apiKey'),
    ...secret('B', 'user'),
    ...secret('C', 'password'),
    ...secret('D', 'signature'),
    ['headers', 'Authorization: Bearer {{secret.apiKey}}\nX-Id: {{id}}', ['X', 'httpHeaders']],
    ['contentType', 'json', ['', 'required'], ['what?', 'httpContentType']],
    ['body', '{ "to": {{to}}, "text": {{text}} }', unknown('nope')],
    ['from', 'Alarm'],
    ['defaultCountry', 'UA', ['USA', 'country']],
    ['ratePerSecond', '0.5', ['0', 'numberFrom', { least: 0.01 }]],
    ['success', 'status = 0', ['perhaps', 'httpCondition']],
    pointer('idPath', 'messages.0.id'),
    pointer('errorPath', 'error.code'),
    ['errorCodes', '301 = SMS_CREDIT\n17 = SMS_LIMITS', ['1 = LIMIT', 'httpErrorCodes']],
    ['serverErrors', 'retry'],
    ['statusUrl', 'http://127.0.0.1:9/sms/{{id}}', unknown('nope')],
    ['statusPath', 'state', ['', 'required'], NO_POINTER],
    ['missing', '404', ['perhaps', 'httpCondition']],
    ['states', 'DELIVRD = delivered\nUNDELIV = failed', ['a = b', 'httpStates']],
    ['receive', 'webhook'],
    ['publicUrl', 'https://home.example.org/endpoint', ['home.example.org', 'publicUrl']],
    ['path', 'path-of-the-gateway', ['', 'required'], [office.path, 'pathTaken'], ['a b', 'path']],
    ['verify', 'hmac'],
    ['webhookSecret', 'signing key', ['', 'required']],
    ['verifyField', 'header:X-Signature', ['', 'required'], NO_POINTER],
    ['verifyPrefix', 'sha512='],
    ['hmacHash', 'sha512'],
    ['hmacEncoding', 'base64'],
    ['signed', '{{timestamp}}.{{body}}', ['{{text}}', 'placeholder', { name: 'text' }]],
    pointer('signedAt', 'header:X-Timestamp'),
    pointer('inFrom', 'sender'),
    pointer('inText', 'message.text'),
    pointer('inTo', 'recipient'),
    pointer('inId', 'message.id'),
    pointer('inTime', 'at'),
    ['inPart', 'ref, part, total', ['ref, part', 'httpParts']],
    pointer('inCharset', 'charset'),
    ['inPlus', true],
    pointer('reportId', 'report.id'),
    pointer('reportRef', 'report.reference'),
    pointer('reportState', 'report.state'),
    pointer('reportError', 'report.error'),
    ['reply', 'taken {{id}}', ['{{text}}', 'placeholder', { name: 'text' }]],
    ['replyType', 'application/json', ['what?', 'httpContentType']],
    ['optOut', true],
    ['verify', 'hmac', ['path', 'httpPath']],
  ],
}
