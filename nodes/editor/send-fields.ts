import type { EditorNode } from './red.ts'
import { segmentLine } from './segment-counter.ts'
import { text } from './texts.ts'
import { isStrayNumber } from './validators.ts'
import { asText } from './values.ts'

/** Recipient, text and outputs of `sms out`. For `oneditprepare`. */
export function sendFields(node: EditorNode): void {
  const to = $('#node-input-to').typedInput({
    typeField: '#node-input-toType',
    types: [
      'msg',
      'str',
      'flow',
      'global',
      'env',
      'jsonata',
      { value: 'reply', label: text('option.to.reply'), icon: 'fa fa-reply', hasValue: false },
    ],
  })
  const warnings = $('<div class="sms-warnings" role="status">').appendTo(to.closest('.form-row'))
  const warn = () => {
    warnings.empty()
    if (isStrayNumber(to.typedInput('type'), asText(to.val())))
      warnings.append($('<div>').text(`${text('label.to')}: ${text('validation.numberAsProperty')}`))
  }
  to.on('change', warn)
  warn()
  const typed = $('#node-input-text').typedInput({
    typeField: '#node-input-textType',
    // An input has one line, and an SMS may have several: a text of its own is written below.
    types: [
      'msg',
      { value: 'str', label: text('option.text.str'), icon: 'fa fa-commenting-o', hasValue: false },
      'flow',
      'global',
      'env',
      'jsonata',
    ],
  })
  const body = $('#sms-text-body')
  const counter = $('#sms-segments')
  const count = () => counter.text(segmentLine(body.val() ?? ''))
  if (node['textType'] === 'str' && typeof node['text'] === 'string') body.val(node['text'])
  body.on('input', count)
  count()
  typed.on('change', () => $('.sms-row-body').toggle(typed.typedInput('type') === 'str'))

  const failures = $('#node-input-failures')
  failures.on('change', () => $('#node-input-outputs').val(failures.val() === 'output' ? '2' : '1'))
}

/** Puts the text written below in the place where the editor looks for it. For `oneditsave`. */
export function saveSendFields(): void {
  if ($('#node-input-textType').val() !== 'str') return
  $('#node-input-text').removeAttr('id')
  $('#sms-text-body').attr('id', 'node-input-text')
}
