/** What is wrong with the path of a webhook: its form, or that this package's own pages are there already. */
export type PathFault = 'path' | 'pathReserved'

/**
 * The first parts of what the editor is served below `/sms/` by GET. Where its root is that of the http nodes, as it is
 * by default, that would be answered in place of the carrier. Express takes no notice of case.
 */
const RESERVED = /^(console|ports)$/i

/** Why a webhook cannot have this path; undefined where it can. */
export function pathFault(path: string): PathFault | undefined {
  if (!/^[\w-]{1,64}$/.test(path)) return 'path'
  return RESERVED.test(path) ? 'pathReserved' : undefined
}
