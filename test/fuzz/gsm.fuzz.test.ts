import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decodeCellBroadcast } from '../../lib/gsm/cell-broadcast.ts'
import { groupKey, joinParts } from '../../lib/gsm/concat.ts'
import { decodeIncoming, decodeOutgoing } from '../../lib/gsm/decode.ts'
import { encodeDeliver, EncodeError, encodeStatusReport, encodeSubmit } from '../../lib/gsm/encode.ts'
import { hexToOctets, octetsToHex } from '../../lib/gsm/hex.ts'
import type { Deliver } from '../../lib/gsm/pdu.ts'
import { decodeUssd } from '../../lib/gsm/ussd.ts'

/** How long to look for what makes the codec throw, hang or read what it would not write. */
const seconds = Number(process.env['SMS_FUZZ'] ?? 0)
const needs = seconds > 0 ? '' : ' – pending: SMS_FUZZ, for how many seconds, is not set'

/** What no decoding may take: some hundred times what one does. */
const LIMIT_MS = 250

describe(`GSM codec, fuzzed${needs}`, function () {
  this.timeout((seconds + 30) * 1000)

  it('reads whatever comes without throwing or hanging, and only what it could have written', function () {
    if (seconds === 0) this.skip()
    const counts = { read: 0, refused: 0 }
    const check = (hex: string, dcs: number, tpduLength: number | undefined): void => {
      const startedAt = performance.now()
      for (const decode of [decodeIncoming, decodeOutgoing]) {
        const decoded = decode(hex, { tpduLength })
        counts[decoded.ok ? 'read' : 'refused'] += 1
        if (decoded.ok && decoded.value.kind === 'deliver') rewrite(decoded.value)
      }
      decodeCellBroadcast(hex)
      decodeUssd(hex, dcs)
      assert.ok(performance.now() - startedAt < LIMIT_MS, 'took too long')
    }
    const length = fc.option(fc.nat(200), { nil: undefined })
    fc.assert(
      fc.property(fc.oneof(noise, damaged), fc.nat(255), length, (octets, dcs, tpduLength) =>
        check(octetsToHex(octets), dcs, tpduLength),
      ),
      { numRuns: Infinity, interruptAfterTimeLimit: seconds * 1000 },
    )
    console.log(`      ${counts.read} read, ${counts.refused} refused`)
    assert.ok(counts.read > 0 && counts.refused > 0)
  })
})

/** What was read says the same when it is written and read again. */
function rewrite(deliver: Deliver): void {
  const { text, header, from } = deliver
  assert.deepEqual(joinParts([deliver]).missing.length, (header?.concat?.total ?? 1) - 1)
  assert.equal(groupKey(deliver) === undefined, header?.concat === undefined)
  if (text === undefined) return
  const language = { single: header?.singleShift, locking: header?.lockingShift }
  let parts: Deliver[]
  try {
    parts = encodeDeliver({ from, text, language }).map(({ hex }) => {
      const decoded = decodeIncoming(hex)
      assert.ok(decoded.ok && decoded.value.kind === 'deliver')
      return decoded.value
    })
  } catch (error) {
    // Half a character; a number with a sign in its middle; a language that is none.
    assert.ok(error instanceof EncodeError, String(error))
    return
  }
  assert.equal(joinParts(parts).text, text)
  assert.deepEqual(parts[0]?.from, from)
}

const noise = fc.uint8Array({ maxLength: 200 })

/** PDUs of every kind, of which some octets became others, or went, or came twice. */
const damaged = fc
  .tuple(
    fc.nat(),
    fc.array(fc.tuple(fc.constantFrom('set', 'drop', 'repeat'), fc.nat(180), fc.nat(255)), { maxLength: 6 }),
  )
  .map(([pick, changes]) => {
    const octets = [...(valid()[pick % valid().length] ?? [])]
    for (const [change, at, octet] of changes) {
      if (change === 'set' && at < octets.length) octets[at] = octet
      else if (change === 'drop') octets.splice(at, 1)
      else octets.splice(at, 0, octets[at] ?? octet)
    }
    return Uint8Array.from(octets)
  })

let made: readonly Uint8Array[] | undefined

function valid(): readonly Uint8Array[] {
  const texts = ['Hello', 'a€'.repeat(60), 'Привіт 😀', 'ж'.repeat(150), 'Şimdi', '']
  made ??= [
    ...texts.flatMap(text => encodeDeliver({ from: 'Bank', smsc: '+380670000000', text, language: { single: 1 } })),
    ...texts.flatMap(text =>
      encodeDeliver({ from: '+380501234567', text, ports: { destination: 2948, source: 9200 } }),
    ),
    ...texts.flatMap(text =>
      encodeSubmit({ to: '+38050', text, validityMinutes: 60, referenceBits: 16, reference: 999 }),
    ),
    ...encodeDeliver({ from: '112', data: new Uint8Array(300), flash: true }),
    encodeStatusReport({ to: '+1', reference: 1, status: 0, sentAtMs: Date.UTC(2026), dischargedAtMs: Date.UTC(2026) }),
  ].map(({ hex }) => hexToOctets(hex) ?? assert.fail(hex))
  return made
}
