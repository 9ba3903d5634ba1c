import { createForwardClient } from '../lib/providers/forward/index.ts'
import { optionalText, text } from './shared/property.ts'
import { registerProvider } from './shared/provider-node.ts'
import type { Red } from './shared/red.ts'

/** The config node `sms-forward-client`: sends and receives through a remote server. */
export default function (RED: Red): void {
  registerProvider(RED, {
    type: 'sms-forward-client',
    credentials: {
      user: { type: 'text' },
      password: { type: 'password' },
      callbackUser: { type: 'text' },
      callbackPassword: { type: 'password' },
    },
    create({ config, name, credentials }) {
      return createForwardClient({
        name,
        serverUrl: text(config['serverUrl']),
        user: optionalText(credentials['user']),
        password: optionalText(credentials['password']),
        callbackUser: optionalText(credentials['callbackUser']),
        callbackPassword: optionalText(credentials['callbackPassword']),
      })
    },
  })
}
