import { ask, isRefusal, refusalLines } from './ask.ts'
import type { EditorNode, Query } from './red.ts'
import { createResult, whileBusy } from './result.ts'
import type { Meaning } from './result.ts'
import { text } from './texts.ts'

/** Where the address of a webhook was found to lead. */
type WebhookFinding =
  | { readonly is: 'reached' }
  | { readonly is: 'undeployed' }
  | { readonly is: 'elsewhere'; readonly status: number }
  | { readonly is: 'unreachable'; readonly reason: string }

/** Puts a button beside the address of a webhook that has the runtime call it; `given` is what the address is made of. */
export function webhookTest(
  node: EditorNode,
  address: Query,
  given: () => { readonly publicUrl: string; readonly path: string },
): void {
  const result = createResult()
  const label = text('webhook.test')
  const button = $('<button type="button" id="sms-webhook-test" class="red-ui-button sms-button">')
    .attr({ title: label, 'aria-label': label })
    .append($('<i class="fa fa-plug" aria-hidden="true">'))
  const test = whileBusy(button, async () => {
    result.show('busy', text('webhook.testing'))
    const answer = await ask<WebhookFinding>('webhook/test', { id: node.id, ...given() })
    if (isRefusal(answer)) result.show('bad', ...refusalLines(answer))
    else result.show(...linesOf(answer))
  })
  button.on('click', test)
  const row = address.closest('.form-row')
  address.parent().append(button)
  result.element.insertAfter(address.parent())
  row.closest('.sms-form').on('input', result.clear)
}

function linesOf(found: WebhookFinding): [Meaning, ...string[]] {
  if (found.is === 'reached') return ['good', text('webhook.reached')]
  if (found.is === 'undeployed') return ['doubt', text('webhook.undeployed')]
  if (found.is === 'unreachable') return ['bad', text('webhook.unreachable'), found.reason, text('webhook.fromOutside')]
  const asksForLogin = found.status === 401 || found.status === 403
  const { status } = found
  return ['bad', asksForLogin ? text('webhook.login', { status }) : text('webhook.elsewhere', { status })]
}
