import { lines } from './preset.ts'
import type { HttpPreset } from './preset.ts'

/** Clickatell's present platform. */
export const clickatell: HttpPreset = {
  label: 'Clickatell',
  docs: 'https://docs.clickatell.com/channels/sms-channels/sms-api-reference/',
  secrets: ['apiKey'],
  settings: {
    url: 'https://platform.clickatell.com/messages',
    headers: lines('Authorization: {{secret.apiKey}}', 'Accept: application/json'),
    contentType: 'json',
    body: lines(
      '{',
      '  "content": "{{text}}",',
      '  "to": ["{{toNoPlus}}"],',
      '  "from": "{{fromNoPlus}}",',
      '  "validityPeriod": {{validityMinutes}},',
      '  "clientMessageId": "{{id}}"',
      '}',
    ),
    success: 'messages.0.accepted = true',
    idPath: 'messages.0.apiMessageId',
    inFrom: 'fromNumber',
    inTo: 'toNumber',
    inId: 'messageId',
    inTime: 'timestamp',
    inPlus: true,
    reportId: 'messageId',
    reportRef: 'clientMessageId',
    reportState: 'statusCode | status',
    reportError: 'statusDescription',
    states: lines(...clickatellStates(), 'DELIVERED_TO_GATEWAY = accepted', 'RECEIVED_BY_RECIPIENT = delivered'),
  },
}

/** Clickatell's older API, as smsframework has it. */
export const clickatellHttp: HttpPreset = {
  label: 'Clickatell HTTP/S (Developers’ Central)',
  docs: 'https://www.clickatell.com/downloads/http/Clickatell_HTTP.pdf',
  secrets: ['apiId', 'user', 'password'],
  settings: {
    url: 'https://api.clickatell.com/http/sendmsg',
    body: lines(
      'api_id={{secret.apiId}}',
      'user={{secret.user}}',
      'password={{secret.password}}',
      'to={{toNoPlus}}',
      'from={{fromNoPlus}}',
      'text={{textOrHex}}',
      'unicode={{encoding|gsm7=|ucs2=1}}',
      'concat={{parts|1=}}',
      'deliv_ack={{deliveryReport|true=1|false=}}',
      'mo={{allowReply|true=1|false=}}',
      'validity={{validityMinutes}}',
    ),
    success: '/^ID: /',
    idPath: String.raw`/^ID: (\S+)/`,
    errorPath: String.raw`/^ERR: 0*(\d+)/`,
    errorCodes: lines(
      '1 = SMS_AUTH',
      '2 = SMS_AUTH',
      '7 = SMS_AUTH',
      '101 = SMS_REQUEST',
      '105 = SMS_REQUEST',
      '106 = SMS_REQUEST',
      '107 = SMS_REQUEST',
      '108 = SMS_REQUEST',
      '113 = SMS_REQUEST',
      '122 = SMS_OPTED_OUT',
      '130 = SMS_LIMITS',
      '301 = SMS_CREDIT',
    ),
    inId: 'moMsgId',
    inCharset: 'charset',
    inPlus: true,
    reportId: 'apiMsgId | moMsgId',
    states: lines(...clickatellStates()),
  },
}

/** The same numbers in both of its APIs. */
function clickatellStates(): readonly string[] {
  return [
    '2 = accepted',
    '3 = accepted',
    '4 = delivered',
    '5 = failed',
    '6 = cancelled',
    '7 = failed',
    '8 = accepted',
    '9 = failed',
    '10 = expired',
    '11 = accepted',
    '12 = failed',
  ]
}
