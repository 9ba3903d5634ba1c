import { testProvider } from '../../../test/support/provider-cases.ts'
import { createVirtualModem } from '../../../test/sim/modem/modem.ts'
import { createModem } from './index.ts'

const PIN = '73915'

function make(isHanging = false) {
  const modem = createVirtualModem({ sim: { pin: PIN }, behaviour: { acknowledgeMs: 50 } })
  if (isHanging) modem.inject({ on: '+CMGS', answer: 'silence', times: Infinity })
  return createModem({ name: 'Modem', port: 'COM6', pin: PIN }, { open: modem.open })
}

testProvider('a modem', { make: () => make(), makeHanging: () => make(true), secrets: [PIN], sendsOnceReady: true }, [
  {
    title: 'tells the reference, the parts and the alphabet',
    receipt: { providerMessageId: '1', parts: 1, encoding: 'gsm7' },
  },
  {
    title: 'sends a long text in parts',
    message: { text: 'ї'.repeat(71) },
    receipt: { providerMessageId: '1+2', parts: 2, encoding: 'ucs2' },
  },
  {
    title: 'sends no media',
    message: { mediaUrls: ['https://example.org/a.jpg'] },
    error: { code: 'SMS_UNSUPPORTED' },
  },
  {
    title: 'sends nothing in GSM 7-bit that has no place there',
    message: { text: 'ї', encoding: 'gsm7' },
    error: { code: 'SMS_REQUEST', retryable: false },
  },
  { title: 'knows what a TP-PID is', message: { params: { pid: 256 } }, error: { code: 'SMS_REQUEST' } },
])
