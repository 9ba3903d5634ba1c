import assert from 'node:assert/strict'
import { createMemoryStore } from '../store/memory.ts'
import { createBook } from './book.ts'
import type { Question } from './book.ts'

const question = (id: string, fields: Partial<Question> = {}): Question => ({
  id,
  to: '+12025550144',
  provider: 'p',
  text: id,
  options: {},
  tries: 1,
  messages: [],
  copy: { about: id },
  ...fields,
})

function create() {
  const store = createMemoryStore()
  const written: string[] = []
  const book = (owner = 'node') =>
    createBook({
      store: {
        ...store,
        async setNote(of, key, value) {
          written.push(key)
          await store.setNote(of, key, value)
        },
      },
      owner,
      insist: step => step(),
    })
  return { book, written }
}

describe('book of questions', () => {
  it('keeps what is open, as it was last, of each node apart', async () => {
    const { book } = create()
    const [mine, others] = [book(), book('other')]
    for (let n = 0; n < 20; n += 1) await mine.add(question(`q${n}`))
    await others.add(question('theirs'))
    await mine.change(question('q3', { tries: 2 }))
    for (let n = 0; n < 20; n += 2) await mine.remove(`q${n}`)
    const { questions, answers } = await book().load()
    assert.deepEqual(
      questions.map(({ id, tries }) => `${id} ${tries}`),
      Array.from({ length: 10 }, (_, n) => `q${2 * n + 1} ${n === 1 ? 2 : 1}`),
    )
    assert.deepEqual([questions[0]?.copy, answers], [{ about: 'q1' }, []])
    assert.deepEqual(
      (await book('other').load()).questions.map(({ id }) => id),
      ['theirs'],
    )
  })

  it('uses places again, the one that is free for longest first, and writes one note for a change', async () => {
    const { book, written } = create()
    const first = book()
    await first.add(question('a'))
    for (let n = 0; n < 30; n += 1) {
      await first.add(question(`b${n}`))
      await first.remove(n === 0 ? 'a' : `b${n - 1}`, `answer ${n}`)
    }
    assert.equal(new Set(written).size, 3)
    assert.equal(written.filter(key => key === 'questions').length, 1)
    const { questions, answers } = await book().load()
    assert.deepEqual([questions.map(({ id }) => id), answers], [['b29'], ['answer 29']])
  })

  it('has room for many at once', async () => {
    const { book } = create()
    const first = book()
    await Promise.all(Array.from({ length: 50 }, (_, n) => first.add(question(`q${n}`))))
    assert.equal((await book().load()).questions.length, 50)
  })

  it('a change of one that is gone brings it not back', async () => {
    const { book } = create()
    const first = book()
    await first.add(question('a'))
    const changing = first.change(question('a', { tries: 2 }))
    await first.remove('a')
    await first.change(question('a', { tries: 3 }))
    await changing
    assert.deepEqual((await book().load()).questions, [])
  })
})
