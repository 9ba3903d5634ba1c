import type { EditorNode } from './red.ts'
import { reason, text, textKey } from './texts.ts'
import { shown } from './validators.ts'
import type { Validator } from './validators.ts'
import { asText, isReference } from './values.ts'
import { webhookUrl } from './webhook-url.ts'

/**
 * The rows of a config dialog that have to do with receiving: which of them are shown for `receive`, a path nobody can
 * guess, and the address to give to the carrier. For `oneditprepare`.
 */
export function webhookFields(): void {
  const field = (property: string) => $(`#node-config-input-${property}`)
  if (asText(field('path').val()) === '') field('path').val(randomPath())

  field('receive').on('change', () => {
    const receive = field('receive').val()
    $('.sms-row-webhook').toggle(receive === 'webhook')
    $('.sms-row-poll').toggle(receive === 'poll')
  })

  const address = $('#sms-webhook-url')
  const warnings = $('#sms-webhook-warnings')
  const show = () => {
    const publicUrl = asText(field('publicUrl').val())
    const path = asText(field('path').val())
    if (isReference(publicUrl) || isReference(path)) {
      // Only the runtime knows what these stand for.
      warnings.empty()
      address.val(`${publicUrl}/sms/${path}`)
      return
    }
    const httpNodeRoot = RED.settings.httpNodeRoot ?? '/'
    const found = webhookUrl({ publicUrl, path, httpNodeRoot })
    address.val(found.url)
    warnings.empty()
    for (const warning of found.warnings)
      warnings.append($('<div>').text(text(`webhook.${warning}`, { root: httpNodeRoot.replace(/\/$/, '') })))
  }
  field('publicUrl').on('input change', show)
  field('path').on('input change', show)
  show()

  const copy = $('#sms-webhook-copy')
  copy.on('click', () => {
    const url = asText(address.val())
    // The core's own way works without https too, where browsers have no clipboard to write to.
    if (url !== '' && !RED.clipboard.copyText(url, copy, textKey('webhook.copied'))) address.trigger('select')
  })
}

/** The validator of `path`: what the runtime serves, and no two of them. */
export const webhookPathValidator: Validator = function (value, options) {
  const path = asText(value)
  const receive = shown('node-config-input-receive') ?? this['receive']
  if (isReference(path) || receive !== 'webhook') return true
  if (path === '') return reason('required', options)
  if (!/^[\w-]{1,64}$/.test(path)) return reason('path', options)
  let isTaken = false
  RED.nodes.eachConfig((other: EditorNode) => {
    if (other.id !== this.id && other._def.smsProvider && other['path'] === path) isTaken = true
  })
  return !isTaken || reason('pathTaken', options)
}

/** The validator of `publicUrl`: empty, or an address the runtime can work with; the rest are hints in the dialog. */
export const publicUrlValidator: Validator = (value, options) => {
  const publicUrl = asText(value)
  if (publicUrl === '' || isReference(publicUrl)) return true
  const { url, warnings } = webhookUrl({ publicUrl, path: '', httpNodeRoot: '/' })
  if (url === '') return reason('publicUrl', options)
  return !warnings.includes('underscore') || reason('underscore', options)
}

// RFC 4648 §6, in lower case: 32 letters, so that each takes five bits of a random octet evenly.
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const PATH_LENGTH = 20

/** 100 random bits. `getRandomValues`, unlike `randomUUID`, works without https too. */
function randomPath(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(PATH_LENGTH)), octet => BASE32[octet & 31]).join('')
}
