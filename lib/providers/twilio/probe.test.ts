import assert from 'node:assert/strict'
import { startTwilio } from '../../../test/sim/twilio.ts'
import type { Operation, Twilio } from '../../../test/sim/twilio.ts'
import { ACCOUNT_SID, AUTH_TOKEN, twilioSettings } from '../../../test/support/twilio-account.ts'
import { createTwilio } from './index.ts'
import type { TwilioSettings } from './index.ts'

const SK = 'SK0123456789abcdef0123456789abcdef'
const KEY = { apiKeySid: SK, apiKeySecret: 'the-secret-of-the-key' }

describe('trying a Twilio account', () => {
  let twilio: Twilio
  beforeEach(async () => {
    const apiKeys = { [SK]: KEY.apiKeySecret }
    twilio = await startTwilio({ accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN, apiKeys } } })
  })
  afterEach(() => twilio.stop())

  async function attempt(settings: Partial<TwilioSettings> = {}) {
    const provider = createTwilio(twilioSettings({ apiUrl: twilio.url, ...settings }))
    try {
      return await provider.probe!({ signal: new AbortController().signal })
    } finally {
      await provider.stop?.()
    }
  }
  const refuse = (...operations: Operation[]) => {
    for (const on of operations) twilio.inject('unauthorized', { on })
  }

  it('does with what a key may know', async () => {
    assert.deepEqual(await attempt(KEY), {
      outcome: 'worked',
      facts: { account: 'Our village', balance: '12.34 USD' },
    })
    refuse('account')
    assert.deepEqual((await attempt(KEY)).facts, { balance: '12.34 USD' })
    refuse('account', 'balance')
    assert.deepEqual(await attempt({ ...KEY, authToken: undefined }), { outcome: 'worked', facts: {} })
    assert.deepEqual([twilio.requests.create, twilio.requests.update], [0, 0])
  })

  it('fails with what lets nobody in', async () => {
    await assert.rejects(attempt({ authToken: 'wrong' }), { code: 'SMS_AUTH' })
    await assert.rejects(attempt({ ...KEY, apiKeySecret: 'wrong' }), { code: 'SMS_AUTH' })
    // It would refuse every webhook, and nobody would know why.
    await assert.rejects(attempt({ ...KEY, authToken: 'wrong' }), /the auth token is not/)
  })

  it('fails with an account that is closed', async () => {
    twilio.behaviour.accountStatus = 'suspended'
    await assert.rejects(attempt(), { code: 'SMS_AUTH', message: /suspended/ })
  })
})
