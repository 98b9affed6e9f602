import type { OperationView } from '../../ports/estate.ts'
import type { Connection } from '../connection.ts'
import type { EnabledBaseline } from '../declared.ts'
import type { OrganizationReader } from '../organizations/read.ts'
import type { ControlTowerReader } from './read.ts'
import { resetBaseline } from './write.ts'

type Client = Connection['controlTower']

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
  if (baseline !== null && status === 'FAILED') return failedEnrolment(parts, accountId, ouId, baseline)
  const wanted = ouId.startsWith('r-') ? undefined : 'SUCCEEDED'
  return status === wanted ? { state: 'succeeded', accountId } : running
}

/** The account shows the old failure while its OU is being enrolled again. */
async function failedEnrolment(
  parts: Parts,
  accountId: string,
  ouId: string,
  baseline: EnabledBaseline,
): Promise<OperationView> {
  if ((await ouStatus(parts.tower, ouId)) === 'UNDER_CHANGE') return { state: 'running', accountId }
  return {
    state: 'failed',
    code: 'ENROLMENT_FAILED',
    message: await parts.tower.failureOf(baseline),
    remedy: 'repair',
    accountId,
  }
}

const ouStatus = async (tower: ControlTowerReader, ouId: string) =>
  (await tower.enabledOn(await tower.arnOf('ou', ouId)))?.statusSummary?.status

/**
 * Enrols an account that failed once more, through its OU (AWS: the way out of inheritance drift). Nothing happens to
 * an account that did not fail, or while its OU is at work.
 */
export async function enrolAgain(parts: Parts & { controlTower: Client }, accountId: string): Promise<void> {
  if (!(await parts.tower.hasLandingZone())) return
  const { enabledOn, arnOf } = parts.tower
  const account = await enabledOn(await arnOf('account', accountId))
  if (account?.statusSummary?.status !== 'FAILED') return
  const ou = await enabledOn(await arnOf('ou', await parts.organization.parentOf(accountId)))
  if (ou?.arn === undefined || ou.statusSummary?.status === 'UNDER_CHANGE') return
  await resetBaseline(parts.controlTower, ou.arn)
}

/** A registered OU takes accounts; one that nobody registers never will. */
export async function ouState(
  tower: ControlTowerReader,
  ouId: string,
): Promise<'ready' | 'working' | 'failed'> {
  if (!(await tower.hasLandingZone())) return 'ready'
  const status = await ouStatus(tower, ouId)
  return status === 'SUCCEEDED' ? 'ready' : status === 'UNDER_CHANGE' ? 'working' : 'failed'
}
