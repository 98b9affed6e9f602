import { compileGlob, patternCodes } from '../compile/glob.ts'
import { parseOperator } from '../condition/operators.ts'
import { evaluateNaively } from '../evaluate/naive/evaluate.ts'
import {
  type ConditionElement,
  NO_POLICIES,
  type Policy,
  type PolicyLevel,
  type PolicySet,
  type Statement,
} from '../policies.ts'
import type { Request } from '../request.ts'
import { RCP_SERVICES } from '../rules/rules.ts'
import { budgetOf } from '../sets/budget.ts'
import { type Box, type Fragment, fragmentOf } from './fragment.ts'
import { fullAccess, type QuestionOptions, type StatementAt, spelling } from './permissive.ts'
import { withRealAction } from './simplest.ts'
import { find, type Model, searchOf } from './solve.ts'
import { requestOf } from './witness.ts'

/** Whom we trust: everybody else is outside. */
export interface Zone {
  /** Twelve digits each. */
  readonly accounts: readonly string[]
  /** `o-…` */
  readonly organizations: readonly string[]
  /** Whether AWS's own services count as inside. Default: they do. */
  readonly services?: boolean
}

export interface Guarded {
  readonly resourcePolicy: Policy | null
  readonly rcps: readonly PolicyLevel[]
  /** Owner of the resource. */
  readonly account: string
  /** Only this action, or what the pattern takes (`s3:Put*`). Default: any. */
  readonly action?: string
  /** Only this resource, or what the pattern takes. Default: any. */
  readonly resource?: string
}

export type OutsideAnswer =
  | { readonly can: 'no' }
  | { readonly can: 'yes'; readonly witness: Request }
  | {
      readonly can: 'unknown'
      readonly because: 'outside_fragment' | 'too_large'
      readonly statements: readonly StatementAt[]
    }

const STEPS = 40_000_000

/**
 * Can anybody outside the zone do anything to the resource? Outsiders give themselves every permission on their own side, so
 * the resource policy and the RCPs alone decide.
 */
export function anyoneOutside(
  guarded: Guarded,
  zone: Zone,
  { facts }: Pick<QuestionOptions, 'facts'> = {},
): OutsideAnswer {
  const { resourcePolicy } = guarded
  if (resourcePolicy === null) return { can: 'no' }
  const rcps = guarded.rcps.flatMap(({ policies }) => policies).map(effectiveRcp)
  const budget = budgetOf(STEPS)
  const asked = limitOf([...organizationConditions(zone), ...sourceConditions(zone)], guarded)
  const outsiders = limitOf(principalConditions(zone))
  const fragment = onlyOutside(fragmentOf([resourcePolicy, ...rcps, asked, outsiders], budget), zone)
  const boxes = [resourcePolicy, ...rcps].flatMap(fragment.boxes)
  const allows = boxes.filter(({ statement }) => statement.effect === 'Allow')
  const denies = boxes.filter(({ statement }) => statement.effect === 'Deny')
  // Where `Principal` names somebody, the keys that follow from who asks are not free: there the candidates are chosen.
  const limits = [
    ...fragment.boxes(asked),
    ...(fragment.candidates.length > 1 ? [] : fragment.boxes(outsiders)),
  ]
  const witnesses = (guess: boolean): readonly Model[] => {
    const search = searchOf(fragment, budget, guess)
    return allows
      .filter(({ opaque }) => guess || opaque.length === 0)
      .flatMap((allow) => find([allow, ...limits], denies, search) ?? [])
  }
  for (const model of witnesses(false)) {
    const witness = fromOutside(requestOf(model, fragment, spelling(facts)), guarded, zone)
    const isOne = (request: Request) => isConfirmed(request, guarded, zone)
    if (isOne(witness)) return { can: 'yes', witness: withRealAction(witness, facts, isOne) }
  }
  if (witnesses(true).length > 0)
    return {
      can: 'unknown',
      because: 'outside_fragment',
      statements: boxes.filter(isOpaque).map(statementAt),
    }
  return budget.exceeded ? { can: 'unknown', because: 'too_large', statements: [] } : { can: 'no' }
}

const isOpaque = ({ opaque }: Box): boolean => opaque.length > 0
const statementAt = ({ policy, statement: { index, sid } }: Box): StatementAt => ({
  policy: policy.name,
  index,
  sid,
})

/** What an outsider's keys say of organisations. */
const organizationConditions = ({ organizations }: Zone): readonly (ConditionElement | null)[] => [
  condition('StringNotEquals', 'aws:PrincipalOrgID', organizations),
  condition('ForAllValues:StringNotLike', 'aws:PrincipalOrgPaths', organizations.map(pathsOf)),
]

/**
 * On whose behalf an AWS service calls, and for whom KMS is asked: a key of these that tells an account or organisation inside is
 * in no outsider's request (IAM User Guide, "AWS global condition context keys": aws:SourceAccount, aws:SourceArn; KMS Developer
 * Guide: kms:CallerAccount; SNS Developer Guide, "aws:SourceAccount versus aws:SourceOwner", which the default policy of a topic compares).
 */
const sourceConditions = ({ accounts, organizations }: Zone): readonly (ConditionElement | null)[] => [
  ...['aws:SourceAccount', 'aws:SourceOwner', CALLER_ACCOUNT].map((key) =>
    condition('StringNotEquals', key, accounts),
  ),
  condition('ArnNotLike', 'aws:SourceArn', accounts.map(anyOf)),
  condition('StringNotEquals', 'aws:SourceOrgID', organizations),
  condition('ForAllValues:StringNotLike', 'aws:SourceOrgPaths', organizations.map(pathsOf)),
]

const CALLER_ACCOUNT = 'kms:CallerAccount'
const anyOf = (account: string): string => `arn:*:*:*:${account}:*`
const pathsOf = (organization: string): string => `${organization}/*`

/** What they say of the caller itself. */
const principalConditions = ({ accounts, services = true }: Zone): readonly (ConditionElement | null)[] => [
  condition('StringNotEquals', 'aws:PrincipalAccount', accounts),
  condition('ArnNotLike', 'aws:PrincipalArn', accounts.map(anyOf)),
  ...(services ? [condition('BoolIfExists', 'aws:PrincipalIsAWSService', ['false'])] : []),
]

/** Everything, or what is asked for, under these conditions. */
function limitOf(
  conditions: readonly (ConditionElement | null)[],
  { action = '*', resource = '*' }: Partial<Guarded> = {},
): Policy {
  const everything = fullAccess('identity')
  return {
    ...everything,
    statements: everything.statements.map(
      (statement): Statement => ({
        ...statement,
        action: { ...statement.action, patterns: [action] },
        resource: { negated: false, patterns: [resource], place: statement.place },
        conditions: conditions.filter((one) => one !== null),
      }),
    ),
  }
}

function condition(operator: string, key: string, values: readonly string[]): ConditionElement | null {
  const parsed = parseOperator(operator)
  const place = { path: '$', line: 0, column: 0 }
  return parsed === null || values.length === 0 ? null : { operator: parsed, key, values, place }
}

function onlyOutside(fragment: Fragment, { accounts, services = true }: Zone): Fragment {
  if (fragment.candidates.length === 1) return fragment
  const isOutside = (i: number) => {
    const candidate = fragment.candidates[i]
    return (
      candidate !== undefined &&
      !accounts.includes(candidate.account ?? '') &&
      !(services && candidate.type === 'service')
    )
  }
  return {
    ...fragment,
    boxes: (policy) =>
      fragment
        .boxes(policy)
        .map((box) =>
          box.statement.effect === 'Allow'
            ? { ...box, principals: new Set([...box.principals].filter(isOutside)) }
            : box,
        ),
  }
}

/** An RCP as far as it has an effect: actions of services that support RCPs, each by its own prefix. */
function effectiveRcp(policy: Policy): Policy {
  const statements = policy.statements.filter(({ effect }) => effect === 'Deny')
  const narrowed = statements.map((statement) => ({
    ...statement,
    action: { ...statement.action, patterns: statement.action.patterns.flatMap(supported) },
  }))
  return { ...policy, statements: narrowed }
}

function supported(pattern: string): readonly string[] {
  const [prefix = '', name = '*'] = pattern.toLowerCase().split(':')
  const matches = compileGlob(patternCodes(prefix))
  return [...RCP_SERVICES].filter(matches).map((service) => `${service}:${name}`)
}

/** Somebody of whom no policy speaks is of the account that the keys tell, or of a strange one. The owner is known, whatever the ARN. */
function fromOutside(request: Request, { account }: Guarded, { accounts }: Zone): Request {
  const { principal, resource } = request
  const told = accountsTold(request).filter((one) => /^\d{12}$/.test(one))
  const elsewhere = [...told, ...STRANGERS].find((one) => !accounts.includes(one)) ?? null
  const inside = principal.account !== null && accounts.includes(principal.account)
  return {
    ...request,
    resource: { ...resource, account },
    principal:
      inside && elsewhere !== null
        ? { ...principal, account: elsewhere, arn: `arn:aws:iam::${elsewhere}:user/somebody` }
        : principal,
  }
}

const keyOf = (request: Request, key: string): string | undefined => {
  const entry = request.context.get(key)
  return entry?.state === 'known' ? entry.values[0] : undefined
}

/** What the keys of the request say of the caller's account. */
const accountsTold = (request: Request): readonly string[] =>
  [
    keyOf(request, 'aws:principalaccount'),
    keyOf(request, 'aws:principalarn')?.split(':')[4],
    keyOf(request, CALLER_ACCOUNT.toLowerCase()),
  ].filter((one) => one !== undefined)

/** Accounts for a witness who could be anybody. */
const STRANGERS = ['999999999999', '888888888888', '777777777777'] as const

/** The engine says so too, and the caller is one person: all that tells its account tells the same, which is outside. */
function isConfirmed(witness: Request, { resourcePolicy, rcps }: Guarded, zone: Zone): boolean {
  const accounts = new Set(accountsTold(witness))
  const callers = [...accounts, witness.principal.account]
  if (accounts.size > 1 || callers.some((one) => one !== null && zone.accounts.includes(one))) return false
  if (zone.organizations.includes(keyOf(witness, 'aws:principalorgid') ?? '')) return false
  const set: PolicySet = {
    ...NO_POLICIES,
    identity: [fullAccess('identity')],
    resource: resourcePolicy,
    rcps,
  }
  return evaluateNaively(witness, set).verdict === 'allowed'
}
