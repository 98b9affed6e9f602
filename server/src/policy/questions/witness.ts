import { principalOf } from '../exchange/principal.ts'
import type { ContextEntry, Principal, Request } from '../request.ts'
import { SOMEBODY } from './candidates.ts'
import type { Fragment } from './fragment.ts'
import type { Model } from './solve.ts'

/** Known actions in their usual spelling, by lower case: a witness is easier to read with a real action's name. */
export type Spelling = (action: string) => string

/** The request that a model describes: keys that it does not name are absent. */
export function requestOf(model: Model, { candidates }: Fragment, spell: Spelling): Request {
  return {
    action: spell(model.action),
    resource: { arn: model.resource, account: accountOf(model.resource) },
    principal: principalIn(model, candidates),
    context: model.context,
    unlisted: 'absent',
  }
}

const accountOf = (arn: string): string | null => {
  const account = arn.split(':')[4]
  return account !== undefined && /^\d{12}$/.test(account) ? account : null
}

/** Who asks: whom `aws:PrincipalArn` names where no policy names principals. */
function principalIn({ principal, context }: Model, candidates: readonly Principal[]): Principal {
  const candidate = candidates[principal] ?? SOMEBODY
  const entry = context.get('aws:principalarn')
  const arn = entry?.state === 'known' ? entry.values[0] : undefined
  if (candidates.length > 1 || arn === undefined) return candidate
  const named = principalOf(arn)
  return named === null || named.account === null || named.type === 'account'
    ? candidate
    : { ...named, canonicalUser: 'none' }
}

/** The request as `rankan policy eval` takes it. */
export function plainRequest({ action, resource, principal, context }: Request): object {
  return {
    action,
    resource: resource.arn,
    resourceAccount: resource.account,
    principal: { ...principal, sessionArn: principal.sessionArn ?? undefined },
    context: Object.fromEntries([...context].map(([key, entry]) => [key, plainEntry(entry)])),
    unlisted: 'absent',
    derive: false,
  }
}

const plainEntry = (entry: ContextEntry): unknown =>
  entry.state === 'known' ? (entry.values.length === 1 ? entry.values[0] : entry.values) : null

/** Fewer keys, then shorter texts: what one reads first should be the simplest. */
export function weightOf({ action, resource, context }: Request): number {
  const values = [...context.values()].flatMap((entry) => (entry.state === 'known' ? entry.values : []))
  return context.size * 10_000 + [action, resource.arn ?? '', ...values].join('').length
}
