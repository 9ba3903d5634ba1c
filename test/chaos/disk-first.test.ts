import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'
import { ACCOUNT_SID, AUTH_TOKEN, flows, OWN_NUMBER, SEND_PATH, WEBHOOK_PATH } from './flows.ts'
import { firstToSocket, missingOnDisk, parseTrace } from './trace.ts'
import type { SystemCall } from './trace.ts'

const strace = process.env['SMS_STRACE']
const WRITES = ['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendto', 'sendmsg', 'sendmmsg']
const SYNCS = ['fsync', 'fdatasync', 'sync_file_range', 'msync']

const needs = strace ? '' : ' – pending: SMS_STRACE, the path of strace, is not set'
describe(`what a real Node-RED tells is on the disk before, by its system calls${needs}`, function () {
  let userDir: string | undefined
  let nodeRed: NodeRed | undefined
  let twilio: Twilio | undefined
  let calls: readonly SystemCall[] = []

  before(async function () {
    const tracer = strace || this.skip()
    this.timeout(90_000)
    userDir = await installPackage()
    twilio = await startTwilio({ accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN } } })
    const traceFile = join(userDir, 'trace.txt')
    const watched = `trace=${[...WRITES, ...SYNCS].join(',')}`
    nodeRed = await startNodeRed({
      version: 5,
      userDir,
      settings: { nodesDir: [join(import.meta.dirname, 'book')] },
      env: { CHAOS_BOOK: join(userDir, 'book.jsonl') },
      // -D: the tracer steps aside, so that signals and the exit code are Node-RED's.
      under: [tracer, '-D', '-f', '-y', '--seccomp-bpf', '-s', '100000', '-e', watched, '-o', traceFile],
    })
    await nodeRed.deploy(flows({ apiUrl: twilio.url, publicUrl: nodeRed.url }))

    for (const [text, sendInMs] of [
      ['ToBeSent', 0],
      ['ForLater', 3_600_000],
    ] as const) {
      const body = JSON.stringify({ key: text, to: '+380501234567', text, sendInMs })
      const headers = { 'content-type': 'application/json' }
      const reply = await fetch(nodeRed.url + SEND_PATH, { method: 'POST', headers, body })
      assert.equal(reply.status, 200, await reply.text())
    }
    twilio.behaviour.webhookUrl = `${nodeRed.url}/sms/${WEBHOOK_PATH}`
    const incoming = { accountSid: ACCOUNT_SID, from: '+380671234567', to: OWN_NUMBER, body: 'ThatCameIn' }
    assert.equal((await twilio.receive(incoming)).answered, 200)
    await nodeRed.stop()
    calls = parseTrace(await readWhole(traceFile))
  })
  after(async () => {
    await nodeRed?.stop()
    await twilio?.stop()
    if (userDir) rmSync(userDir, { recursive: true, force: true })
  })

  it('a message that is sent, as being sent, before its carrier is called', () => {
    const request = firstToSocket(calls, /^POST [\s\S]*Body=ToBeSent/)
    assert.equal(missingOnDisk(calls, /"text":"ToBeSent","state":"sending"/, request), undefined)
  })

  it('a message that is to be sent later, before the flow goes on with it', () => {
    const reply = firstToSocket(calls, /^HTTP\/1\.1 200 [\s\S]*ForLater/)
    assert.equal(missingOnDisk(calls, /"text":"ForLater","state":"scheduled"/, reply), undefined)
  })

  it('a message that came in, before its webhook is answered', () => {
    const reply = firstToSocket(calls, /^HTTP\/1\.1 200 [\s\S]*<Response\/>/)
    assert.equal(missingOnDisk(calls, /"text":"ThatCameIn"/, reply), undefined)
  })
})

/** The tracer ends a little after what it traced. */
async function readWhole(traceFile: string): Promise<string> {
  const [traced] = /^\d+/.exec(readFileSync(traceFile, 'latin1'))!
  for (;;) {
    const trace = readFileSync(traceFile, 'latin1')
    if (new RegExp(String.raw`^${traced} +\+\+\+ `, 'm').test(trace)) return trace
    await delay(20)
  }
}
