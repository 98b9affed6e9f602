import { createServer, type Socket } from 'node:net'

export interface Received {
  readonly from: string
  readonly to: readonly string[]
  /** The message as it came, headers and body. */
  readonly data: string
}

/** What the server does with the next messages; `lose`: it takes the message and the connection breaks before its yes. */
export type Behaviour = 'take' | 'busy' | 'refuse' | 'lose'

export interface SmtpServer {
  readonly url: string
  readonly received: Received[]
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

/** A gateway on loopback that speaks as much of RFC 5321 as one needs to hand over a mail. */
export async function startSmtp(): Promise<SmtpServer> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  let behaviour: Behaviour = 'take'
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    talk(socket, () => behaviour, received)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    behave: (next) => {
      behaviour = next
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function talk(socket: Socket, behaviour: () => Behaviour, received: Received[]): void {
  let mail = { from: '', to: [] as string[] }
  let inData = false
  let text = ''
  const say = (line: string) => socket.write(`${line}\r\n`)
  const endOfData = (data: string) => {
    if (behaviour() === 'busy') return say('451 try again later')
    if (behaviour() === 'refuse') return say('550 no such mailbox')
    received.push({ ...mail, data })
    if (behaviour() === 'lose') return socket.destroy()
    return say('250 taken')
  }
  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO' || verb === 'HELO') return say('250 loopback')
    if (verb === 'MAIL') mail = { from: line.slice(10), to: [] }
    if (verb === 'RCPT') mail.to.push(/<([^>]*)>/.exec(line)?.[1] ?? '')
    if (verb === 'QUIT') return socket.end('221 bye\r\n')
    if (verb !== 'DATA') return say('250 ok')
    inData = true
    return say('354 go on')
  }
  say('220 loopback')
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8')
    for (;;) {
      const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const part = text.slice(0, end)
      text = text.slice(end + (inData ? 5 : 2))
      if (inData) {
        inData = false
        endOfData(part)
      } else command(part)
    }
  })
}
