declare module 'node-red-node-test-helper' {
  /** What we use of it: https://github.com/node-red/node-red-node-test-helper */
  const helper: {
    load(nodes: readonly unknown[], flow: readonly object[], credentials: object): Promise<void>
    unload(): Promise<void>
    getNode(id: string): unknown
    init(runtimePath?: string, settings?: object): void
    settings(settings: object): void
    startServer(done: () => void): void
    stopServer(done: () => void): void
    request(): never
  }
  export default helper
}
