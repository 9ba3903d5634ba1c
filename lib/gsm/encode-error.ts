/** What the caller asked for cannot be written: `problem` names the field, the message says why. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  readonly problem: EncodeProblem

  constructor(problem: EncodeProblem, message: string) {
    super(message)
    this.problem = problem
  }
}

/** A number or name; characters the alphabet has not; more than fits; a value out of its range. */
export type EncodeProblem = 'address' | 'text' | 'length' | 'option'
