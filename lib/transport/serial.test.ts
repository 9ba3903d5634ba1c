import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordLine } from '../../test/support/line-events.ts'
import { openPty } from '../../test/support/pty.ts'
import type { Pty } from '../../test/support/pty.ts'
import type { SmsError } from '../errors.ts'
import { openTransport } from './open.ts'
import { explainPort } from './port-errors.ts'
import { loadSerialPort, openSerial } from './serial.ts'
import type { LoadSerialPort } from './serial.ts'

const go = new AbortController().signal

// A pty is what Windows does not have.
;(process.platform === 'win32' ? describe.skip : describe)('serial line, over a pseudo terminal', () => {
  let pty: Pty
  beforeEach(async () => {
    pty = await openPty()
  })
  afterEach(() => pty.close())
  const open = async (path = pty.path) => {
    const line = recordLine()
    return { line, transport: await openSerial({ path, baudRate: 115_200 })(line.events, go) }
  }

  it('carries bytes both ways, though there are no modem lines', async () => {
    const { line, transport } = await open()
    const asked = received(pty, 'AT\r')
    await transport.write(Buffer.from('AT\r'))
    await asked
    pty.write('\r\nOK \x1a\x00\xff\r\n')
    await line.came('\r\nOK \x1a\x00\xc3\xbf\r\n')
    await transport.close()
  })

  it('changes its speed', async () => {
    const { line, transport } = await open()
    await transport.setBaudRate(9600)
    pty.write('x')
    await line.came('x')
    await transport.close()
    await assert.rejects(transport.setBaudRate(115_200), { code: 'SMS_CONNECTION' })
  })

  it('opens through a link, as ports by id are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sms-serial-'))
    try {
      const link = join(folder, 'usb-Acme_Modem-if00-port0')
      await symlink(pty.path, link)
      const { transport } = await open(link)
      await transport.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('frees the port when it is closed, within a second', async () => {
    const first = await open()
    await first.transport.close()
    await first.transport.close()
    assert.deepEqual(first.line.ends, [undefined])
    const second = await open()
    pty.write('x')
    await second.line.came('x')
    await second.transport.close()
  })

  it('rejects what is written after its end, instead of never ending', async () => {
    const { transport } = await open()
    await transport.close()
    await assert.rejects(transport.write(Buffer.from('x')), { code: 'SMS_CONNECTION' })
  })

  for (const moment of ['while nothing happens', 'in the moment it was opened'] as const) {
    it(`is told when it is unplugged ${moment}`, async function () {
      this.slow(3000)
      const { line, transport } = await open()
      if (moment === 'while nothing happens') {
        pty.write('x')
        await line.came('x')
      }
      await pty.close()
      const reason = await line.ended
      assert.equal(reason?.code, 'SMS_CONNECTION')
      assert.match(reason.message, /was the modem unplugged\?/)
      await assert.rejects(transport.write(Buffer.from('x')), { code: 'SMS_CONNECTION' })
      await transport.close()
      assert.equal(line.ends.length, 1)
    })
  }

  it('is for one program at a time', async () => {
    const { line, transport } = await open()
    await assert.rejects(open(), { code: 'SMS_CONNECTION', message: /another program uses this port/ })
    pty.write('still ours')
    await line.came('still ours')
    await transport.close()
  })

  it('is closed again when its opening was called off', async () => {
    const stop = new AbortController()
    const { SerialPort } = await loadSerialPort()
    class Hasty extends SerialPort {
      override open(told?: (error: Error | null) => void) {
        super.open(told)
        stop.abort()
      }
    }
    const load = (async () => ({ SerialPort: Hasty })) as unknown as LoadSerialPort
    const opening = openSerial({ path: pty.path, baudRate: 115_200, load })(recordLine().events, stop.signal)
    await assert.rejects(opening, { code: 'SMS_CANCELLED' })
    // Held, it would be refused; it is closed as soon as it has opened.
    for (;;) {
      const again = await open().catch((error: SmsError) => error)
      if (!('transport' in again)) continue
      await again.transport.close()
      break
    }
  })
})

describe('serial port', () => {
  it('that is not there', async () => {
    const opening = openSerial({ path: '/dev/ttyUSB99', baudRate: 9600 })(recordLine().events, go)
    await assert.rejects(opening, { code: 'SMS_CONNECTION', message: /^\/dev\/ttyUSB99: there is no such port/ })
  })

  it('that is something else', async () => {
    const opening = openSerial({ path: '/dev/null', baudRate: 9600 })(recordLine().events, go)
    await assert.rejects(opening, { code: 'SMS_CONNECTION', message: /no serial port/ })
  })

  it('at no speed at all', async () => {
    const opening = openSerial({ path: '/dev/ttyUSB99', baudRate: 0 })(recordLine().events, go)
    await assert.rejects(opening, { code: 'SMS_CONNECTION', message: /does not take this speed/ })
  })

  it('without its package', async () => {
    const load = () => Promise.reject(new Error('No native build was found for platform=linux arch=mips'))
    const opening = openSerial({ path: '/dev/ttyUSB0', baudRate: 9600, load })(recordLine().events, go)
    await assert.rejects(opening, { code: 'SMS_CONFIG', message: /serialport does not load on this machine/ })
  })

  for (const [said, meant] of [
    ['Error: No such file or directory, cannot open /dev/ttyUSB0', /there is no such port/],
    ['Opening COM6: File not found', /there is no such port/],
    ['Error: Permission denied, cannot open /dev/ttyUSB0', /group dialout/],
    ['Opening COM6: Access denied', /another program/],
    ['Error: Device or resource busy, cannot open /dev/ttyUSB0', /another program/],
    ['Error Resource temporarily unavailable Cannot lock port', /another program/],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 115200', /no serial port/],
    ['Error: Is a directory, cannot open /dev', /no serial port/],
    ['Error: No such device or address, cannot open /dev/ttyS9', /no serial port/],
    ['Error: No such device, cannot open /dev/ttyUSB0', /there is no such port/],
    ['Error: Input/output error, cannot read', /unplugged/],
    ['something new\nsecond line', /the port failed \(something new\)$/],
  ] as const) {
    it(`is explained: ${said}`, () => {
      const { code, message } = explainPort('/dev/ttyUSB0', new Error(said), 'linux')
      assert.equal(code, 'SMS_CONNECTION')
      assert.match(message, meant)
    })
  }
})

describe('address of a modem', () => {
  for (const address of ['', '  ', 'http://h:1', 'ttyUSB0', 'tcp://', 'file:///dev/x', 'constructor']) {
    it(`is refused: ${JSON.stringify(address)}`, () => {
      assert.throws(() => openTransport(address, { baudRate: 9600 }), { code: 'SMS_CONFIG' })
    })
  }
  for (const address of [
    '/dev/serial/by-id/usb-x',
    'COM6',
    String.raw`\\.\COM12`,
    ' /dev/ttyUSB0 ',
    'tcp://127.0.0.1:4001',
  ]) {
    it(`is taken: ${address}`, () => {
      assert.equal(typeof openTransport(address, { baudRate: 9600 }), 'function')
    })
  }
})

function received(pty: Pty, wanted: string): Promise<void> {
  let text = ''
  return new Promise(resolve =>
    pty.onData(bytes => {
      text += bytes.toString('latin1')
      if (text === wanted) resolve()
    }),
  )
}
