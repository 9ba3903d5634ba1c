import type { Change } from './debounce.ts'
import { SmsError } from './errors.ts'
import { renderTemplate } from './template.ts'

/** The node's properties of the same names. */
export interface ChangeTextOptions {
  /**
   * `{{time}}` HH:MM:SS, `{{date}}` YYYY-MM-DD, `{{changes}}` a line `Name: State` per change, `{{count}}` how many,
   * `{{states.Name}}` the state of any sensor; empty or absent: the time, then the changes.
   */
  readonly template?: string | undefined
  /** An IANA name such as `Europe/Kyiv`; empty or absent: the system's time zone. */
  readonly timeZone?: string | undefined
}

/** The payload where no template is set: the time, then a line per change. */
const DEFAULT_TEMPLATE = '{{time}}\n{{changes}}'

/** Makes the function that tells a change as text, at a time in epoch milliseconds; SMS_CONFIG for no such zone. */
export function createChangeText(options: ChangeTextOptions = {}): (change: Change, atMs: number) => string {
  const template = options.template || DEFAULT_TEMPLATE
  const clock = clockOf(options.timeZone?.trim() || undefined)

  return ({ changes, states }, atMs) => {
    const at = Object.fromEntries(clock.formatToParts(atMs).map(part => [part.type, part.value]))
    return renderTemplate(template, {
      time: `${at['hour']}:${at['minute']}:${at['second']}`,
      date: `${at['year']}-${at['month']}-${at['day']}`,
      changes: changes.map(({ name, state }) => `${name}: ${state}`).join('\n'),
      count: changes.length,
      states,
    })
  }
}

function clockOf(timeZone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  } catch (cause) {
    const message = `there is no time zone "${timeZone}"; it takes a name such as Europe/Kyiv, or nothing`
    throw new SmsError('SMS_CONFIG', message, { cause })
  }
}
