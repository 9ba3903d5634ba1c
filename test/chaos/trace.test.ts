import assert from 'node:assert/strict'
import { firstToSocket, missingOnDisk, parseTrace } from './trace.ts'

const WRITE = '7 pwrite64(22</data/messages.db-wal>, "{\\"text\\":\\"Hi\\"}", 13, 4152) = 13'
const END_OF_COMMIT = '7 pwrite64(22</data/messages.db-wal>, "\\1\\2", 2, 8272) = 2'
const SYNC = '7 fdatasync(22</data/messages.db-wal>) = 0'
const TOLD =
  '7 writev(25<TCP:[127.0.0.1:5->127.0.0.1:6]>, [{iov_base="Body=", iov_len=5}, {iov_base="Hi", iov_len=2}], 2) = 7'

const missing = (...lines: readonly string[]) => {
  const calls = parseTrace(lines.join('\n'))
  return missingOnDisk(calls, /"text":"Hi"/, firstToSocket(calls, /Body=Hi/))
}

describe('a trace of system calls', () => {
  it('is read with what was written, byte by byte', () => {
    const [call] = parseTrace(String.raw`12  write(3</a b>, "\"\\\t\303\274\0", 6) = 6`)
    assert.deepEqual(call, {
      name: 'write',
      on: '/a b',
      data: '"\\\t\xc3\xbc\0',
      enteredAt: 0,
      returnedAt: 0,
      result: 6,
    })
  })

  it('is read where calls of several threads overlap, and where one failed or never returned', () => {
    const calls = parseTrace(
      [
        '1 fsync(3</log-wal> <unfinished ...>',
        '2 write(4<pipe:[9]>, "*", 1 <unfinished ...>',
        '1 <... fsync resumed>) = 0',
        '2 <... write resumed>) = -1 EAGAIN (Resource temporarily unavailable)',
        '1 fdatasync(3</log-wal> <unfinished ...>',
        '2 +++ exited with 0 +++',
      ].join('\n'),
    )
    assert.deepEqual(
      calls.map(({ name, enteredAt, returnedAt, result }) => [name, enteredAt, returnedAt, result]),
      [
        ['fsync', 0, 2, 0],
        ['write', 1, 3, -1],
        ['fdatasync', 4, Infinity, -1],
      ],
    )
  })

  it('shows that something was on the disk before it was told', () => {
    assert.equal(missing(WRITE, END_OF_COMMIT, SYNC, TOLD), undefined)
    assert.equal(missing(SYNC, WRITE, '7 fsync(22</data/messages.db-wal>) = 0', TOLD, END_OF_COMMIT), undefined)
  })

  for (const [title, ...lines] of [
    ['was never written', SYNC, TOLD],
    ['was written after it was told', TOLD, WRITE, SYNC],
    ['was written elsewhere', WRITE.replace('-wal', ''), SYNC, TOLD],
    ['was written in part', WRITE.replace('= 13', '= 5'), SYNC, TOLD],
    ['was not synced', WRITE, TOLD],
    ['was synced too early', SYNC, WRITE, TOLD],
    ['was synced too late', WRITE, TOLD, SYNC],
    ['was not synced to the end of its commit', WRITE, SYNC, END_OF_COMMIT, TOLD],
    ['failed to be synced', WRITE, SYNC.replace('= 0', '= -1 EIO (Input/output error)'), TOLD],
    ['was synced elsewhere', WRITE, SYNC.replace('-wal', ''), TOLD],
    [
      'was told while it was being synced',
      WRITE,
      '7 fsync(22</data/messages.db-wal> <unfinished ...>',
      TOLD.replace('7', '8'),
      '7 <... fsync resumed>) = 0',
    ],
  ] as const) {
    it(`shows that it ${title}`, () => {
      assert.match(missing(...lines) ?? 'nothing', /Hi.* was (in the log, and the log not synced|in the log before)/)
    })
  }
})
