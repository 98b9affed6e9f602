import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { drained } from './drained.ts'

describe('the end of a command', () => {
  it('waits until a slow reader has everything', async () => {
    const read: string[] = []
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _, done) {
        setImmediate(() => {
          read.push(String(chunk))
          done()
        })
      },
    })
    for (const text of ['a', 'b', 'c']) slow.write(text)
    await drained([slow])
    expect(read.join('')).toBe('abc')
  })

  it('comes, too, when the reader has gone', async () => {
    const gone = new Writable({ write: (_, __, done) => done(new Error('EPIPE')) })
    gone.on('error', () => undefined)
    gone.write('a')
    await drained([gone])
    expect(gone.errored).toMatchObject({ message: 'EPIPE' })
  })
})
