/**
 * AWS's words for a denial.
 * Source: IAM User Guide, "Troubleshoot access denied error messages" (type of policy, explicit and implicit), and AWS
 * Security Blog, "Enhanced access denied error messages with policy ARNs" (January 2026: the ARN of the denying policy
 * follows where caller and resource are of one account or organisation), both read on 2026-11-22.
 */
import type { Decision } from '../../policy/decision.ts'
import type { PolicyKind } from '../../policy/policies.ts'

const NAMES: Readonly<Record<PolicyKind, readonly [article: string, name: string]>> = {
  scp: ['a', 'service control policy'],
  rcp: ['a', 'resource control policy'],
  identity: ['an', 'identity-based policy'],
  boundary: ['a', 'permissions boundary'],
  session: ['a', 'session policy'],
  resource: ['a', 'resource-based policy'],
  trust: ['the', 'role trust policy'],
}

/** AWS names one kind although several deny; where nothing allows, it looks at the caller's side first. */
const IMPLICIT_ORDER: readonly PolicyKind[] = ['scp', 'identity', 'boundary', 'session', 'resource', 'trust']
const EXPLICIT_ORDER: readonly PolicyKind[] = ['scp', 'rcp', 'resource', 'identity', 'boundary', 'session']

export interface Denied {
  readonly principalArn: string
  readonly action: string
  readonly resource: string
  /** Whether the resource's policy is a role's trust policy. */
  readonly isTrust: boolean
  /** Caller and resource are of one account or organisation. */
  readonly mayNamePolicy: boolean
}

export function denialText(request: Denied, decision: Decision): string {
  const who = `User: ${request.principalArn} is not authorized to perform: ${request.action} on resource: ${request.resource}`
  const explicit = decision.why === 'explicit_deny'
  const kind = (explicit ? EXPLICIT_ORDER : IMPLICIT_ORDER).find((one) => decision.by.includes(one))
  if (kind === undefined) return who
  const [article, name] = NAMES[kind === 'resource' && request.isTrust ? 'trust' : kind]
  if (!explicit) return `${who} because no ${name} allows the ${request.action} action`
  const policy = request.mayNamePolicy ? denyingPolicy(kind, decision) : ''
  return `${who} with an explicit deny in ${article} ${name}${policy === '' ? '' : `: ${policy}`}`
}

// Resource-based policies have no ARN of their own, and inline policies neither.
function denyingPolicy(kind: PolicyKind, { deciding }: Decision): string {
  if (kind === 'resource') return ''
  const found = deciding.find((statement) => statement.kind === kind)?.policy ?? ''
  return found.startsWith('arn:') ? found : ''
}
