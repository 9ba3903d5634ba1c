import { loadOrExplain, loadSerialPort } from './serial.ts'
import type { LoadSerialPort } from './serial.ts'
import { listLinuxPorts } from './linux-ports.ts'
import type { Port } from './contract.ts'

export interface ListPortsOptions {
  readonly platform?: NodeJS.Platform
  /** Of the file system, on Linux. */
  readonly root?: string
  readonly load?: LoadSerialPort
}

/** The serial ports of this machine, those of USB first; rejects with `SMS_CONFIG` where they cannot be listed. */
export async function listPorts(options: ListPortsOptions = {}): Promise<Port[]> {
  const { platform = process.platform, root = '/', load = loadSerialPort } = options
  // On Linux the package asks udevadm, which neither a container nor Home Assistant has.
  if (platform === 'linux') return listLinuxPorts(root)

  const { SerialPort } = await loadOrExplain(load)
  return (await SerialPort.list()).map(describe)
}

type Listed = Awaited<ReturnType<Awaited<ReturnType<LoadSerialPort>>['SerialPort']['list']>>[number]

function describe({ path, ...port }: Listed): Port {
  const fields = {
    manufacturer: port.manufacturer,
    // Windows alone has it, in the words of its device manager.
    product: (port as { friendlyName?: string }).friendlyName,
    serialNumber: port.serialNumber,
    vendorId: port.vendorId?.toLowerCase(),
    productId: port.productId?.toLowerCase(),
  }
  return Object.assign({ path }, Object.fromEntries(Object.entries(fields).filter(([, value]) => value)))
}
