import { lines } from './preset.ts'
import type { HttpPreset } from './preset.ts'

/** ViaNett, as smsframework has it. */
export const vianett: HttpPreset = {
  label: 'ViaNett',
  docs: 'https://www.vianett.com/en/developers/api-documentation/http-get-post-api',
  secrets: ['user', 'password'],
  settings: {
    url: 'https://smsc.vianett.no/V3/CPA/MT/MT.ashx',
    body: lines(
      'username={{secret.user}}',
      'password={{secret.password}}',
      'msgid={{idNumber}}',
      'tel={{toNoPlus}}',
      'msg={{text}}',
      'SenderAddress={{fromNoPlus}}',
      'SenderAddressType={{fromType|number=1|shortCode=2|name=5}}',
    ),
    success: '/errorcode="200"/',
    idPath: '/refno="([^"]+)"/',
    errorPath: String.raw`/errorcode="(\d+)"/`,
    inFrom: 'sourceaddr',
    // The first word of a message comes apart from the others.
    inText: 'prefix + message',
    inTo: 'destinationaddr',
    inId: 'refno',
    inPlus: true,
    reportId: 'refno',
    reportState: 'requesttype + ErrorCode + errorcode + Status',
    reportError: 'ErrorDescription | StatusDescription | errorcode',
    states: lines(
      'notificationstatus ACCEPTD = accepted',
      'notificationstatus BUFFERD = accepted',
      'notificationstatus DELIVRD = delivered',
      'mtstatus 0 = delivered',
      'mtstatus 200 = delivered',
      'mtstatus 200 * = delivered',
      'mtstatus * = failed',
    ),
    reply: '<ack refno="{{id}}" errorcode="0" />',
    replyType: 'text/xml',
  },
}
