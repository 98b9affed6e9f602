import { invalid } from '../../kernel/errors.ts'
import { isFields } from '../../policy/exchange/reader.ts'
import type { Report } from './report.ts'

/** A condition that spares some calls from a statement that denies. */
export interface Exemption {
  /** A negated operator: `ArnNotLike`, `StringNotEquals`, `NotIpAddress` … */
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

/** An exemption with the statements that it is for. */
export interface Proposal {
  readonly exemption: Exemption
  readonly statements: readonly { readonly policy: string; readonly index: number }[]
  /** Calls of this caller that are denied now and were not then; `replay` against the changed policies tells the rest. */
  readonly calls: number
}

const NEGATED = /^(StringNot|ArnNot|NumericNotEquals|DateNotEquals|NotIpAddress)/i

/**
 * The document with the exemption in the Deny statement `index`. All conditions of a statement must hold and a negated
 * operator wants none of its values, so that the statement denies what it denied, but for what the exemption names.
 * The document that was given stays as it is.
 */
export function withExemption(document: unknown, index: number, exemption: Exemption): object {
  const { operator, key, values } = exemption
  if (!NEGATED.test(operator))
    throw invalid(
      'not_an_exemption',
      `\`${operator}\` would not spare anybody: an exemption has a negated operator, such as \`ArnNotLike\`.`,
    )
  if (!isFields(document)) throw invalid('not_a_policy', 'The policy is not a JSON object.')
  const list: readonly unknown[] = Array.isArray(document.Statement)
    ? document.Statement
    : [document.Statement]
  const statement = list[index]
  if (!isFields(statement) || statement.Effect !== 'Deny')
    throw invalid(
      'not_a_deny',
      `Statement ${index + 1} of the policy denies nothing, so there is nothing to spare.`,
    )
  const conditions = isFields(statement.Condition) ? statement.Condition : {}
  const name = find(conditions, operator) ?? operator
  const block = isFields(conditions[name]) ? conditions[name] : {}
  const keyName = find(block, key) ?? key
  const before = block[keyName] === undefined ? [] : [block[keyName]].flat()
  const changed = {
    ...statement,
    Condition: { ...conditions, [name]: { ...block, [keyName]: [...new Set([...before, ...values])] } },
  }
  return { ...document, Statement: list.map((one, at) => (at === index ? changed : one)) }
}

/** Operators and keys are written in any case. */
const find = (fields: Readonly<Record<string, unknown>>, name: string) =>
  Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase())

/** An ARN that names the same role or user in every account, when callers of several accounts have it. */
const anywhere = (arn: string) => arn.replace(/^(arn:[^:]+:iam::)\d{12}(:.+)$/, '$1*$2')

/** Exemptions for callers that were let through then and would be denied now; the most calls first. */
export function proposalsOf({ denied }: Pick<Report, 'denied'>, limit: number): readonly Proposal[] {
  const arns = new Set(denied.groups.map(({ principal }) => principal))
  const accounts = new Map<string, number>()
  for (const arn of arns) accounts.set(anywhere(arn), (accounts.get(anywhere(arn)) ?? 0) + 1)
  const byPattern = new Map<string, (typeof denied.groups)[number][]>()
  for (const group of denied.groups) {
    if (!isIam(group.principal) || group.calls <= group.already || group.statements.length === 0) continue
    const pattern = anywhere(group.principal)
    const key = (accounts.get(pattern) ?? 0) > 1 ? pattern : group.principal
    const known = byPattern.get(key)
    if (known === undefined) byPattern.set(key, [group])
    else known.push(group)
  }
  return [...byPattern]
    .map(
      ([pattern, groups]): Proposal => ({
        exemption: { operator: 'ArnNotLike', key: 'aws:PrincipalArn', values: [pattern] },
        statements: statementsOf(groups),
        calls: groups.reduce((sum, { calls, already }) => sum + calls - already, 0),
      }),
    )
    .sort((a, b) => b.calls - a.calls)
    .slice(0, limit)
}

const isIam = (principal: string) => /^arn:[^:]+:iam::\d{12}:(role|user)\//.test(principal)

function statementsOf(groups: Report['denied']['groups']): Proposal['statements'] {
  const found = new Map(
    groups.flatMap(({ statements }) =>
      statements.map(({ policy, index }) => [`${policy} ${index}`, { policy, index }] as const),
    ),
  )
  return [...found.values()]
}

/** A policy of a folder with the document that it was read from. */
export interface Sourced {
  readonly name: string
  readonly document: unknown
}

/** The documents with the proposal applied, by name; those that do not change stay the same objects. */
export const applied = <S extends Sourced>(
  documents: readonly S[],
  { exemption, statements }: Pick<Proposal, 'exemption' | 'statements'>,
): readonly S[] =>
  documents.map((one) => {
    const own = statements.filter(({ policy }) => policy === one.name)
    if (own.length === 0) return one
    let { document } = one
    for (const { index } of own) document = withExemption(document, index, exemption)
    return { ...one, document }
  })
