/** Counts messages of a day in durable notes, so that a restart does not start the day anew. */
export interface Budget {
  /** For each recipient in order: whether there was room for one more message, which is taken then. */
  take(recipients: readonly string[], date: string): Promise<readonly (undefined | 'recipient' | 'day')[]>
}

export interface BudgetOptions {
  /** Messages a day; absent: no limit. */
  readonly perRecipient?: number
  readonly perDay?: number
  readonly get: (key: string) => Promise<string | undefined>
  readonly set: (key: string, value: string) => Promise<void>
}

const ALL = 'budget.all'
const keyOf = (recipient: string) => `budget.to.${recipient}`

/**
 * One note per recipient and one for all, each `date count`, so that there are never more of them than recipients. To
 * be called by one at a time: between reading and writing nobody else may take the same room.
 */
export function createBudget({ perRecipient, perDay, get, set }: BudgetOptions): Budget {
  async function read(key: string, date: string): Promise<number> {
    const [day, count] = ((await get(key)) ?? '').split(' ')
    return day === date ? Number(count) || 0 : 0
  }

  return {
    async take(recipients, date) {
      const keys = [
        ...(perDay === undefined ? [] : [ALL]),
        ...(perRecipient === undefined ? [] : new Set(recipients.map(keyOf))),
      ]
      // All at once, as a store answers those of one moment together.
      const before = new Map(await Promise.all(keys.map(async key => [key, await read(key, date)] as const)))
      const counts = new Map(before)
      const answers = recipients.map(recipient => {
        const key = keyOf(recipient)
        if ((counts.get(ALL) ?? 0) >= (perDay ?? Infinity)) return 'day'
        if ((counts.get(key) ?? 0) >= (perRecipient ?? Infinity)) return 'recipient'
        for (const counted of [ALL, key]) if (counts.has(counted)) counts.set(counted, counts.get(counted)! + 1)
        return undefined
      })
      const changed = [...counts].filter(([key, count]) => count !== before.get(key))
      await Promise.all(changed.map(([key, count]) => set(key, `${date} ${count}`)))
      return answers
    },
  }
}
