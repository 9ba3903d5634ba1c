import { TOLD_STATES } from '../../lib/message.ts'
import type { ToldState } from '../../lib/message.ts'
import type { Query } from './red.ts'
import { text } from './texts.ts'

/** A checkbox for each state that can be told. For `oneditprepare`. */
export function stateBoxes(container: Query, states: unknown): void {
  const chosen = asStates(states)
  for (const state of TOLD_STATES) {
    const box = $('<input type="checkbox">').attr('value', state).prop('checked', chosen.includes(state))
    $('<label>')
      .append(box, $('<span>').text(text(`states.${state}`)))
      .appendTo(container)
  }
}

/** The chosen states; the very list there was, where the boxes say the same. For `oneditsave`. */
export function savedStates(container: Query, states: unknown): readonly ToldState[] {
  const kept = asStates(states)
  const shown = TOLD_STATES.filter(state => container.find(`[value=${state}]`).prop('checked') === true)
  const isSame = shown.length === new Set(kept).size && shown.every(state => kept.includes(state))
  return isSame ? kept : shown
}

const asStates = (value: unknown): readonly ToldState[] => (Array.isArray(value) ? (value as ToldState[]) : [])
