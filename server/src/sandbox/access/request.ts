/** A call as the policy engine sees it: who, with which context keys. */
import { ABSENT, type ContextEntry, known, type Principal } from '../../policy/request.ts'
import type { Authenticated } from '../core/authenticate.ts'
import type { Call, Caller, ServiceDefinition, World } from '../core/contract.ts'
import { holderOf, type Place } from './policies.ts'

export function principalOf({ accountId, arn, roleArn }: Caller): Principal {
  if (arn.endsWith(':root')) return { type: 'root', arn, account: accountId }
  if (roleArn === null) return { type: 'user', arn, account: accountId }
  const linked = roleArn.includes(':role/aws-service-role/')
  return {
    type: linked ? 'service_linked_role' : 'role',
    arn: roleArn,
    account: accountId,
    sessionArn: arn,
  }
}

type Context = Map<string, ContextEntry>

/**
 * Keys that do not depend on the resource (IAM User Guide, "AWS global condition context keys"). Everything that is not
 * here was not in the request: the sandbox has no VPC endpoints, no MFA and no calls of services in a caller's name.
 */
export function callContext(
  call: Call,
  who: Authenticated,
  service: ServiceDefinition,
  place: Place | null,
): Context {
  const context: Context = new Map()
  principalKeys(context, call.world, who, place)
  networkKeys(context, call)
  requestTags(context, call.input)
  for (const [key, value] of Object.entries(service.keys?.(call as never) ?? {}))
    if (value !== undefined) context.set(key.toLowerCase(), entryOf(value))
  return context
}

const entryOf = (value: string | readonly string[]): ContextEntry =>
  typeof value === 'string' ? known(value) : { state: 'known', values: value }

function principalKeys(context: Context, world: World, who: Authenticated, place: Place | null): void {
  const { caller } = who
  const isRoot = caller.arn.endsWith(':root')
  const put = (key: string, value: string) => void context.set(key, known(value))
  put('aws:principalarn', caller.roleArn ?? caller.arn)
  put('aws:principalaccount', caller.accountId)
  put('aws:principaltype', isRoot ? 'Account' : caller.roleArn ? 'AssumedRole' : 'User')
  put('aws:userid', caller.userId)
  put('aws:principalisawsservice', 'false')
  put('aws:viaawsservice', 'false')
  if (caller.roleArn === null && !isRoot)
    put('aws:username', caller.arn.slice(caller.arn.lastIndexOf('/') + 1))
  if (who.session) {
    put('aws:multifactorauthpresent', 'false')
    put('aws:tokenissuetime', new Date(who.session.issuedAt).toISOString())
  }
  for (const [key, value] of Object.entries(holderOf(world, caller)?.tags ?? {}))
    put(`aws:principaltag/${key.toLowerCase()}`, value)
  if (place === null) return
  put('aws:principalorgid', place.organizationId)
  put('aws:principalorgpaths', place.path)
}

function networkKeys(context: Context, { region, world, source }: Call): void {
  const now = world.now()
  context.set('aws:requestedregion', known(region))
  context.set('aws:securetransport', known('true'))
  context.set('aws:currenttime', known(new Date(now).toISOString()))
  context.set('aws:epochtime', known(String(Math.floor(now / 1000))))
  context.set('aws:sourceip', known(source.address))
  if (source.userAgent !== '') context.set('aws:useragent', known(source.userAgent))
}

interface AnyTag {
  readonly Key?: string
  readonly key?: string
  readonly Value?: string
  readonly value?: string
}

/** `aws:RequestTag/…` and `aws:TagKeys` out of the ways in which services take tags: lists of pairs, or a map. */
function requestTags(context: Context, input: Record<string, unknown>): void {
  const given = input.Tags ?? input.tags
  if (given === undefined || given === null) return
  const pairs = Array.isArray(given)
    ? (given as AnyTag[]).map((tag): [string, string] => [
        String(tag.Key ?? tag.key ?? ''),
        String(tag.Value ?? tag.value ?? ''),
      ])
    : Object.entries(given as Record<string, string>)
  for (const [key, value] of pairs) context.set(`aws:requesttag/${key.toLowerCase()}`, known(value))
  context.set('aws:tagkeys', { state: 'known', values: pairs.map(([key]) => key) })
}

/** The keys that speak of the resource, over those of the call. */
export function withResource(
  context: Context,
  world: World,
  service: ServiceDefinition,
  resource: { readonly arn: string; readonly account: string },
  place: Place | null,
): Context {
  const full = new Map(context)
  full.set('aws:resourceaccount', known(resource.account))
  full.set('aws:resourceorgid', place === null ? ABSENT : known(place.organizationId))
  full.set('aws:resourceorgpaths', place === null ? ABSENT : known(place.path))
  for (const [key, value] of Object.entries(service.tagsOf?.(world, resource.arn) ?? {}))
    full.set(`aws:resourcetag/${key.toLowerCase()}`, known(value))
  return full
}

/** Keys that one check brings along, over the others. */
export const withKeys = (context: Context, keys: ReadonlyMap<string, readonly string[]>): Context =>
  keys.size === 0
    ? context
    : new Map([...context, ...[...keys].map(([key, one]) => [key, entryOf(one)] as const)])
