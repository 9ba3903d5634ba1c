import { lines } from './preset.ts'
import type { HttpPreset } from './preset.ts'

/** An Android telephone, through the server of httpSMS. */
export const httpSms: HttpPreset = {
  label: 'httpSMS',
  docs: 'https://docs.httpsms.com',
  secrets: ['apiKey'],
  settings: {
    url: 'https://api.httpsms.com/v1/messages/send',
    headers: lines('x-api-key: {{secret.apiKey}}', 'Accept: application/json'),
    contentType: 'json',
    body: lines(
      '{',
      '  "from": "{{from}}",',
      '  "to": "{{to}}",',
      '  "content": "{{text}}",',
      '  "request_id": "{{id}}",',
      '  "attachments": {{mediaUrls}}',
      '}',
    ),
    success: 'status = success',
    idPath: 'data.id',
    statusUrl: 'https://api.httpsms.com/v1/messages/{{providerMessageId}}',
    statusPath: 'data.status',
    inFrom: 'data.contact',
    inText: 'data.content',
    inTo: 'data.owner',
    inId: 'data.message_id',
    inTime: 'data.timestamp',
    reportId: 'data.id | data.message_id',
    reportRef: 'data.request_id',
    // A telephone that did not answer is tried again, until the last attempt.
    reportState: 'type + data.is_final',
    reportError: 'data.error_message',
    states: lines(
      'message.phone.sent = accepted',
      'message.phone.delivered = delivered',
      'message.send.failed = failed',
      'message.send.expired true = expired',
      'message.send.expired false = accepted',
      'pending = accepted',
      'scheduled = accepted',
      'sending = accepted',
      'sent = accepted',
      'delivered = delivered',
      'failed = failed',
      'expired = expired',
    ),
    verify: 'jwt',
    verifyField: 'header:Authorization',
    verifyPrefix: 'Bearer',
  },
}
