import assert from 'node:assert/strict'
import { SmsError } from '../errors.ts'
import { createLine } from './line.ts'
import type { Wire } from './line.ts'

describe('line', () => {
  it('ends every write when it is lost, and tells it once', async () => {
    const { line, told } = open({ write() {} })
    const writes = [line.transport.write(Buffer.of(1)), line.transport.write(Buffer.of(2))]
    const gone = new SmsError('SMS_CONNECTION', 'gone')
    line.lost(gone)
    line.lost(new SmsError('SMS_CONNECTION', 'again'))
    await Promise.all(writes.map(write => assert.rejects(write, gone)))
    await assert.rejects(line.transport.write(Buffer.of(3)), { code: 'SMS_CONNECTION' })
    await assert.rejects(line.transport.setBaudRate(9600), { code: 'SMS_CONNECTION' })
    assert.deepEqual(told, ['closed gone'])
  })

  it('tells nothing after it was closed, and closes its wire once', async () => {
    let closes = 0
    const { line, told } = open({
      close(done) {
        closes++
        done()
      },
    })
    line.data(Buffer.from('a'))
    await Promise.all([line.transport.close(), line.transport.close()])
    line.data(Buffer.from('b'))
    line.lost(new SmsError('SMS_CONNECTION', 'late'))
    assert.deepEqual(told, ['a', 'closed undefined'])
    assert.equal(closes, 1)
  })

  it('rejects a write that the wire refuses, in our words', async () => {
    const { line } = open({ write: (_, done) => done(new Error('EIO')) })
    await assert.rejects(line.transport.write(Buffer.of(1)), {
      code: 'SMS_CONNECTION',
      message: /writing to the modem failed: EIO/,
    })
  })

  it('closes within a second when the wire does not', async function () {
    this.slow(2000)
    const { line } = open({ close() {} })
    const startMs = performance.now()
    await line.transport.close()
    assert.ok(performance.now() - startMs < 1000)
  })
})

function open(wire: Partial<Wire>) {
  const told: string[] = []
  const line = createLine(
    { write: (_, done) => done(), close: done => done(), setBaudRate: async () => {}, ...wire },
    { data: bytes => told.push(Buffer.from(bytes).toString()), closed: error => told.push(`closed ${error?.message}`) },
  )
  return { line, told }
}
