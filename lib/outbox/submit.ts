import type { Clock } from '../clock.ts'
import { toSmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import { copyRecord } from '../record.ts'
import { claimed } from '../store/claim.ts'
import type { Added, Store, StoredMessage } from '../store/store.ts'
import type { Attachment } from './attach.ts'
import { draftMessage } from './draft.ts'
import type { Sending } from './draft.ts'
import type { Reservation } from './pump.ts'

export interface SubmitOptions {
  readonly store: Store
  readonly clock: Clock
  /** A lane that is open, by its id. */
  readonly lane: (id: string) => Attachment | undefined
  readonly onChange: (record: SmsRecord) => void
  /** Told of each message after its commit, before anything becomes of it. */
  readonly onStored: (message: StoredMessage) => void
}

/**
 * Takes messages into the outbox. One whose lane has room, with nothing before it, is stored as `sending` already and
 * handed over right after that commit: it need not be queued, and committed once more, only to be taken at once.
 */
export function createSubmit({ store, clock, lane, onChange, onStored }: SubmitOptions) {
  return async (sendings: readonly Sending[]): Promise<readonly SmsRecord[]> => {
    const nowMs = clock.now()
    const messages = sendings.map(sending => draftMessage(sending, nowMs))
    const rooms = reserve(messages, lane)
    let added: readonly Added[] = []
    try {
      added = await store.add(claim(messages, rooms, nowMs))
    } catch (error) {
      throw toSmsError(error, 'SMS_STORE')
    } finally {
      begin(added, rooms)
    }
    return added.map(({ message }) => copyRecord(message.record))
  }

  function begin(added: readonly Added[], rooms: Rooms): void {
    const fresh = added.filter(({ existing }) => !existing).map(({ message }) => message)
    fresh.forEach(onStored)
    const queued = fresh.filter(isQueued)
    // That it is sent is told when its attempt begins.
    for (const { record } of queued) onChange(record)
    for (const [id, room] of rooms) void room.start(fresh.filter(message => !isQueued(message) && message.lane === id))
    for (const id of new Set(queued.map(message => message.lane))) lane(id)?.wake('send')
  }
}

type Rooms = ReadonlyMap<string, Reservation>

function reserve(messages: readonly StoredMessage[], lane: SubmitOptions['lane']): Rooms {
  const wanted = new Map<string, number>()
  for (const message of messages) {
    if (isForNow(message)) wanted.set(message.lane, (wanted.get(message.lane) ?? 0) + 1)
  }
  const rooms = new Map<string, Reservation>()
  for (const [id, count] of wanted) {
    const room = lane(id)?.reserve(count)
    if (room) rooms.set(id, room)
  }
  return rooms
}

/** The first of each lane, as many as there is room for, as they are when their attempt begins. */
function claim(messages: readonly StoredMessage[], rooms: Rooms, nowMs: number): readonly StoredMessage[] {
  const left = new Map([...rooms].map(([id, { size }]) => [id, size]))
  return messages.map(message => {
    const room = isForNow(message) ? (left.get(message.lane) ?? 0) : 0
    if (room === 0) return message
    left.set(message.lane, room - 1)
    return claimed(message, nowMs)
  })
}

const isForNow = ({ dueAtMs }: StoredMessage): boolean => dueAtMs === 0

const isQueued = ({ job }: StoredMessage): boolean => job !== undefined
