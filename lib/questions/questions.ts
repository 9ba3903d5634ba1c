import { compose } from '../compose.ts'
import type { Via } from '../compose.ts'
import { SmsError, toSmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import type { Sending } from '../outbox/draft.ts'
import { calledOff } from '../outbox/transitions.ts'
import { createInsistence } from '../store/insist.ts'
import type { Store } from '../store/store.ts'
import { uuidv7 } from '../uuid.ts'
import { createBook } from './book.ts'
import type { Question } from './book.ts'
import type { End, Questions, Wanted } from './contract.ts'
import { createFollow } from './follow.ts'
import type { Open, Owner } from './follow.ts'
import { createSending } from './sending.ts'
import type { SendingOptions } from './sending.ts'

export interface QuestionsOptions extends SendingOptions {
  readonly store: Store
  /** The ids of a provider and, where it is a router, of all below it. */
  readonly under: (id: string) => readonly string[]
  readonly log: (level: 'warn', text: string) => void
}

export function createQuestions(options: QuestionsOptions): Questions {
  const { store, clock, outbox, under, log } = options
  const owners = new Map<string, Owner>()
  /** Answers that ended a question, in case the inbox did not get to note that they were heard. */
  const answers = new Set<string>()
  const { insist, close: endInsisting } = createInsistence(clock, log)
  const sending = createSending(options)
  const follow = createFollow({ clock, sending, change, fail, timeOut })
  // A clock that was set back between two runs makes lower ids than those of before.
  const startId = uuidv7(clock.now())
  let loading = 0
  let loaded: Promise<unknown> = Promise.resolve()

  const allOpen = () => [...owners.values()].flatMap(({ open }) => Array.from(open.values()))

  function add(open: Open): void {
    open.owner.open.set(open.question.id, open)
    open.owner.asker?.open(open.owner.open.size)
  }

  async function forget(open: Open): Promise<void> {
    const { owner, question } = open
    if (owner.open.delete(question.id)) owner.asker?.open(owner.open.size)
    await owner.book.remove(question.id)
  }

  const isOpen = ({ owner, question }: Open) => owner.open.has(question.id)

  /**
   * Takes a question out, so that nothing else can end it, hands its end to the flow, and forgets it. Resolves to
   * false where it has ended, or there is no flow any more: then it goes on with the next.
   */
  async function end(open: Open, how: (asked: SmsRecord | undefined) => End, answerId?: string): Promise<boolean> {
    const { owner, question } = open
    if (!owner.asker || !owner.open.delete(question.id)) return false
    // An answer may be there before we know what it answers.
    await open.sending
    const { latest } = open.question
    const asked = latest === undefined ? undefined : (await insist(() => outbox.get({ id: latest })))?.record
    const { asker } = owner
    if (!asker) {
      owner.open.set(question.id, open)
      return false
    }
    open.stop()
    callOff(open.question)
    try {
      const isDone = asker.ended(open.question, how(asked))
      asker.open(owner.open.size)
      await isDone
    } catch {
      log('warn', 'a flow failed while it was told how a question ended')
    }
    await owner.book.remove(question.id, answerId)
    return true
  }

  /** A repetition that still waits here, for a carrier that is away, asks nobody any more. */
  function callOff({ messages }: Question): void {
    for (const id of messages) void insist(() => outbox.change(id, message => calledOff(message, clock.now())))
  }

  async function fail(open: Open, thrown: unknown): Promise<void> {
    await end(open, asked => ({ end: 'failed', error: toSmsError(thrown), asked }))
  }

  /** What has ended meanwhile is not kept any more; who ends it may still want to know. */
  function change(open: Open, fields: Partial<Question>): void {
    open.question = { ...open.question, ...fields }
    if (isOpen(open)) void open.owner.book.change(open.question)
  }

  /** Composes the latest try anew and puts it in the outbox, which knows it where it is there already. */
  async function send(open: Open): Promise<void> {
    try {
      const { question, owner } = open
      const sendings = await sending.again(question, owner.asker!)
      if (isOpen(open)) await insist(() => submit([{ open, sendings }]))
    } catch (thrown) {
      await fail(open, thrown)
    }
  }

  /** Puts the messages of questions in the outbox, all or none. */
  async function submit(asking: readonly { readonly open: Open; readonly sendings: readonly Sending[] }[]) {
    const submitting = outbox.submit(asking.flatMap(({ sendings }) => sendings))
    let at = 0
    const begun = asking.map(({ open, sendings }) => {
      const from = at
      at += sendings.length
      const noted = submitting.then(records =>
        change(open, sending.begun(sendings, records.slice(from, from + sendings.length))),
      )
      open.sending = noted.catch(() => {})
      return noted
    })
    await Promise.all(begun)
    for (const { open } of asking) follow(open)
  }

  async function timeOut(open: Open): Promise<void> {
    const { question, owner } = open
    if (!owner.asker || !isOpen(open)) return
    if (question.tries > owner.asker.retries) return void (await end(open, asked => ({ end: 'timedOut', asked })))
    const { deadlineMs: _over, startsAtMs: _begun, ...rest } = question
    open.question = { ...rest, tries: question.tries + 1, messages: [] }
    // Before it is sent, so that it is sent once whenever the process ends.
    await owner.book.change(open.question)
    if (isOpen(open) && owner.asker) await send(open)
  }

  async function ask(owner: Owner, wanted: Wanted, via: Via, opened: (question: Question) => void) {
    const { text, options: given, copy } = wanted
    const composed = await compose({ ...wanted, onDoubt: 'fail' }, via, clock.now())
    if (!owner.asker) throw new SmsError('SMS_CANCELLED', 'the node was closed before it could ask')
    const { timeoutMs } = owner.asker
    const asking = byRecipient(composed.sendings).map(([to, sendings]) => {
      const id = uuidv7(clock.now())
      const question = { id, to, provider: via.id, text: String(text), options: given, tries: 1, messages: [], copy }
      return { open: openOf(owner, question), sendings: sending.first(question, sendings, timeoutMs) }
    })
    try {
      const kept = await Promise.allSettled(asking.map(({ open }) => owner.book.add(open.question)))
      const refused = kept.find(result => result.status === 'rejected')
      if (refused) throw refused.reason
      for (const { open } of asking) {
        opened(open.question)
        add(open)
      }
      await submit(asking)
    } catch (error) {
      // Where the store fails, forgetting takes until it works again; who asks is told now.
      for (const { open } of asking) void forget(open)
      throw error
    }
    return composed.failures
  }

  async function load(owner: Owner): Promise<void> {
    const kept = await owner.book.load()
    for (const id of kept.answers) answers.add(id)
    for (const question of kept.questions) {
      add(openOf(owner, question, question.id < startId ? question.id : startId))
    }
  }

  function drop(id: string): void {
    const owner = owners.get(id)
    owners.delete(id)
    for (const open of owner?.open.values() ?? []) {
      open.stop()
      void owner?.book.remove(open.question.id)
    }
    owner?.open.clear()
  }

  return {
    attach(id, asker) {
      let owner = owners.get(id)
      let ready: Promise<void> = Promise.resolve()
      if (!owner) {
        owner = { book: createBook({ store, owner: id, insist }), open: new Map(), asker }
        owners.set(id, owner)
        loading += 1
        ready = load(owner).finally(() => (loading -= 1))
        loaded = Promise.all([loaded, ready])
      }
      const mine = owner
      mine.asker = asker
      const goOn = ready.then(() => {
        if (mine.asker !== asker) return
        if (mine.open.size > 0) asker.open(mine.open.size)
        for (const open of mine.open.values()) {
          if (open.question.messages.length > 0) follow(open)
          else void send(open)
        }
      })
      return {
        async ask(wanted, via, opened) {
          // Where the store fails, loading goes on trying; who asks is told.
          if (loading > 0) await store.note(id, '')
          await goOn
          return ask(mine, wanted, via, opened)
        },
        close(removed) {
          if (mine.asker === asker) mine.asker = undefined
          for (const open of mine.open.values()) open.stop()
          if (removed) drop(id)
        },
      }
    },

    awaits: providerNode =>
      loading > 0 || allOpen().some(({ question }) => under(question.provider).includes(providerNode)),

    async take(record) {
      await loaded
      if (answers.delete(record.id)) return true
      if (allOpen().length === 0) return false
      const sender = await sending.senderOf(record)
      const asked = allOpen()
        .filter(({ question, sinceId }) => question.to === sender && sinceId < record.id)
        .filter(({ question }) => under(question.provider).includes(record.providerNode))
        .toSorted((a, b) => (a.question.id < b.question.id ? -1 : 1))
      for (const open of asked) {
        const verdict = open.owner.asker?.judge(record)
        if (!verdict) continue
        return end(open, message => ({ ...verdict, answer: record, asked: message }), record.id)
      }
      return false
    },

    flowsStarted() {
      for (const [id, { asker }] of owners) if (!asker) drop(id)
    },

    close() {
      for (const open of allOpen()) open.stop()
      endInsisting()
    },
  }
}

const openOf = (owner: Owner, question: Question, sinceId = question.id): Open => ({
  question,
  owner,
  sinceId,
  sending: Promise.resolve(),
  stop: () => {},
})

/** A router may have several ways to one recipient. */
function byRecipient(sendings: readonly Sending[]): readonly (readonly [to: string, sendings: Sending[]])[] {
  const groups = new Map<string, Sending[]>()
  for (const sending of sendings) {
    const group = groups.get(sending.draft.to)
    if (group) group.push(sending)
    else groups.set(sending.draft.to, [sending])
  }
  return [...groups]
}
