import type { Member } from './contract.ts'

/** The providers a message may end up with that is given to this one: itself, or all that a router picks among. */
export function leavesOf<M extends Pick<Member, 'id' | 'provider'>>(
  id: string,
  find: (idOrName: string) => M | undefined,
): readonly M[] {
  return below(id, find).filter(({ provider }) => !provider.router)
}

/** A provider in use, and all below it where it is a router, each once; routers that list each other end there. */
export function below<M extends Pick<Member, 'id' | 'provider'>>(
  id: string,
  find: (idOrName: string) => M | undefined,
  onMissing: (idOrName: string) => void = () => {},
): readonly M[] {
  const seen = new Map<string, M>()
  const visit = (idOrName: string): void => {
    const member = find(idOrName)
    if (!member) return onMissing(idOrName)
    if (seen.has(member.id)) return
    seen.set(member.id, member)
    for (const each of member.provider.router?.members() ?? []) visit(each)
  }
  visit(id)
  return [...seen.values()]
}
