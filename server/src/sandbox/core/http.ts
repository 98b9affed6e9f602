/** Plain HTTP in front of a function from request to reply. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { conflict } from '../../kernel/errors.ts'
import type { WireReply, WireRequest } from './protocol.ts'

// The largest AWS request here is a policy or a template of some hundred KB.
const MAX_BODY_BYTES = 8 << 20

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

export async function serveHttp(
  port: number,
  answer: (request: WireRequest) => Promise<WireReply>,
): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    read(incoming)
      .then((body) => (body === null ? tooLarge : answer(requestOf(incoming, body))))
      .catch((error: unknown): WireReply => failed(error))
      .then(({ status, headers, body }) => {
        outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
        outgoing.end(body)
      })
  })
  server.keepAliveTimeout = 60_000
  await listen(server, port)
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? conflict(
              'port_in_use',
              `Port \`${port}\` on 127.0.0.1 is in use. Stop the other program or choose another port.`,
            )
          : error,
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
}

async function read(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const requestOf = (incoming: IncomingMessage, body: Buffer): WireRequest => ({
  method: incoming.method ?? 'GET',
  url: incoming.url ?? '/',
  headers: Object.fromEntries(
    Object.entries(incoming.headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(',') : (v ?? '')]),
  ),
  body,
})

const json = (status: number, value: unknown): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
const tooLarge = json(413, {
  __type: 'RequestEntityTooLargeException',
  message: 'The request body is too large.',
})
const failed = (error: unknown) =>
  json(500, { __type: 'InternalFailure', message: error instanceof Error ? error.message : String(error) })
