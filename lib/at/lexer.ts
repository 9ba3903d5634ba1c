/** What a modem's bytes are made of. */
export type Token =
  /** A line without its end and without control characters, never empty; one character per byte (ISO 8859-1). */
  | { readonly kind: 'line'; readonly text: string }
  /** The `>` that asks for a body; it has no line end. */
  | { readonly kind: 'prompt' }
  /** A line longer than anything a modem says, which was thrown away. */
  | { readonly kind: 'overlong' }

export interface Lexer {
  /** Takes bytes in pieces of any size and returns the tokens that are complete with them; never throws. */
  push(bytes: Uint8Array): Token[]
}

/** The longest line that is kept, in bytes. The longest of a modem is a PDU, of 360. */
export const LINE_LIMIT = 65_536

/** Cuts a modem's bytes into tokens. */
export function createLexer(): Lexer {
  let line = ''
  let overlong = false
  // The space after `>` may come with the next piece, and belongs to no line.
  let afterPrompt = false

  return {
    push(bytes) {
      const tokens: Token[] = []
      for (const byte of bytes) {
        if (byte === CR || byte === LF) {
          // CR LF, CR CR LF after an echo, LF alone: empty lines mean nothing, so each of them just ends one.
          if (overlong) tokens.push({ kind: 'overlong' })
          else if (line !== '') tokens.push({ kind: 'line', text: line })
          line = ''
          overlong = false
          afterPrompt = false
        } else if (overlong || byte < SPACE || byte === DEL || (afterPrompt && byte === SPACE)) {
          // NUL of a line that wakes up, and echoed Ctrl-Z and ESC, are part of nothing either.
          if (byte >= SPACE) afterPrompt = false
        } else if (byte === GREATER && line === '') {
          tokens.push({ kind: 'prompt' })
          afterPrompt = true
        } else {
          afterPrompt = false
          line += String.fromCharCode(byte)
          if (line.length > LINE_LIMIT) {
            line = ''
            overlong = true
          }
        }
      }
      return tokens
    },
  }
}

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const GREATER = 0x3e
const DEL = 0x7f
