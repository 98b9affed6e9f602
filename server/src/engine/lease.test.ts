import { describe, expect, it } from 'vitest'
import { fenceOf, leaseOf } from './lease.ts'

function scene() {
  let now = 0
  let asked = 0
  let mine = true
  const lease = leaseOf(10_000, () => now)
  const fence = () =>
    fenceOf(
      lease,
      async () => {
        asked++
        return mine
      },
      () => new Error('lost'),
    )
  return {
    lease,
    fence,
    asked: () => asked,
    lose: () => {
      mine = false
    },
    at: (ms: number) => {
      now = ms
    },
  }
}

describe('the fence before each effect', () => {
  it('asks nobody while heartbeats succeed', async () => {
    const s = scene()
    s.lease.renewed(0)
    const fence = s.fence()
    for (let t = 0; t < 60_000; t += 2000) {
      s.at(t)
      s.lease.renewed(t)
      await fence()
    }
    expect(s.asked()).toBe(0)
  })

  it('asks when the last heartbeat is older than half of the lease', async () => {
    const s = scene()
    s.lease.renewed(0)
    const fence = s.fence()
    s.at(5001)
    await fence()
    expect(s.asked()).toBe(1)
  })

  it('stops an execution that was paused, although the first heartbeat after the pause succeeded', async () => {
    const s = scene()
    s.lease.renewed(0)
    const stale = s.fence()
    s.at(30_000)
    s.lose()
    s.lease.renewed(30_000)
    await expect(stale()).rejects.toThrow('lost')
    // Work that is claimed after the pause is not suspected.
    await s.fence()()
    expect(s.asked()).toBe(1)
  })

  it('asks while the session is lost, and until a heartbeat that was sent after it was opened again', async () => {
    const s = scene()
    s.lease.renewed(0)
    const fence = s.fence()
    s.at(100)
    s.lease.broken()
    await fence()
    s.at(200)
    s.lease.renewed(150)
    await fence()
    s.at(300)
    s.lease.mended()
    s.lease.renewed(299)
    await fence()
    expect(s.asked()).toBe(3)
    s.lease.renewed(301)
    await fence()
    await fence()
    expect(s.asked()).toBe(4)
  })

  it('trusts the lease again after the database said that the work is still its own', async () => {
    const s = scene()
    s.lease.renewed(0)
    const fence = s.fence()
    s.at(30_000)
    s.lease.renewed(30_000)
    await fence()
    await fence()
    expect(s.asked()).toBe(1)
  })
})
