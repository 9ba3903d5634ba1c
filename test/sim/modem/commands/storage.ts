import type { Commands, Core } from '../command.ts'
import { cms, ok } from '../reply.ts'
import { tpduLength } from '../storage.ts'
import type { Memory, Slot } from '../storage.ts'
import type { MemoryName } from '../profile.ts'
import { STATUS_TEXT, textHeader } from '../text-mode.ts'

const memory = (modem: Core, which: 0 | 1 | 2): Memory | undefined => modem.storage[modem.settings.cpms[which]]

/** Reading, listing, deleting (3GPP TS 27.005 §3.2.2, §3.4, §3.5.4). */
export const storage: Commands = {
  '+CPMS': {
    needs: 'sim',
    isSms: true,
    test: modem => {
      const names = Object.keys(modem.storage) as MemoryName[]
      const list = (all: readonly string[]) => `(${all.map(name => `"${name}"`).join(',')})`
      const kept = list(names.filter(name => name !== 'SR'))
      return ok(`+CPMS: ${list(names)},${kept},${kept}`)
    },
    read: modem => {
      const all = modem.settings.cpms.map(name => `"${name}",${usage(modem, name)}`)
      return ok(`+CPMS: ${all.join(',')}`)
    },
    set: (modem, names) => {
      const chosen = [...modem.settings.cpms] as Core['settings']['cpms']
      for (const [place, name] of names.entries()) {
        if (!isMemory(modem, name) || place > 2 || (place > 0 && name === 'SR')) return cms(302)
        chosen[place as 0 | 1 | 2] = name
      }
      modem.settings.cpms = chosen
      return ok(`+CPMS: ${chosen.map(name => usage(modem, name)).join(',')}`)
    },
  },
  '+CMGL': {
    needs: 'sim',
    isSms: true,
    test: ({ settings }) =>
      ok(`+CMGL: ${settings.cmgf === 0 ? '(0-4)' : `(${[...STATUS_TEXT, 'ALL'].map(s => `"${s}"`).join(',')})`}`),
    run: modem => list(modem, modem.settings.cmgf === 0 ? '0' : STATUS_TEXT[0]),
    set: (modem, [status = '']) => list(modem, status),
  },
  '+CMGR': {
    needs: 'sim',
    isSms: true,
    test: () => ok(),
    set: (modem, [index = '']) => {
      const slot = memory(modem, 0)?.at(Number(index))
      if (!slot) return told(modem.behaviour.emptySlot)
      const header = describe(modem, slot, '+CMGR')
      if (slot.status === 0) slot.status = 1
      return ok(...header)
    },
  },
  '+CMGD': {
    needs: 'sim',
    isSms: true,
    test: modem => {
      const used = memory(modem, 0)?.slots.map(slot => slot.index) ?? []
      return ok(`+CMGD: (${used.join(',')}),(0-4)`)
    },
    set: (modem, [index = '', flag = '0']) => {
      const place = memory(modem, 0)
      if (!place) return cms(302)
      const doomed = DELETES[flag]
      if (!doomed) return cms(302)
      if (flag === '0' && (index === '' || Number(index) > place.capacity)) return cms(321)
      for (const slot of place.slots) if (doomed(slot, Number(index))) place.remove(slot.index)
      modem.retry()
      return ok()
    },
  },
}

// 3GPP TS 27.005 §3.5.4: deleting a free place is no error.
const DELETES: Readonly<Record<string, (slot: Slot, index: number) => boolean>> = {
  0: (slot, index) => slot.index === index,
  1: slot => slot.status === 1,
  2: slot => slot.status === 1 || slot.status === 3,
  3: slot => slot.status !== 0,
  4: () => true,
}

function list(modem: Core, status: string) {
  const isPdu = modem.settings.cmgf === 0
  const wanted = isPdu ? Number(status === '' ? '0' : status) : [...STATUS_TEXT, 'ALL'].indexOf(status.toUpperCase())
  if (!(wanted >= 0 && wanted <= 4)) return cms(isPdu ? 304 : 305)
  const slots = (memory(modem, 0)?.slots ?? []).filter(slot => wanted === 4 || slot.status === wanted)
  if (slots.length === 0) return told([modem.behaviour.emptyList])
  const lines = slots.flatMap(slot => describe(modem, slot, '+CMGL'))
  for (const slot of slots) if (slot.status === 0) slot.status = 1
  return ok(...lines)
}

function describe(modem: Core, slot: Slot, name: '+CMGL' | '+CMGR'): readonly string[] {
  const index = name === '+CMGL' ? `${slot.index},` : ''
  if (modem.settings.cmgf === 1) return textHeader(modem, slot, `${name}: ${index}`)
  return [`${name}: ${index}${slot.status},,${tpduLength(slot.pdu)}`, slot.pdu]
}

/** What a behaviour says in words, the last of them the result. */
function told(lines: readonly string[]) {
  const final = lines.at(-1) ?? 'OK'
  const code = /^\+CMS ERROR: (\d+)$/.exec(final)?.[1]
  const said = lines.slice(0, -1)
  if (code !== undefined) return cms(Number(code))
  return { kind: 'final', lines: said, final: final === 'OK' ? 'OK' : 'ERROR' } as const
}

function usage(modem: Core, name: MemoryName): string {
  const { used = 0, capacity = 0 } = modem.storage[name] ?? {}
  return `${used},${capacity}`
}

const isMemory = (modem: Core, name: string): name is MemoryName => name in modem.storage
