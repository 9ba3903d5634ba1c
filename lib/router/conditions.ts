import { toText } from '../data.ts'
import { SmsError } from '../errors.ts'
import { quote } from '../quote.ts'
import type { Abilities, RoutingFacts } from './facts.ts'
import { createCategories, readList } from './lists.ts'
import { createZone, dayOfWindow, isWithin, readTimeOfDay } from './local-time.ts'
import type { DayWindow } from './local-time.ts'

/** Whether a route takes a message. */
export type Condition = (message: RoutingFacts, state: Abilities) => boolean | Promise<boolean>

/** What conditions need of their surroundings. */
export interface ConditionContext {
  /** The provider in a slot, by id or name. */
  readonly slot: (name: string) => string | undefined
  /** Prepares an expression over a message. Throws `SMS_CONFIG` for what is none. */
  readonly compile: (expression: string) => (message: object) => unknown
  /** Told of an expression that failed. */
  readonly onFailure: (reason: string) => void
}

/**
 * The condition that all of `when` makes; nothing holds always. Fields that are empty do not count, ones that do not
 * exist are `SMS_CONFIG`: a misspelt condition must not let everything through.
 */
export function readWhen(given: unknown, context: ConditionContext): Condition {
  const when = (given ?? {}) as Readonly<Record<string, unknown>>
  if (typeof when !== 'object' || Array.isArray(when))
    throw new SmsError('SMS_CONFIG', '«when» of a route is an object')
  const conditions: Condition[] = []
  for (const [name, value] of Object.entries(when)) {
    if (!Object.hasOwn(READERS, name)) throw new SmsError('SMS_CONFIG', `a route has no condition ${quote(name)}`)
    if (isEmpty(value)) continue
    conditions.push(READERS[name as keyof typeof READERS](value, context))
  }
  return async (message, state) => {
    for (const condition of conditions) if (!(await condition(message, state))) return false
    return true
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)

type Reader = (value: unknown, context: ConditionContext) => Condition

const parts =
  (fits: (parts: number, bound: number) => boolean): Reader =>
  value => {
    const bound = Number(value)
    if (!(bound >= 1)) throw new SmsError('SMS_CONFIG', 'the number of parts in a condition is a number from 1 up')
    return message => fits(message.parts, bound)
  }

const READERS = {
  to(value) {
    const prefixes = readList(value).map(normal)
    return ({ to }) => to !== undefined && prefixes.some(prefix => to.startsWith(prefix))
  },
  country(value) {
    const countries = new Set(readList(value).map(entry => entry.toUpperCase()))
    const wrong = [...countries].find(country => !/^[A-Z]{2}$/.test(country))
    if (wrong !== undefined) throw new SmsError('SMS_CONFIG', `${quote(wrong)} is no country: write two letters, as UA`)
    return message => countries.has(message.country() ?? '')
  },
  category(value) {
    const matches = createCategories(readList(value))
    return ({ category }) => matches(category)
  },
  alphabet(value) {
    if (value !== 'gsm7' && value !== 'ucs2') throw new SmsError('SMS_CONFIG', 'the alphabet is gsm7 or ucs2')
    return ({ encoding }) => encoding === value
  },
  minParts: parts((number, least) => number >= least),
  maxParts: parts((number, most) => number <= most),
  time: readTime,
  available(value, { slot }) {
    const slots = readList(value).map(name => {
      const provider = slot(name)
      if (provider === undefined) throw new SmsError('SMS_CONFIG', `a route asks about ${quote(name)}, which is empty`)
      return provider
    })
    return (_message, { find }) => slots.every(id => find(id)?.isAble() ?? false)
  },
  expression(value, { compile, onFailure }) {
    const run = compile(String(value))
    return async message => {
      const { country, ...facts } = message
      try {
        return Boolean(await run({ ...facts, country: country() }))
      } catch (error) {
        // Another route can still take it: a message is better sent otherwise than not at all.
        onFailure(error instanceof Error ? error.message : 'an expression failed')
        return false
      }
    }
  },
} satisfies Record<string, Reader>

/** Numbers begin as in `sms in`: with or without a `*`, blanks and brackets. */
const normal = (prefix: string): string => prefix.replaceAll(/[\s().*-]/g, '').replace(/^00/, '+')

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function readTime(value: unknown): Condition {
  const { days, from, to, timeZone } = value as Readonly<Record<string, unknown>>
  const chosen = new Set(
    readList(days).map(day => {
      const index = DAYS.indexOf(day.slice(0, 3).toLowerCase())
      if (index < 0) throw new SmsError('SMS_CONFIG', `${quote(day)} is no day of the week such as mon`)
      return index
    }),
  )
  const window = readWindow(from, to)
  if (chosen.size === 0 && !window) return () => true
  const zone = createZone(readList(timeZone)[0])
  return (_message, { nowMs }) => {
    const local = zone(nowMs)
    if (window && !isWithin(window, local.minute)) return false
    return chosen.size === 0 || chosen.has(window ? dayOfWindow(window, local) : local.day)
  }
}

/** A part of the day; nothing where neither end is given. Throws `SMS_CONFIG`. */
export function readWindow(from: unknown, to: unknown): DayWindow | undefined {
  if (isEmpty(from) && isEmpty(to)) return undefined
  return { from: readTimeOfDay(toText(from) ?? ''), to: readTimeOfDay(toText(to) ?? '') }
}
