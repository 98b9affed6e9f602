import type { OwnLimit } from '../../domain/quotas/lookup.ts'
import type { OrganizationKind } from '../../policy/guardrails.ts'

/** A limit, and who says so. */
export interface Sourced {
  readonly limit: number
  readonly source: string
  readonly asOf: string
}

/** What holds in this AWS organisation: what was entered for it, else what AWS publishes. */
export function limitHere(quota: string, published: Sourced, own: readonly OwnLimit[] | undefined): Sourced {
  const found = own?.find((one) => one.quota === quota)
  return found === undefined
    ? published
    : { limit: found.limit, source: found.reason, asOf: found.effectiveFrom }
}

export const perTargetQuota = (kind: OrganizationKind['kind']): string =>
  `${kind.replaceAll('-', '_')}_per_target`
