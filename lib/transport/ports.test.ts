import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { listPorts } from './ports.ts'
import type { LoadSerialPort } from './serial.ts'

describe('list of serial ports', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sms-ports-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  function file(path: string, text = '') {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  function link(path: string, target: string) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    symlinkSync(target, join(root, path))
  }
  /** As the kernel lays a USB modem out, one of whose interfaces is a port. */
  function usbPort(name: string, device: string, fields: Record<string, string>) {
    const usb = `sys/devices/pci0/usb1/${device}`
    for (const [field, value] of Object.entries(fields)) file(`${usb}/${field}`, `${value}\n`)
    mkdirSync(join(root, usb, `${device}:1.0/${name}/tty/${name}`), { recursive: true })
    link(`${usb}/${device}:1.0/${name}/tty/${name}/device`, `../../../${name}`)
    link(`sys/class/tty/${name}`, `../../../${usb}/${device}:1.0/${name}/tty/${name}`)
    file(`dev/${name}`)
  }

  it('tells of USB modems what they say of themselves, with the name that stays', async () => {
    const zte = {
      idVendor: '19d2',
      idProduct: '2003',
      manufacturer: 'ZTE,Incorporated',
      product: 'ZTE WCDMA',
      serial: 'P67',
    }
    usbPort('ttyUSB10', '1-2', { idVendor: '12d1', idProduct: '1001' })
    usbPort('ttyUSB2', '1-1', zte)
    link('dev/serial/by-id/usb-ZTE_P67-if01-port0', '../../ttyUSB2')
    assert.deepEqual(await list(), [
      {
        path: '/dev/ttyUSB2',
        byId: '/dev/serial/by-id/usb-ZTE_P67-if01-port0',
        vendorId: '19d2',
        productId: '2003',
        manufacturer: 'ZTE,Incorporated',
        product: 'ZTE WCDMA',
        serialNumber: 'P67',
      },
      { path: '/dev/ttyUSB10', vendorId: '12d1', productId: '1001' },
    ])
  })

  it("has the board's own ports after those, but no console, no pseudo terminal and no port without a UART", async () => {
    for (const [name, type] of [
      ['ttyS0', '4'],
      ['ttyS1', '0'],
      ['ttyAMA0', undefined],
    ] as const) {
      mkdirSync(join(root, `sys/devices/platform/${name}/tty/${name}`), { recursive: true })
      link(`sys/devices/platform/${name}/tty/${name}/device`, `../../../${name}`)
      link(`sys/class/tty/${name}`, `../../devices/platform/${name}/tty/${name}`)
      if (type !== undefined) file(`sys/devices/platform/${name}/tty/${name}/type`, `${type}\n`)
      file(`dev/${name}`)
    }
    for (const name of ['tty0', 'ptmx', 'console']) {
      mkdirSync(join(root, 'sys/class/tty', name), { recursive: true })
      file(`dev/${name}`)
    }
    usbPort('ttyACM0', '1-3', { idVendor: '1546', idProduct: '1102' })
    assert.deepEqual(
      (await list()).map(({ path }) => path),
      ['/dev/ttyACM0', '/dev/ttyAMA0', '/dev/ttyS0'],
    )
  })

  it('has only what a container was given', async () => {
    usbPort('ttyUSB0', '1-1', { idVendor: '19d2', idProduct: '2003' })
    rmSync(join(root, 'dev/ttyUSB0'))
    assert.deepEqual(await list(), [])
  })

  it('makes do with the links where the rest is hidden, and with nothing', async () => {
    assert.deepEqual(await list(), [])
    file('dev/ttyUSB0')
    link('dev/serial/by-id/usb-x', '../../ttyUSB0')
    link('dev/serial/by-id/usb-gone', '../../ttyUSB7')
    assert.deepEqual(await list(), [{ path: '/dev/ttyUSB0', byId: '/dev/serial/by-id/usb-x' }])
  })

  it('asks the package elsewhere', async () => {
    const listed = [
      {
        path: 'COM6',
        manufacturer: 'ZTE',
        vendorId: '19D2',
        productId: '2003',
        friendlyName: 'ZTE NMEA (COM6)',
        pnpId: 'x',
      },
      { path: 'COM1', manufacturer: undefined },
    ]
    const load = (async () => ({ SerialPort: { list: async () => listed } })) as unknown as LoadSerialPort
    assert.deepEqual(await listPorts({ platform: 'win32', load }), [
      { path: 'COM6', manufacturer: 'ZTE', product: 'ZTE NMEA (COM6)', vendorId: '19d2', productId: '2003' },
      { path: 'COM1' },
    ])
    const missing = () => Promise.reject(new Error('no native build'))
    await assert.rejects(listPorts({ platform: 'darwin', load: missing }), { code: 'SMS_CONFIG' })
  })

  it('works on this machine', async () => {
    for (const { path } of await listPorts()) assert.equal(typeof path, 'string')
  })

  const list = () => listPorts({ platform: 'linux', root })
})
