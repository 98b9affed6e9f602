/** Detection of drift of stack sets: what was changed by hand in the accounts. */
import type { World } from '../../core/contract.ts'
import { instancesIn, instancesOf, type StackSet } from './stack-set-state.ts'
import { isAsTemplate } from './stacks.ts'

export function detectDrift(world: World, setKey: string, set: StackSet): void {
  for (const [key, one] of instancesIn(world, setKey)) {
    const drift = isAsTemplate(world, one, set.name, set.template) ? 'IN_SYNC' : 'DRIFTED'
    instancesOf(world).put(key, { ...one, drift })
  }
}

/** What DescribeStackSet tells of the last detection that ended. */
export function driftOf(world: World, setKey: string, { driftCheckedAt }: StackSet) {
  if (driftCheckedAt === undefined) return { DriftStatus: 'NOT_CHECKED' }
  const looked = instancesIn(world, setKey).filter(([, { drift }]) => drift !== undefined)
  const drifted = looked.filter(([, { drift }]) => drift === 'DRIFTED').length
  return {
    DriftStatus: drifted > 0 ? 'DRIFTED' : 'IN_SYNC',
    DriftDetectionStatus: 'COMPLETED',
    LastDriftCheckTimestamp: driftCheckedAt,
    TotalStackInstancesCount: looked.length,
    DriftedStackInstancesCount: drifted,
    InSyncStackInstancesCount: looked.length - drifted,
    InProgressStackInstancesCount: 0,
    FailedStackInstancesCount: 0,
  }
}
