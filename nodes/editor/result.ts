import type { Query } from './red.ts'

/** What a line of a result means. */
export type Meaning = 'good' | 'bad' | 'doubt' | 'busy' | 'more'

/** Where a dialog says what came of something; read out by screen readers. */
export interface Result {
  readonly element: Query
  show(meaning: Meaning, ...lines: readonly string[]): void
  /** Puts something below the lines, such as buttons. */
  add(content: Query): void
  clear(): void
}

/** A place for results, to be put below what they are about. It is there before it has a text, else none is read out. */
export function createResult(): Result {
  const element = $('<div class="sms-result" role="status">')
  return {
    element,
    show(meaning, ...lines) {
      element.empty()
      for (const [at, line] of lines.entries())
        element.append(
          $('<div>')
            .addClass(`sms-${at === 0 ? meaning : 'more'}`)
            .text(line),
        )
    },
    add: content => void element.append(content),
    clear: () => void element.empty(),
  }
}

/** A button with words on it. */
export function wordButton(label: string, icon: string, press: () => void): Query {
  const button = $('<button type="button" class="red-ui-button sms-button">')
  button.append($('<i aria-hidden="true">').addClass(`fa fa-${icon}`), $('<span>').text(` ${label}`))
  button.on('click', press)
  return button
}

/** Runs `work` once at a time, with the button off meanwhile. It keeps the focus, as who cannot see would lose the place. */
export function whileBusy(button: Query, work: () => Promise<void>): () => void {
  let isBusy = false
  return () => {
    if (isBusy) return
    isBusy = true
    button.attr('aria-disabled', 'true').addClass('disabled')
    void work().finally(() => {
      isBusy = false
      button.removeAttr('aria-disabled').removeClass('disabled')
    })
  }
}
