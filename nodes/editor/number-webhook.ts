import { ask, isRefusal, refusalLines } from './ask.ts'
import type { EditorNode } from './red.ts'
import { createResult, whileBusy, wordButton } from './result.ts'
import { text } from './texts.ts'
import { formSettings } from './trial.ts'

/** What Twilio does with what comes in for the sender of the dialog. */
interface NumberWebhook {
  readonly sender: string
  readonly kind: 'number' | 'service'
  readonly present: string
  readonly isSet: boolean
  readonly perNumber?: true
}

/** Puts a button below the address of the webhook that sets it at Twilio, once it was shown what is set there now. */
export function numberWebhook(node: EditorNode): void {
  const result = createResult()
  const button = wordButton(text('numberWebhook.button'), 'cloud-upload', () => look())
  const asking = (given: object) => ask<NumberWebhook>('test/sms-twilio/webhook', { ...formSettings(node), ...given })

  const look = whileBusy(button, async () => {
    result.show('busy', text('numberWebhook.busy'))
    const found = await asking({})
    if (isRefusal(found)) return result.show('bad', ...refusalLines(found))
    const { sender, present } = found
    if (found.isSet) return result.show('good', text('numberWebhook.isSet', { sender }), ...ofService(found))
    if (found.perNumber) result.show('doubt', text('numberWebhook.perNumber', { sender }))
    else if (present === '') result.show('doubt', text('numberWebhook.nothing', { sender }))
    else result.show('doubt', text('numberWebhook.present', { sender }), present)
    const change = wordButton(text('numberWebhook.change'), 'check', () => set(present))
    const keep = wordButton(text('numberWebhook.keep'), 'times', () => {
      result.clear()
      button.trigger('focus')
    })
    result.add($('<div class="sms-choice">').append(change, keep))
  })

  const set = (present: string) =>
    whileBusy(button, async () => {
      // The button that was pressed goes with the question.
      button.trigger('focus')
      result.show('busy', text('numberWebhook.busy'))
      const found = await asking({ present })
      if (isRefusal(found)) result.show('bad', ...refusalLines(found))
      else result.show('good', text('numberWebhook.done', { sender: found.sender }), ...ofService(found))
    })()

  const row = $('#sms-webhook-url').closest('.form-row')
  row.append($('<div>').append(button), result.element)
  row.closest('.sms-form').on('input', result.clear)
}

const ofService = ({ kind }: NumberWebhook): string[] => (kind === 'number' ? [text('numberWebhook.service')] : [])
