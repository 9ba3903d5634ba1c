/** A SIM card: present or not, locked or not, with so many attempts left. */
export interface SimCard {
  isPresent: boolean
  readonly imsi: string
  readonly iccid: string
  /** What `+CPIN?` says. */
  readonly state: 'READY' | 'SIM PIN' | 'SIM PUK' | 'absent'
  /** Whether the PIN is asked for after every start. */
  isPinOn: boolean
  pin: string
  readonly puk: string
  attemptsLeft: { pin: number; puk: number }
  /** `true` if it was the right one; a third wrong PIN locks the card. */
  enterPin(pin: string): boolean
  enterPuk(puk: string, newPin: string): boolean
  /** As after power on: the PIN, if there is one, is to be entered again. */
  restart(): void
}

export interface SimCardOptions {
  /** Without one the card is open. */
  readonly pin?: string
  readonly puk?: string
  readonly isPresent?: boolean
  readonly imsi?: string
  readonly iccid?: string
}

export function createSimCard(options: SimCardOptions = {}): SimCard {
  const { isPresent = true, imsi = '255010123456789', iccid = '8938001234567890123' } = options
  let isUnlocked = options.pin === undefined
  const card: SimCard = {
    isPresent,
    imsi,
    iccid,
    isPinOn: options.pin !== undefined,
    pin: options.pin ?? '0000',
    puk: options.puk ?? '12345678',
    attemptsLeft: { pin: 3, puk: 10 },
    get state() {
      if (!card.isPresent) return 'absent'
      if (card.attemptsLeft.pin === 0) return 'SIM PUK'
      return isUnlocked ? 'READY' : 'SIM PIN'
    },
    enterPin(pin) {
      if (card.attemptsLeft.pin === 0) return false
      if (pin !== card.pin) {
        card.attemptsLeft.pin--
        return false
      }
      card.attemptsLeft.pin = 3
      isUnlocked = true
      return true
    },
    enterPuk(puk, newPin) {
      if (card.attemptsLeft.puk === 0 || puk !== card.puk) {
        card.attemptsLeft.puk = Math.max(0, card.attemptsLeft.puk - 1)
        return false
      }
      card.pin = newPin
      card.attemptsLeft = { pin: 3, puk: 10 }
      isUnlocked = true
      return true
    },
    restart() {
      isUnlocked = !card.isPinOn
    },
  }
  return card
}
