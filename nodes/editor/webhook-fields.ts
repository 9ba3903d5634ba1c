import { pathFault } from '../../lib/webhook-path.ts'
import type { EditorNode } from './red.ts'
import { reason, text, textKey } from './texts.ts'
import { shown } from './validators.ts'
import type { Validator } from './validators.ts'
import { asText, isReference } from './values.ts'
import { webhookTest } from './webhook-test.ts'
import { webhookUrl } from './webhook-url.ts'

export interface WebhookFields {
  /** Whose dialog it is. */
  readonly node: EditorNode
  /** Ends the address, where the carrier reads settings from it. */
  readonly query?: string
  /** Whether the other side may well be in the same network. */
  readonly isLocal?: boolean
}

/**
 * The rows of a config dialog that have to do with receiving: which of them are shown for `receive`, a path nobody can
 * guess, and the address to give to the carrier. For `oneditprepare`.
 */
export function webhookFields({ node, query = '', isLocal = false }: WebhookFields): void {
  const field = (property: string) => $(`#node-config-input-${property}`)
  if (asText(field('path').val()) === '') field('path').val(randomPath())

  field('receive').on('change', () => {
    const receive = field('receive').val()
    $('.sms-row-webhook').toggle(receive === 'webhook')
    $('.sms-row-poll').toggle(receive === 'poll')
  })

  const address = $('#sms-webhook-url')
  const warnings = $('#sms-webhook-warnings')
  const given = () => ({
    publicUrl: field('publicUrl').length === 0 ? ownAddress() : asText(field('publicUrl').val()),
    path: asText(field('path').val()),
  })
  const show = () => {
    const { publicUrl, path } = given()
    if (isReference(publicUrl) || isReference(path)) {
      // Only the runtime knows what these stand for.
      warnings.empty()
      address.val(`${publicUrl}/sms/${path}${query}`)
      return
    }
    const httpNodeRoot = RED.settings.httpNodeRoot ?? '/'
    const found = webhookUrl({ publicUrl, path, httpNodeRoot })
    address.val(found.url === '' ? '' : found.url + query)
    warnings.empty()
    for (const warning of found.warnings.filter(warning => !isLocal || warning !== 'private')) {
      const key = isLocal && warning === 'noPublicUrl' ? 'noOwnUrl' : warning
      warnings.append($('<div>').text(text(`webhook.${key}`, { root: httpNodeRoot.replace(/\/$/, '') })))
    }
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
  webhookTest(node, address, given)
}

/** The validator of `path` where `receive` says whether there is one. */
export const webhookPathValidator: Validator = function (value, options) {
  const receive = shown('node-config-input-receive') ?? this['receive']
  return receive !== 'webhook' || pathValidator.call(this, value, options)
}

/** The validator of a path: what the runtime serves, and no two of them. */
export const pathValidator: Validator = function (value, options) {
  const path = asText(value)
  if (isReference(path)) return true
  if (path === '') return reason('required', options)
  const fault = pathFault(path)
  if (fault) return reason(fault === 'path' ? 'path' : 'pathReserved', options)
  let isTaken = false
  RED.nodes.eachConfig((other: EditorNode) => {
    const isServed = other._def.smsProvider || other.type === 'sms-forward-server'
    if (other.id !== this.id && isServed && other['path'] === path) isTaken = true
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

/** Where this browser reaches the http nodes: as good a guess as any for whoever is to call them. */
const ownAddress = (): string => (location.origin + (RED.settings.httpNodeRoot ?? '/')).replace(/\/+$/, '')

// RFC 4648 §6, in lower case: 32 letters, so that each takes five bits of a random octet evenly.
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const PATH_LENGTH = 20

/** 100 random bits. `getRandomValues`, unlike `randomUUID`, works without https too. */
export function randomPath(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(PATH_LENGTH)), octet => BASE32[octet & 31]).join('')
}
