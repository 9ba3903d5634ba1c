import { SmsError } from '../../errors.ts'
import type { Api } from './api.ts'

/**
 * Where the media of a message are, as a webhook names them. None where Twilio refuses to tell, as when they were
 * deleted: the text must not wait for them for ever.
 */
export async function mediaOf(sid: string, api: Api, signal: AbortSignal): Promise<string[]> {
  try {
    const { body } = await api.get(`Messages/${encodeURIComponent(sid)}/Media.json`, signal)
    const list: unknown[] = Array.isArray(body['media_list']) ? body['media_list'] : []
    return list.flatMap(media => {
      const { uri } = (media ?? {}) as { uri?: unknown }
      return typeof uri === 'string' ? [api.urlOf(uri.replace(/\.json$/, ''))] : []
    })
  } catch (error) {
    if (error instanceof SmsError && !error.retryable && error.code !== 'SMS_AUTH') return []
    throw error
  }
}
