import type { SmsRecord } from '../message.ts'

/**
 * Which client a message was sent for, and its own id for it: kept with the message as the sender's own reference, so
 * that what becomes of it is told to that client, also after a restart.
 */
export interface Owner {
  /** The config node of the server. */
  readonly server: string
  readonly client: string
  readonly id?: string
}

export const toRef = (owner: Owner): object => ({ forward: owner })

/** The owner of a message, where a client sent it. */
export function ownerOf({ ref }: SmsRecord): Owner | undefined {
  const { forward } = (typeof ref === 'object' && ref !== null ? ref : {}) as { forward?: Partial<Owner> }
  if (typeof forward?.server !== 'string' || typeof forward.client !== 'string') return undefined
  const { server, client, id } = forward
  return { server, client, ...(typeof id === 'string' && { id }) }
}
