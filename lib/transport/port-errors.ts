import { SmsError } from '../errors.ts'

/** What the system said about a port, as an `SMS_CONNECTION` with a sentence that says what to do. */
export function explainPort(path: string, { message }: Error, platform = process.platform): SmsError {
  const [, reason] = REASONS.find(([said]) => said.test(message)) ?? []
  const sentence = typeof reason === 'function' ? reason(platform) : reason
  return new SmsError('SMS_CONNECTION', `${path}: ${sentence ?? `the port failed (${firstLine(message)})`}`)
}

// The words of errno, of Windows, and of the binding, which has no codes.
const REASONS: readonly (readonly [said: RegExp, reason: string | ((platform: NodeJS.Platform) => string)])[] = [
  [/no such file|file not found|ENOENT|no such device(?! or)/i, 'there is no such port: is the modem plugged in?'],
  [/cannot lock|resource busy|device or resource busy|EBUSY|temporarily unavailable/i, inUse],
  // Windows says so of a port that is open elsewhere, as ports have no owners there.
  [/access (is )?denied/i, 'another program uses this port'],
  [/permission denied|EACCES|EPERM|operation not permitted/i, noPermission],
  [
    /no such device or address|ENXIO|not a tty|inappropriate ioctl|ENOTTY|is a directory|EISDIR/i,
    'this is no serial port',
  ],
  [/input\/output error|EIO\b|bad file descriptor|disconnected|device not configured/i, gone],
  [/baud/i, 'the port does not take this speed'],
]

function inUse(): string {
  return 'another program uses this port, such as ModemManager, gammu or a second Node-RED, or another modem node of this one'
}

function noPermission(platform: NodeJS.Platform): string {
  if (platform !== 'linux') return 'no permission to open this port'
  return (
    'no permission to open this port: add the user Node-RED runs as to the group dialout and start it again; in a ' +
    'container, pass the device in'
  )
}

function gone(): string {
  return 'the port does not answer any more: was the modem unplugged?'
}

const firstLine = (message: string): string => (message.split('\n', 1)[0] ?? '').slice(0, 120)
