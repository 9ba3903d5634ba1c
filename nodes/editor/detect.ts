import { ask, isRefusal, refusalLines } from './ask.ts'
import { createResult, whileBusy, wordButton } from './result.ts'
import { text } from './texts.ts'

/** What the runtime found behind a serial port. */
type Detected =
  | { readonly port: string; readonly is: 'modem'; readonly baudRate: number; readonly name: string }
  | { readonly port: string; readonly is: 'silent' }
  | { readonly port: string; readonly is: 'held'; readonly name: string }
  | { readonly port: string; readonly is: 'failed'; readonly error: { readonly message: string } }

/** Puts a button below the port that asks every port whether a modem answers, and fills in the one that is chosen. */
export function detectButton(): void {
  const field = $('#node-config-input-port')
  const result = createResult()
  const button = wordButton(text('detect.button'), 'search', () => detect())
  const detect = whileBusy(button, async () => {
    result.show('busy', text('detect.busy'))
    const answer = await ask<{ readonly ports: readonly Detected[] }>('ports/detect', {})
    if (isRefusal(answer)) return result.show('bad', ...refusalLines(answer))
    result.clear()
    if (answer.ports.length === 0) return result.show('doubt', text('detect.none'))
    const has = (kind: Detected['is']) => answer.ports.some(({ is }) => is === kind)
    if (has('modem')) result.show('good', text('detect.found'))
    else result.show('doubt', text(has('held') ? 'detect.noOther' : 'detect.nothing'))
    for (const found of answer.ports) {
      const line = $('<div class="sms-more sms-port">').append($('<span>').text(lineOf(found)))
      if (found.is === 'modem') {
        const choice = wordButton(text('detect.use'), 'check', () => use(found.port))
        line.append(choice.attr('aria-label', `${text('detect.use')}: ${found.port}`))
      }
      result.add(line)
    }
  })

  function use(port: string): void {
    field.val(port).trigger('change')
    result.clear()
    field.trigger('focus')
  }

  const row = field.closest('.form-row')
  row.append($('<div>').append(button), $('<div class="sms-hint">').text(text('detect.hint')), result.element)
}

function lineOf(found: Detected): string {
  const { port } = found
  if (found.is === 'modem') {
    const name = found.name === '' ? text('detect.unnamed') : found.name
    return text('detect.modem', { port, name, baudRate: found.baudRate })
  }
  if (found.is === 'held') return text('detect.held', { port, name: found.name })
  return found.is === 'silent' ? text('detect.silent', { port }) : found.error.message
}
