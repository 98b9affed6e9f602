/**
 * What this executor knows of its own lease without asking the database. Others may take its work only when its last
 * heartbeat is older than the lease, or when its session is lost; so while it has that session and heartbeats succeed without a long gap, nobody can have taken anything.
 */
export interface Lease {
  /** A heartbeat that was sent then (ms of a monotonic clock) succeeded. */
  renewed(sentMs: number): void
  /** The session by which others know that this executor lives was lost: they may take its work at any moment. */
  broken(): void
  /** It is open again. The next heartbeat that is sent renews the lease. */
  mended(): void
  /** Changes whenever there was a gap in which work may have been taken. Null: there is one now. */
  period(): number | null
}

/** Half of the lease: what is sent now reaches AWS long before the other half is over. */
const FRESH_SHARE = 0.5

export function leaseOf(leaseMs: number, monotonicMs: () => number): Lease {
  let lastMs = Number.NEGATIVE_INFINITY
  let mendedMs = Number.NEGATIVE_INFINITY
  let period = 0
  const isFresh = (atMs: number) => atMs - lastMs < leaseMs * FRESH_SHARE
  return {
    renewed(sentMs) {
      if (sentMs < mendedMs) return
      if (!isFresh(sentMs)) period++
      lastMs = Math.max(lastMs, sentMs)
    },
    broken() {
      lastMs = Number.NEGATIVE_INFINITY
      mendedMs = Number.POSITIVE_INFINITY
    },
    mended() {
      mendedMs = monotonicMs()
    },
    period: () => (isFresh(monotonicMs()) ? period : null),
  }
}

/**
 * The check before each effect of one execution: free while the lease is unbroken since the work was claimed, otherwise
 * `holds` asks the database. Rejects with `lost` when another execution owns the work.
 */
export function fenceOf(lease: Lease, holds: () => Promise<boolean>, lost: () => Error): () => Promise<void> {
  let period = lease.period()
  return async () => {
    if (period !== null && lease.period() === period) return
    const now = lease.period()
    if (!(await holds())) throw lost()
    period = now
  }
}
