import type { LiveNews } from '../../../lib/console/views.ts'
import { accessToken } from './api.ts'

/** Brings news of the runtime for as long as it is wanted; the returned function ends it. */
export type Follow = (hear: (news: LiveNews) => void, onLive: (isLive: boolean) => void) => () => void

const TOPIC = 'sms/console'
const AGAIN_MS = 5_000

/** News by the connection that the editor has already. */
export const followEditor: Follow = (hear, onLive) => {
  const comms = (RED as unknown as { comms: Comms }).comms
  const listener = (_topic: string, news: LiveNews): void => hear(news)
  const connected = (): void => onLive(true)
  comms.subscribe(TOPIC, listener)
  comms.on('connect', connected)
  connected()
  return () => {
    comms.off('connect', connected)
    comms.unsubscribe(TOPIC, listener)
  }
}

interface Comms {
  subscribe(topic: string, listener: (topic: string, news: LiveNews) => void): void
  unsubscribe(topic: string, listener: (topic: string, news: LiveNews) => void): void
  on(event: 'connect', listener: () => void): void
  off(event: 'connect', listener: () => void): void
}

/** News by a connection of the page's own, which logs in as that of the editor does. */
export function followAlone(root: string): Follow {
  return (hear, onLive) => {
    let socket: WebSocket | undefined
    let timer = 0
    let isWanted = true

    function open(): void {
      const address = new URL(`${root}comms`, location.href)
      address.protocol = address.protocol.replace('http', 'ws')
      const token = accessToken(root)
      socket = new WebSocket(address)
      const ready = (): void => {
        socket?.send(JSON.stringify({ subscribe: TOPIC }))
        onLive(true)
      }
      socket.addEventListener('open', () => {
        if (token === undefined) ready()
        else socket?.send(JSON.stringify({ auth: token }))
      })
      socket.addEventListener('message', ({ data }) => {
        const told = JSON.parse(String(data)) as { auth?: string } | { topic: string; data: LiveNews }[]
        if (!Array.isArray(told)) {
          if (told.auth === 'ok') ready()
          return
        }
        for (const { topic, data: news } of told) if (topic === TOPIC) hear(news)
      })
      socket.addEventListener('close', () => {
        onLive(false)
        if (isWanted) timer = setTimeout(open, AGAIN_MS)
      })
    }

    open()
    return () => {
      isWanted = false
      clearTimeout(timer)
      socket?.close()
    }
  }
}
