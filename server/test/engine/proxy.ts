import { connect, createServer, type Socket } from 'node:net'

export interface Proxy {
  readonly port: number
  /** New connections go there; with null they are refused, as by a server that is down. */
  pointAt(port: number | null): void
  close(): Promise<void>
}

/** A fixed port in front of a PostgreSQL that comes back on another one after each restart. */
export async function tcpProxy(target: number): Promise<Proxy> {
  let to: number | null = target
  const open = new Set<Socket>()
  const server = createServer((inner) => {
    open.add(inner)
    inner.on('close', () => open.delete(inner))
    inner.on('error', () => {})
    if (to === null) return inner.destroy()
    const outer = connect(to, '127.0.0.1')
    outer.on('error', () => inner.destroy())
    outer.on('close', () => inner.destroy())
    inner.on('close', () => outer.destroy())
    inner.pipe(outer)
    outer.pipe(inner)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    pointAt: (port) => {
      to = port
    },
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
