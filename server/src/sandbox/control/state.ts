import type { FaultRule } from '../core/faults.ts'
import type { Runtime } from '../core/world.ts'
import { seeded } from '../seed/organization.ts'
import { accounts, createRequests, ous } from '../services/organizations/state.ts'
import type { SandboxState } from './api.ts'

export function stateOf(runtime: Runtime): SandboxState {
  const { world } = runtime
  const timers = [...runtime.pendingTimers()]
  const next = timers.reduce((least, { due }) => Math.min(least, due), Number.POSITIVE_INFINITY)
  const time = runtime.time()
  return {
    virtualTime: new Date(time.virtual).toISOString(),
    timeScale: time.scale,
    organizations: [...seeded(world).values()].map((organization) => ({
      ...organization,
      accounts: tally([...accounts(world).values()].filter(isOf(organization)).map((a) => a.state)),
      ous: [...ous(world).values()].filter(isOf(organization)).length,
      creationsInFlight: [...createRequests(world).values()].filter(
        (r) => r.state === 'IN_PROGRESS' && r.organizationId === organization.organizationId,
      ).length,
    })),
    inFlight: tally(timers.map(({ service, kind }) => `${service}.${kind}`)),
    nextTimerAt: Number.isFinite(next) ? new Date(next).toISOString() : null,
    faults: [...world.table<FaultRule>('core.faults').values()],
    timerFailures: world.table('core.failures').size,
  }
}

const isOf =
  ({ organizationId }: { organizationId: string }) =>
  (row: { organizationId: string | null }) =>
    row.organizationId === organizationId

function tally(words: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const word of words) found[word] = (found[word] ?? 0) + 1
  return found
}
