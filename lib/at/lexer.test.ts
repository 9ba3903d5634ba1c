import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createLexer, LINE_LIMIT } from './lexer.ts'
import type { Token } from './lexer.ts'

describe('tokens of a modem', () => {
  const cases: readonly (readonly [title: string, bytes: string, tokens: readonly string[]])[] = [
    ['framed with CR LF on both sides', '\r\nOK\r\n', ['OK']],
    ['with bare LF', 'OK\n+CSQ: 20,99\n', ['OK', '+CSQ: 20,99']],
    ['with an echo, which ends with CR', 'AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n', ['AT+CSQ', '+CSQ: 20,99', 'OK']],
    ['without the end of a line', '\r\nO', []],
    ['a prompt', '\r\n> ', ['>']],
    ['a prompt without a space', '\r\n>', ['>']],
    ['a prompt, then the echoed body', '\r\n> 0011\x1a\r\n+CMGS: 7\r\n', ['>', '0011', '+CMGS: 7']],
    ['a prompt after an echo', 'AT+CMGS=20\r\r\n> ', ['AT+CMGS=20', '>']],
    ['two prompts', '\r\n> \r\n> ', ['>', '>']],
    ['only one space after a prompt is its own', '>  x\r\n', ['>', ' x']],
    ['a > further in a line', 'a > b\r\n', ['a > b']],
    ['NUL and other control characters', '\0\0\r\nO\0K\x07\x1b\r\n', ['OK']],
    ['NUL before a prompt', '\r\n\0> ', ['>']],
    ['bytes above 127', '\xff\xfe\r\nOK\r\n', ['\xff\xfe', 'OK']],
    ['spaces in front', '\r\n  OK\r\n', ['  OK']],
    ['several lines in one piece', '\r\n+CMTI: "SM",1\r\n\r\n+CMTI: "SM",2\r\n', ['+CMTI: "SM",1', '+CMTI: "SM",2']],
  ]
  for (const [title, bytes, tokens] of cases) {
    it(`are found: ${title}`, () => {
      assert.deepEqual(lex(Buffer.from(bytes, 'latin1')), tokens)
    })
    it(`are the same byte by byte: ${title}`, () => {
      assert.deepEqual(lex(...[...Buffer.from(bytes, 'latin1')].map(byte => Buffer.of(byte))), tokens)
    })
  }

  it('are the same in pieces of any size, whatever the bytes', () => {
    const bytes = fc.array(fc.oneof(fc.constantFrom(...Buffer.from('\r\n> OK\0+')), fc.nat(255)), { maxLength: 80 })
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(12)), (all, sizes) => {
        const pieces: Buffer[] = []
        const rest = [...all]
        for (const size of sizes) pieces.push(Buffer.from(rest.splice(0, size)))
        assert.deepEqual(lex(...pieces, Buffer.from(rest)), lex(Buffer.from(all)))
      }),
    )
  })

  it('end a line that never ends, and go on after it', () => {
    const lexer = createLexer()
    assert.deepEqual(lexer.push(Buffer.alloc(LINE_LIMIT, 'x')), [])
    for (let i = 0; i < 3; i++) assert.deepEqual(lexer.push(Buffer.alloc(LINE_LIMIT, 'x')), [])
    assert.deepEqual(lexer.push(Buffer.from('> \r\nOK\r\n')), [{ kind: 'overlong' }, { kind: 'line', text: 'OK' }])
  })

  it('keep a line as long as is allowed', () => {
    const [token] = createLexer().push(Buffer.from(`${'x'.repeat(LINE_LIMIT)}\r`))
    assert.equal(token?.kind === 'line' && token.text.length, LINE_LIMIT)
  })
})

function lex(...pieces: readonly Uint8Array[]): string[] {
  const lexer = createLexer()
  return pieces.flatMap(piece => lexer.push(piece)).map(textOf)
}

const textOf = (token: Token): string =>
  token.kind === 'line' ? token.text : token.kind === 'prompt' ? '>' : token.kind
