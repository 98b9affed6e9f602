import type { OperationView } from '../../ports/estate.ts'
import type { OrganizationReader } from '../organizations/read.ts'
import type { ControlTowerReader } from './read.ts'

interface Parts {
  readonly organization: OrganizationReader
  readonly tower: ControlTowerReader
}

/**
 * Is the account in that OU, and has Control Tower enrolled it there? At the root (`r-…`) it must be un-enrolled.
 * Without a landing zone the place alone counts.
 */
export async function lookEnrolment(parts: Parts, accountId: string, ouId: string): Promise<OperationView> {
  const running = { state: 'running', accountId } as const
  if ((await parts.organization.parentOf(accountId)) !== ouId) return running
  if (!(await parts.tower.hasLandingZone())) return { state: 'succeeded', accountId }
  const baseline = await parts.tower.enabledOn(await parts.tower.arnOf('account', accountId))
  const status = baseline?.statusSummary?.status
  if (baseline !== null && status === 'FAILED')
    return {
      state: 'failed',
      code: 'ENROLMENT_FAILED',
      message: await parts.tower.failureOf(baseline),
      remedy: 'repair',
      accountId,
    }
  const wanted = ouId.startsWith('r-') ? undefined : 'SUCCEEDED'
  return status === wanted ? { state: 'succeeded', accountId } : running
}

/** A registered OU takes accounts; one that nobody registers never will. */
export async function ouState(
  tower: ControlTowerReader,
  ouId: string,
): Promise<'ready' | 'working' | 'failed'> {
  if (!(await tower.hasLandingZone())) return 'ready'
  const baseline = await tower.enabledOn(await tower.arnOf('ou', ouId))
  const status = baseline?.statusSummary?.status
  return status === 'SUCCEEDED' ? 'ready' : status === 'UNDER_CHANGE' ? 'working' : 'failed'
}
