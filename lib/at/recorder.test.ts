import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseTranscript } from '../../test/support/transcript.ts'
import { createRecorder } from './recorder.ts'
import { createTrace } from './trace.ts'

describe('a recording of a line', () => {
  let folder: string
  let logged: string[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sms-recorder-'))
    logged = []
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const recorder = (path: string, maxBytes?: number) =>
    createRecorder({
      path,
      title: 'Home modem',
      ...(maxBytes !== undefined && { maxBytes }),
      log: (level, text) => logged.push(`${level} ${text}`),
    })

  it('is a transcript that the tests can play, and goes on after a restart', () => {
    const path = join(folder, 'sms', 'trace.at')
    for (const command of ['AT+CMGF=0', 'AT+CSQ']) {
      const trace = createTrace({ write: recorder(path), mask: true })
      trace.sent(command)
      trace.received('OK')
    }
    const text = readFileSync(path, 'utf8')
    assert.deepEqual(
      parseTranscript(text).map(({ mark, text }) => mark + text.trim()),
      ['>AT+CMGF=0', '<OK', '>AT+CSQ', '<OK'],
    )
    assert.equal(text.match(/^# \d{4}-\S+Z Home modem$/gm)?.length, 2)
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.match(logged[0] ?? '', /^info .*trace\.at$/)
  })

  it('makes no file before there is something to record', () => {
    const path = join(folder, 'trace.at')
    recorder(path)
    assert.equal(existsSync(path), false)
  })

  it('never takes more room than twice what it may', () => {
    const path = join(folder, 'trace.at')
    const record = recorder(path, 1_000)
    for (let at = 0; at < 500; at++) record(`> AT+LINE=${at}`)
    assert.deepEqual(readdirSync(folder).sort(), ['trace.at', 'trace.at.old'])
    for (const name of readdirSync(folder)) assert.ok(statSync(join(folder, name)).size <= 1_000, name)
    assert.match(readFileSync(path, 'utf8'), /AT\+LINE=499\n$/)
  })

  it('ends with one word of warning where it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '')
    const record = recorder(join(folder, 'file', 'trace.at'))
    for (let at = 0; at < 3; at++) record('> AT')
    assert.equal(logged.length, 1)
    assert.match(logged[0] ?? '', /^warn nothing more is recorded: /)
  })
})
