// The nodes of the bench inside Node-RED. They are no function nodes, as one of those costs up to half of what is to be
// measured, which would make all sides more alike than they are.
//
// «bench loop»: GET /run?count=…&width=… sends so many messages, keeping `width` of
// them on their way until they come back, and answers how long that took.
// «bench count»: GET /received answers how many messages have come to it, and how long this process has computed.

/** What is sent, by the `messages` property of the node: number `index` of them. */
const MESSAGES = {
  /** To some hundred people. */
  sms: index => ({ to: `+380501234${100 + (index % 100)}`, payload: `Door: Open ${index}` }),
  /** Each of so many sensors changes with three edges, then it is the next one's turn. */
  edges(index, { sensors }) {
    const change = Math.floor(index / 3)
    const isOn = (Math.floor(change / sensors) + index) % 2 === 0
    return { topic: `house/${change % sensors}`, payload: isOn ? 'ON' : 'OFF' }
  },
}

export default function (RED) {
  RED.nodes.registerType('bench loop', function (config) {
    RED.nodes.createNode(this, config)
    const make = index => MESSAGES[config.messages](index, config)
    let run

    RED.httpNode.get('/run', ({ query }, response) => {
      const [count, width] = [Number(query.count), Number(query.width)]
      run = { response, count, launched: 0, finished: 0, failed: '' }
      run.startedCpu = process.cpuUsage()
      run.startedAt = performance.now()
      while (run.launched < width) this.send(make(run.launched++))
    })

    this.on('input', (msg, send, done) => {
      if (msg.error) run.failed = String(msg.error.message)
      run.finished += 1
      if (run.launched < run.count) send(make(run.launched++))
      else if (run.finished === run.count) {
        const ms = performance.now() - run.startedAt
        const { user, system } = process.cpuUsage(run.startedCpu)
        run.response.json({ ms, cpuMs: (user + system) / 1000, failed: run.failed })
      }
      done()
    })
  })

  RED.nodes.registerType('bench count', function (config) {
    RED.nodes.createNode(this, config)
    let received = 0
    RED.httpNode.get('/received', (_request, response) => response.json({ received, cpu: process.cpuUsage() }))
    this.on('input', (_msg, _send, done) => {
      received += 1
      done()
    })
  })
}
