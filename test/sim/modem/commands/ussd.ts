import type { Commands, Core } from '../command.ts'
import { isRegistered } from '../command.ts'
import { cme, ok } from '../reply.ts'
import { readUssd, sayUssd } from '../ussd-text.ts'

/** USSD (3GPP TS 27.007 §7.15). */
export const ussd: Commands = {
  '+CUSD': {
    needs: 'sim',
    test: () => ok('+CUSD: (0-2)'),
    read: ({ settings }) => ok(`+CUSD: ${settings.cusd}`),
    run: modem => {
      modem.settings.cusd = 0
      return ok()
    },
    set: (modem, [mode = '', text]) => {
      if (mode === '2') {
        modem.ussd = undefined
        return ok()
      }
      if (mode !== '0' && mode !== '1') return cme(50)
      modem.settings.cusd = Number(mode)
      if (text === undefined || text === '') return ok()
      if (!isRegistered(modem)) return cme(30)
      const input = readUssd(modem, text)
      if (input === undefined) return cme(50)
      ask(modem, input)
      return ok()
    },
  },
}

/** The network answers after the command is done, as an unsolicited code. */
function ask(modem: Core, input: string): void {
  const open = modem.ussd
  const session = open === undefined ? modem.network.services.begin(input) : undefined
  const answer = open === undefined ? session?.first : open(input)
  modem.ussd = answer?.more === true ? (session?.next ?? open) : undefined
  modem.clock.after(0, () => {
    // 4: operation not supported.
    if (!answer) modem.say('+CUSD: 4')
    else sayUssd(modem, answer.text, answer.more === true)
  })
}
