import type { SendOptions } from '../message.ts'
import type { Insistence } from '../store/insist.ts'
import type { Store } from '../store/store.ts'

/** A question that waits for its answer, as it is kept: plain data. */
export interface Question {
  /** UUIDv7, so that questions sort by when they were asked, and what came in before one has a lower id. */
  readonly id: string
  /** Who is asked. */
  readonly to: string
  /** The provider, or router, that it was asked through. */
  readonly provider: string
  readonly text: string
  readonly options: SendOptions
  /** How often it was asked; the latest try may be on its way. */
  readonly tries: number
  /** Ids of the latest try's messages: one, or one for each way of a router; none until they are in the outbox. */
  readonly messages: readonly string[]
  /** The id of the last message that asked it, also while the next try is being made. */
  readonly latest?: string
  /** When the latest try goes out, where that is later. */
  readonly startsAtMs?: number
  /** When the latest try is over, in milliseconds since the epoch; absent until it is sent. */
  readonly deadlineMs?: number
  /** What the flow goes on with after a restart. */
  readonly copy: Readonly<Record<string, unknown>>
}

/** The open questions of one node, as they survive restarts. */
export interface Book {
  /** What is kept: open questions, and the ids of the answers that ended others lately. */
  load(): Promise<{ readonly questions: readonly Question[]; readonly answers: readonly string[] }>
  /** Keeps a new question. Rejects with `SMS_STORE`. */
  add(question: Question): Promise<void>
  /** Keeps what became of one, unless it is gone; tries until it works. */
  change(question: Question): Promise<void>
  /** Forgets one, and remembers the answer that ended it for a while; tries until it works. */
  remove(id: string, answerId?: string): Promise<void>
}

export interface BookOptions {
  readonly store: Store
  /** The node. */
  readonly owner: string
  readonly insist: Insistence['insist']
}

/**
 * A note for each question, in places that are used again, as notes can neither be listed nor deleted; one more note
 * says how many places there are. So a change writes one question, however many are open.
 */
export function createBook({ store, owner, insist }: BookOptions): Book {
  const placeOf = new Map<string, number>()
  /** The one that is free for longest first: what is remembered there is forgotten last. */
  const free: number[] = []
  const turns = new Map<number, Promise<unknown>>()
  /** The first place that was never used, and the first that a restart would not look at. */
  let next = 0
  let reserved = 0

  /** Writes of one place are made in their order, also where one has to be tried again. */
  function write(place: number, value: string): Promise<unknown> {
    const turn = (turns.get(place) ?? Promise.resolve()).then(() =>
      insist(() => store.setNote(owner, `question.${place}`, value)),
    )
    turns.set(place, turn)
    return turn
  }

  /** Says in time how many places there are. What is written never says fewer than before. */
  async function reserve(place: number): Promise<void> {
    if (place < reserved) return
    const wanted = Math.ceil(next / GROWTH) * GROWTH
    await store.setNote(owner, SIZE, String(wanted))
    reserved = Math.max(reserved, wanted)
  }

  return {
    async load() {
      next = reserved = Number((await insist(() => store.note(owner, SIZE))) ?? 0)
      const places = Array.from({ length: reserved }, (_, place) => place)
      const notes = await Promise.all(places.map(place => insist(() => store.note(owner, `question.${place}`))))
      const kept = notes.map(read)
      for (const place of places) {
        const question = kept[place]?.question
        if (question) placeOf.set(question.id, place)
        else free.push(place)
      }
      return {
        questions: kept.flatMap(({ question }) => question ?? []),
        answers: kept.flatMap(({ answer }) => answer ?? []),
      }
    },
    async add(question) {
      const place = free.shift() ?? next++
      placeOf.set(question.id, place)
      try {
        await Promise.all([reserve(place), turns.get(place)])
        await store.setNote(owner, `question.${place}`, JSON.stringify({ question }))
      } catch (error) {
        placeOf.delete(question.id)
        free.push(place)
        throw error
      }
    },
    async change(question) {
      const place = placeOf.get(question.id)
      if (place !== undefined) await write(place, JSON.stringify({ question }))
    },
    async remove(id, answerId) {
      const place = placeOf.get(id)
      if (place === undefined) return
      placeOf.delete(id)
      await write(place, answerId === undefined ? '' : JSON.stringify({ answer: answerId }))
      free.push(place)
    },
  }
}

const SIZE = 'questions'
const GROWTH = 8

interface Kept {
  readonly question?: Question
  readonly answer?: string
}

function read(note: string | undefined): Kept {
  return note ? (JSON.parse(note) as Kept) : {}
}
