// «chaos book» writes down each message that comes to it, before it returns to Node-RED: a line of JSON in the file that
// the variable CHAOS_BOOK names. A kill of the process takes nothing from what was written.
import { openSync, writeSync } from 'node:fs'

export default function (RED) {
  const file = openSync(process.env.CHAOS_BOOK, 'a')

  RED.nodes.registerType('chaos book', function (config) {
    RED.nodes.createNode(this, config)
    this.on('input', ({ payload, sms }, _send, done) => {
      const { id, state, text, providerMessageId, redelivered = false } = sms
      const line = { about: config.about, payload, id, state, text, providerMessageId, redelivered }
      writeSync(file, `${JSON.stringify(line)}\n`)
      done()
    })
  })
}
