/** What a network answers to USSD codes. */
export interface Services {
  /** By code: a text, or what is asked with each further input; a session goes on while `more` is true. */
  set(code: string, answer: string | Service): void
  /** Begins a session; undefined for a code nobody serves. */
  begin(code: string): { readonly first: UssdAnswer; readonly next: (input: string) => UssdAnswer } | undefined
}

export interface UssdAnswer {
  readonly text: string
  /** The network waits for an input (`+CUSD: 1`). */
  readonly more?: boolean
}

/** Answers the inputs of one session, of which the code itself is the first. */
export type Service = (inputs: readonly string[]) => UssdAnswer

/** A few services every network has: a balance, a text in Cyrillic, a menu. */
export function createServices(): Services {
  const services = new Map<string, Service>()
  const set: Services['set'] = (code, answer) =>
    void services.set(code, typeof answer === 'string' ? () => ({ text: answer }) : answer)
  set('*100#', 'Balance: 42.17 UAH')
  set('*101#', 'Баланс: 42,17 грн')
  set('*102#', ([, input]) =>
    input === undefined
      ? { text: '1. Balance\n2. Tariff', more: true }
      : { text: input === '1' ? 'Balance: 42.17 UAH' : 'Tariff: Home' },
  )

  return {
    set,
    begin(code) {
      const service = services.get(code)
      if (!service) return undefined
      const inputs = [code]
      return {
        first: service(inputs),
        next(input) {
          inputs.push(input)
          return service(inputs)
        },
      }
    },
  }
}
