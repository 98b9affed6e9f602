/**
 * Does IAM let this call through? A small evaluator for the sandbox: identity policies, permission boundary, session
 * policies and service control policies, with explicit deny over everything. Pure.
 */
import { holds } from './conditions.ts'

export interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export type Context = Readonly<Record<string, readonly string[]>>

export interface AccessRequest {
  readonly principalArn: string
  readonly action: string
  readonly resource: string
  /** Keys in lower case, e.g. `aws:principalarn`. */
  readonly context: Context
}

/** All layers must allow; null: the layer does not exist for this caller. */
export interface PolicyLayers {
  readonly identity: readonly Statement[] | null
  readonly boundary: readonly Statement[] | null
  readonly session: readonly Statement[] | null
  /** One list for each level from the root to the account; null: not bound by any. */
  readonly scps: readonly (readonly Statement[])[] | null
}

/** null: allowed. Otherwise AWS's message. */
export function refusal(request: AccessRequest, layers: PolicyLayers): string | null {
  const named: readonly [string, readonly (readonly Statement[])[] | null][] = [
    ['a service control policy', layers.scps],
    ['an identity-based policy', layers.identity && [layers.identity]],
    ['a permissions boundary', layers.boundary && [layers.boundary]],
    ['a session policy', layers.session && [layers.session]],
  ]
  const who = `User: ${request.principalArn} is not authorized to perform: ${request.action} on resource: ${request.resource}`
  for (const [name, levels] of named)
    if (levels?.some((statements) => statements.some((s) => s.Effect === 'Deny' && matches(s, request))))
      return `${who} with an explicit deny in ${name}`
  for (const [name, levels] of named)
    if (
      levels &&
      !levels.every((statements) => statements.some((s) => s.Effect === 'Allow' && matches(s, request)))
    )
      return `${who} because no ${name.replace(/^an? /, '')} allows the ${request.action} action`
  return null
}

export const matches = (statement: Statement, request: AccessRequest): boolean =>
  actionFits(statement, request.action) &&
  resourceFits(statement, request.resource) &&
  holds(statement.Condition, request.context)

function actionFits({ Action, NotAction }: Statement, action: string): boolean {
  if (NotAction !== undefined)
    return !list(NotAction).some((p) => like(p.toLowerCase(), action.toLowerCase()))
  return list(Action).some((p) => like(p.toLowerCase(), action.toLowerCase()))
}

function resourceFits({ Resource, NotResource }: Statement, resource: string): boolean {
  if (NotResource !== undefined) return !list(NotResource).some((p) => like(p, resource))
  return list(Resource).some((p) => like(p, resource))
}

/** Does the trust policy let this principal assume the role? */
export function trusts(
  statements: readonly Statement[],
  request: AccessRequest & { accountId: string; roleArn: string | null },
) {
  const fits = (s: Statement) =>
    actionFits(s, request.action) &&
    principalFits(s.Principal, request) &&
    holds(s.Condition, request.context)
  return (
    !statements.some((s) => s.Effect === 'Deny' && fits(s)) &&
    statements.some((s) => s.Effect === 'Allow' && fits(s))
  )
}

function principalFits(
  principal: Statement['Principal'],
  who: { principalArn: string; accountId: string; roleArn: string | null },
): boolean {
  if (principal === undefined) return false
  if (principal === '*') return true
  return list(principal.AWS).some(
    (p) =>
      p === '*' ||
      p === who.accountId ||
      p === `arn:aws:iam::${who.accountId}:root` ||
      p === who.principalArn ||
      p === who.roleArn,
  )
}

/** Statements of a policy document; a document that is no JSON has none. */
export function statementsOf(document: string): readonly Statement[] {
  try {
    const { Statement: found } = JSON.parse(document) as { Statement?: Statement | Statement[] }
    return found === undefined ? [] : Array.isArray(found) ? found : [found]
  } catch {
    return []
  }
}

const patterns = new Map<string, RegExp>()

/** `*` is any text, `?` any character. */
export function like(pattern: string, text: string): boolean {
  if (pattern === '*') return true
  const known = patterns.get(pattern) ?? compile(pattern)
  return known.test(text)
}

function compile(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.')
  const found = new RegExp(`^${source}$`, 's')
  patterns.set(pattern, found)
  return found
}

export const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value
