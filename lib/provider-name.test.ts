import assert from 'node:assert/strict'
import { providerName } from './provider-name.ts'

describe('what a provider is called', () => {
  for (const [type, properties, name] of [
    ['sms-twilio', { name: 'Home', from: '+15551234567' }, 'Home'],
    ['sms-twilio', { name: ' ', from: '+15551234567', accountSid: 'AC0123456789' }, 'Twilio +15551234567'],
    ['sms-twilio', { from: '', accountSid: 'AC0123456789' }, 'Twilio AC012345…'],
    ['sms-twilio', {}, 'Twilio'],
    ['sms-smsc', { login: 'village' }, 'SMSC village'],
    ['sms-modem', { port: '/dev/ttyUSB0' }, 'Modem ttyUSB0'],
    ['sms-modem', { port: '/dev/serial/by-id/usb-HUAWEI_Mobile-if00-port0' }, 'Modem HUAWEI_Mobile-if00-port0'],
    ['sms-modem', { port: 'COM6' }, 'Modem COM6'],
    ['sms-modem', { port: 'tcp://10.0.0.5:4001/' }, 'Modem 10.0.0.5:4001'],
    ['sms-modem', { port: '${SMS_MODEM_PORT}' }, 'Modem ${SMS_MODEM_PORT}'],
    ['sms-http', { url: 'https://api.example.com/send?key={{secret.key}}' }, 'HTTP API api.example.com'],
    ['sms-http', { url: 'https://me:secret@api.example.com' }, 'HTTP API api.example.com'],
    ['sms-http', { url: 'no address' }, 'HTTP API'],
    ['sms-forward-client', { serverUrl: 'http://home:1880/sms/hard-to-guess' }, 'Remote server home:1880'],
    ['sms-test', {}, 'Simulated carrier'],
    ['sms-router', { p1: 'x' }, 'Router'],
    ['sms-acme', {}, 'sms-acme'],
    ['toString', {}, 'toString'],
  ] as const) {
    it(`${type} ${JSON.stringify(properties)}: ${name}`, () => assert.equal(providerName(type, properties), name))
  }
})
