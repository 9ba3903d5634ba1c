import type { Query } from './red.ts'

export interface MenuOption {
  readonly label: string
  readonly onselect: () => void
}

/** Lets people choose at a button, by keyboard too; who chooses nothing is back at the button. */
export function showMenu(button: Query, options: readonly MenuOption[]): void {
  RED.popover
    .menu({
      options,
      onclose: cancelled => {
        if (cancelled === true) button.trigger('focus')
      },
    })
    .show({ target: button })
  $('.red-ui-popover-panel .red-ui-menu a:visible').first().trigger('focus')
}
