import assert from 'node:assert/strict'
import { isSamePhone } from './same-phone.ts'

describe('same phone', () => {
  const rows: readonly (readonly [one: string, other: string, same: boolean])[] = [
    ['+380501112233', '+380501112233', true],
    ['+380501112233', '380501112233', true],
    ['+380501112233', '00380501112233', true],
    ['+380501112233', '0501112233', true],
    ['+491701234567', '01701234567', true],
    ['+79161234567', '89161234567', true],
    ['+15550001111', '5550001111', true],
    ['+380501112233', '+380671112233', false],
    ['+380501112233', '0671112233', false],
    // Seven digits in common are a whole local number, but these two name their networks.
    ['0501112233', '0671112233', false],
    ['+380501112233', '2233', false],
    ['5433', '5433', true],
    ['5433', '+380501115433', false],
    ['Kyivstar', 'Kyivstar', true],
    ['Kyivstar', 'Vodafone', false],
    ['', '', true],
    ['', '+380501112233', false],
  ]
  for (const [one, other, same] of rows) {
    it(`${one || 'none'} ${same ? 'is' : 'is not'} ${other || 'none'}`, () => {
      assert.equal(isSamePhone(one, other), same)
      assert.equal(isSamePhone(other, one), same)
    })
  }
})
