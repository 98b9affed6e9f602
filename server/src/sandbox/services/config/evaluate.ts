/** What rules say of the items that are there. Found when asked for: nothing is stored but results that were put. */
import { readDocument } from '../../../guard/document/document.ts'
import { type CompiledRules, compileRules, overall } from '../../../guard/guard.ts'
import type { Table, World } from '../../core/contract.ts'
import { type Item, latestItems } from './items.ts'
import { place, type StandingRule } from './state.ts'

export type Compliance = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE' | 'INSUFFICIENT_DATA'

export interface Result {
  readonly rule: string
  readonly resourceType: string
  readonly resourceId: string
  readonly compliance: Compliance
  readonly annotation: string | null
  /** Milliseconds: of the item, and when the rule last looked at it. */
  readonly orderedAt: number
  readonly recordedAt: number
}

/** Results of rules that are not policies: put by a Lambda function, or by the control API for managed rules. */
const putResults = (world: World): Table<Result> => world.table('config.results')

export function keepResult(world: World, accountId: string, region: string, result: Result): void {
  const { rule, resourceType, resourceId } = result
  putResults(world).put(place(accountId, region, rule, resourceType, resourceId), result)
}

export interface Compliances {
  readonly results: readonly Result[]
  readonly overall: Compliance
}

/** All results of a rule, and what they amount to. */
export function compliancesOf(world: World, rule: StandingRule): Compliances {
  const policy = rule.rule.Source.CustomPolicyDetails?.PolicyText
  const results =
    policy === undefined
      ? keptResults(world, rule)
      : latestItems(world, rule.accountId, rule.region)
          .filter((item) => inScope(rule, item))
          .map((item) => evaluated(rule, policy, item))
  const has = (wanted: Compliance) => results.some(({ compliance }) => compliance === wanted)
  return {
    results,
    overall: has('NON_COMPLIANT') ? 'NON_COMPLIANT' : has('COMPLIANT') ? 'COMPLIANT' : 'INSUFFICIENT_DATA',
  }
}

function keptResults(world: World, { accountId, region, name }: StandingRule): readonly Result[] {
  const prefix = place(accountId, region, name, '')
  return [...putResults(world).entries()].flatMap(([key, result]) => (key.startsWith(prefix) ? [result] : []))
}

function inScope({ rule: { Scope } }: StandingRule, item: Item): boolean {
  if (!Scope) return true
  const types = Scope.ComplianceResourceTypes ?? []
  return (
    (types.length === 0 || types.includes(item.resourceType)) &&
    (Scope.ComplianceResourceId === undefined || Scope.ComplianceResourceId === item.resourceId) &&
    (Scope.TagKey === undefined || Scope.TagKey in item.tags) &&
    (Scope.TagValue === undefined || item.tags[Scope.TagKey ?? ''] === Scope.TagValue)
  )
}

const VERDICTS: Readonly<Record<string, Compliance>> = {
  PASS: 'COMPLIANT',
  FAIL: 'NON_COMPLIANT',
  SKIP: 'NOT_APPLICABLE',
}

/** Items are replaced when they change: an item was judged by a text once and for all. */
const judged = new WeakMap<Item, Map<string, Compliance>>()

function evaluated(rule: StandingRule, policy: string, item: Item): Result {
  const known = judged.get(item) ?? new Map<string, Compliance>()
  judged.set(item, known)
  const compliance = known.get(policy) ?? verdictOn(policy, item)
  known.set(policy, compliance)
  return {
    rule: rule.name,
    resourceType: item.resourceType,
    resourceId: item.resourceId,
    compliance,
    annotation: null,
    orderedAt: item.configurationItemCaptureTime,
    recordedAt: Math.max(item.configurationItemCaptureTime, rule.updatedAt),
  }
}

/** A rule that cannot be evaluated on an item says nothing about it. */
function verdictOn(policy: string, item: Item): Compliance {
  try {
    const rules = compiled(policy)
    if (rules === null) return 'NOT_APPLICABLE'
    const shown = {
      ...item,
      configurationItemCaptureTime: new Date(item.configurationItemCaptureTime).toISOString(),
    }
    const { value } = readDocument(JSON.stringify(shown))
    return VERDICTS[overall(rules.verdicts(value))] ?? 'INSUFFICIENT_DATA'
  } catch {
    return 'INSUFFICIENT_DATA'
  }
}

const MOST_COMPILED = 500
const compiledRules = new Map<string, CompiledRules | null>()

function compiled(policy: string): CompiledRules | null {
  const known = compiledRules.get(policy)
  if (known !== undefined) return known
  const made = compileRules(policy)
  if (compiledRules.size >= MOST_COMPILED) compiledRules.delete(compiledRules.keys().next().value ?? '')
  compiledRules.set(policy, made)
  return made
}
