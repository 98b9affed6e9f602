import { bug, conflict } from '../../kernel/errors.ts'
import type { Environment } from '../applications/kinds.ts'
import limits from './limits.json' with { type: 'json' }
import mapping from './mapping.json' with { type: 'json' }

export interface PlacementRule {
  readonly environment: string
  /** null: the rule holds for both. */
  readonly localGovernment: boolean | null
  /** OU names below the root. The last one is split into `Name-02`, `Name-03` … before it is full. */
  readonly path: readonly string[]
}

export const PLACEMENT_RULES: readonly PlacementRule[] = mapping.rules
export const SPLIT_OU_AT = limits.splitOuAt.value
export const ACCOUNTS_PER_LANDING_ZONE = limits.accountsPerLandingZone.value
export const POST_CLOSURE_DAYS = limits.postClosureDays.value

/** Local governments are known by their six-digit code (全国地方公共団体コード). */
export const isLocalGovernment = (organisationCode: string): boolean => /^\d{6}$/.test(organisationCode)

/** The OU path by the mapping rule, before any split. The first rule that fits decides. */
export function basePath(
  environment: Environment,
  localGovernment: boolean,
  rules: readonly PlacementRule[] = PLACEMENT_RULES,
): readonly string[] {
  const rule = rules.find(
    (one) => one.environment === environment && (one.localGovernment ?? localGovernment) === localGovernment,
  )
  if (!rule) throw bug(`No placement rule covers the environment \`${environment}\`.`)
  return rule.path
}

/**
 * The first OU of the series `Production`, `Production-02` … with room.
 * `taken`: accounts and reserved places for each OU name.
 */
export function chooseShard(
  base: string,
  taken: ReadonlyMap<string, number>,
  splitAt: number = SPLIT_OU_AT,
): string {
  for (let n = 1; n <= 99; n++) {
    const name = shardName(base, n)
    if ((taken.get(name) ?? 0) < splitAt) return name
  }
  throw conflict(
    'ou_series_full',
    `All 99 OUs of the series \`${base}\` are full. Use another AWS organisation.`,
  )
}

export const shardName = (base: string, n: number): string =>
  n === 1 ? base : `${base}-${String(n).padStart(2, '0')}`
