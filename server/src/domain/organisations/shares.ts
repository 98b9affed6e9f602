import type { Issue } from '../../kernel/errors.ts'

/** 共同利用 is separated by application, by network or by account (ガバメントクラウド利用の基準). */
export const SEPARATIONS = ['application', 'network', 'account'] as const
export type Separation = (typeof SEPARATIONS)[number]

export const WHOLE_BP = 10_000

export interface Share {
  readonly organisationId: string
  /** Basis points: 1/100 of a per cent, so that sums are exact. */
  readonly basisPoints: number
}

/** Equal parts of the whole, exact to the basis point: the first tenants carry what does not divide. */
export function equalShares(organisationIds: readonly string[]): readonly Share[] {
  const count = organisationIds.length
  if (count === 0) return []
  const base = Math.floor(WHOLE_BP / count)
  const extra = WHOLE_BP - base * count
  return organisationIds.map((organisationId, i) => ({
    organisationId,
    basisPoints: base + (i < extra ? 1 : 0),
  }))
}

/** What is wrong with the shares of a system in shared use; empty when they stand. */
export function checkShares(shares: readonly Share[]): readonly Issue[] {
  const issues: Issue[] = []
  const seen = new Set<string>()
  shares.forEach((share, i) => {
    if (seen.has(share.organisationId))
      issues.push(
        issue(
          ['tenants', i],
          'tenant_twice',
          { organisation: share.organisationId },
          `The tenant \`${share.organisationId}\` is named twice: give it one share.`,
        ),
      )
    seen.add(share.organisationId)
    if (!Number.isInteger(share.basisPoints) || share.basisPoints < 1 || share.basisPoints > WHOLE_BP)
      issues.push(
        issue(
          ['tenants', i, 'basisPoints'],
          'share_out_of_range',
          { share: share.basisPoints },
          `The share \`${share.basisPoints}\` is not a whole number of basis points from 1 to 10000.`,
        ),
      )
  })
  const sum = shares.reduce((total, share) => total + share.basisPoints, 0)
  if (sum !== WHOLE_BP)
    issues.push(
      issue(
        ['tenants'],
        'shares_not_whole',
        { sum },
        `The shares sum to ${sum / 100} %: change them so that they sum to exactly 100 %.`,
      ),
    )
  if (shares.length < 2)
    issues.push(
      issue(
        ['tenants'],
        'too_few_tenants',
        { count: shares.length },
        'Shared use needs at least two tenants; choose single use otherwise.',
      ),
    )
  return issues
}

const issue = (
  path: readonly (string | number)[],
  code: string,
  params: Record<string, string | number>,
  message: string,
): Issue => ({ path, code, params, message })
