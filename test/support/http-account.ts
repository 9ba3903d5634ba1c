import { DEFAULT_SETTINGS } from '../../lib/providers/http/index.ts'
import type { HttpSettings } from '../../lib/providers/http/index.ts'

/** A made-up API that takes JSON and answers `{"ok": true, "id": "m1"}`, for tests against a scripted server. */
export const httpSettings = (more: Partial<HttpSettings> = {}): HttpSettings => ({
  ...DEFAULT_SETTINGS,
  name: 'Gateway',
  secrets: {},
  webhookSecret: '',
  url: 'http://127.0.0.1:9/send',
  contentType: 'json',
  body: '{ "to": "{{to}}", "text": "{{text}}" }',
  success: 'ok = true',
  idPath: 'id',
  errorPath: 'error.code',
  ...more,
})
