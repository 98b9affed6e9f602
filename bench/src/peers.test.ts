import { describe, expect, it } from 'vitest'
import { type PeerResult, vendingPeers } from './peers.ts'

const run = (accounts: number, failureShare: number) =>
  vendingPeers({ accounts, operationS: 1800, failureShare, seed: 7 }) as {
    ideal_virtual_s: number
    peers: readonly PeerResult[]
  }

describe('models of peers', () => {
  it('one request every five minutes keeps five units nearly busy with half-hour operations', () => {
    const { peers, ideal_virtual_s } = run(400, 0)
    expect(ideal_virtual_s).toBe(144_000)
    expect(peers[0]?.ratio).toBeGreaterThan(1)
    expect(peers[0]?.ratio).toBeLessThan(1.1)
    expect(peers[0]?.lost).toBe(0)
  })

  it('one at a time takes five times the ideal', () => {
    expect(run(400, 0).peers[1]).toMatchObject({ ratio: 5, lost: 0 })
  })

  it('a failure waits for a person in one, and drops the rest in the other', () => {
    const [aft, lza] = run(400, 0.01).peers
    expect(aft?.lost).toBeGreaterThan(0)
    expect(aft?.lost).toBeLessThan(20)
    expect(lza?.lost).toBeGreaterThan(aft?.lost ?? 0)
  })
})
