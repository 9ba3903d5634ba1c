import { lines } from './preset.ts'
import type { HttpPreset, PresetSettings } from './preset.ts'

/** An Android telephone, through the server of the app's maker. */
export const smsGate: HttpPreset = {
  label: 'SMSGate (Android SMS Gateway), cloud',
  docs: 'https://docs.sms-gate.app/integration/api/',
  secrets: ['user', 'password'],
  settings: smsGateApi('https://api.sms-gate.app/3rdparty/v1/messages'),
}

/** An Android telephone in the same network; its address is to be filled in. */
export const smsGateLocal: HttpPreset = {
  label: 'SMSGate (Android SMS Gateway), local',
  docs: 'https://docs.sms-gate.app/getting-started/local-server/',
  secrets: ['user', 'password'],
  settings: smsGateApi('http://192.168.1.10:8080/messages'),
}

/** One API, on the telephone itself or through its maker's server; the id is ours, and is taken only once. */
function smsGateApi(url: string): PresetSettings {
  return {
    url,
    headers: 'Authorization: Basic {{basic}}',
    contentType: 'json',
    body: lines(
      '{',
      '  "id": "{{id}}",',
      '  "textMessage": { "text": "{{text}}" },',
      '  "phoneNumbers": ["{{to}}"],',
      '  "ttl": {{validitySeconds}},',
      '  "withDeliveryReport": {{deliveryReport}}',
      '}',
    ),
    // 409: it has a message with this id, so an attempt before this one was taken.
    success: '202, 409',
    idPath: 'id',
    statusUrl: `${url}/{{id}}`,
    statusPath: 'state',
    missing: '404',
    inFrom: 'payload.sender | payload.phoneNumber',
    inText: 'payload.message',
    inTo: 'payload.recipient',
    // That of the event: `messageId` is made of the text, and so is the same for a text that comes twice.
    inId: 'id',
    inTime: 'payload.receivedAt',
    reportId: '',
    reportRef: 'payload.messageId',
    reportState: 'event',
    reportError: 'payload.reason',
    states: lines(
      'sms:sent = accepted',
      'sms:delivered = delivered',
      'sms:failed = failed',
      'sms:cancelled = cancelled',
      'Pending = accepted',
      'Processed = accepted',
      'Sent = accepted',
      'Delivered = delivered',
      'Failed = failed',
      'Cancelling = accepted',
      'Cancelled = cancelled',
    ),
    verify: 'hmac',
    verifyField: 'header:X-Signature',
    signed: '{{body}}{{timestamp}}',
    signedAt: 'header:X-Timestamp',
  }
}
