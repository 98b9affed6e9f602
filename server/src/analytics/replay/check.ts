import type { Json } from '../../kernel/json.ts'
import { ABSENT, type ContextEntry, known, type Principal, type Request } from '../../policy/request.ts'
import type { Assumed, IamFacts, KeyFacts } from '../../policy/trail/facts.ts'
import type { Caller } from '../../policy/trail/principal.ts'
import { engineRequest, type TrailRequest, type TrailView } from '../../policy/trail/requests.ts'
import type { Ask, Estate } from './estate.ts'

/** The parts of a check that policies ask; facts hold a number for each. In the order in which a key is looked up. */
export const PARTS = ['context', 'principal', 'network', 'resource', 'region', 'action'] as const
export type Part = (typeof PARTS)[number]

export interface ResourcePart {
  readonly arn: string | null
  readonly account: string | null
  readonly assumed: Assumed | null
}

export interface Parts {
  readonly context: KeyFacts
  readonly principal: Caller
  readonly network: KeyFacts
  readonly resource: ResourcePart
  readonly region: string
  readonly action: string
}

const NOBODY: Principal = { type: 'unknown', arn: null, account: null }

/** A check of which nothing is told; single parts are looked at with the rest like this. */
export const BLANK: Parts = {
  context: {},
  principal: { principal: NOBODY, keys: {}, via: null, viaService: 'unknown' },
  network: {},
  resource: { arn: null, account: null, assumed: null },
  region: '',
  action: 'x:x',
}

/** A part out of its text in `dims.parquet`. */
export function readPart<P extends Part>(part: P, text: string): Parts[P] {
  if (part === 'resource') return resourceOf(text) as Parts[P]
  const value: Json | string = part === 'action' || part === 'region' ? text : (JSON.parse(text) as Json)
  return (value ?? BLANK[part]) as Parts[P]
}

const ACCOUNT = '{"account":'
const ARN = '"arn":"'
const END = '","assumed":null}'

/** Resources are most of all values: their canonical text is read by its places, other spellings by `JSON.parse`. */
function resourceOf(text: string): ResourcePart {
  const at = text.indexOf(ARN, ACCOUNT.length)
  const [account, ends] = [text.slice(ACCOUNT.length, at - 1), text.length - END.length]
  const plain = at > 0 && text.endsWith(END) && ends >= at + ARN.length && !text.includes('\\')
  if (plain && (account === 'null' || /^"\d{12}"$/.test(account)))
    return {
      arn: text.slice(at + ARN.length, ends),
      account: account === 'null' ? null : account.slice(1, -1),
      assumed: null,
    }
  return (JSON.parse(text) as ResourcePart | null) ?? BLANK.resource
}

export const trailRequestOf = (parts: Parts, kind: 'direct' | 'implied' = 'direct'): TrailRequest => ({
  check: {
    action: parts.action,
    kind,
    resource: parts.resource.arn,
    account: parts.resource.account,
    assumed: parts.resource.assumed,
    keys: parts.context,
  },
  caller: parts.principal,
  region: parts.region,
  network: parts.network,
})

/** Keys that the tree tells and no record. */
export const PRINCIPAL_ORG_KEYS: ReadonlySet<string> = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
])
export const RESOURCE_ORG_KEYS: ReadonlySet<string> = new Set(['aws:resourceorgid', 'aws:resourceorgpaths'])

/** What the tree tells of such a key, or `undefined`: outsiders may be of any organisation. */
export function orgEntry(key: string, parts: Parts, { tree }: Estate): ContextEntry | undefined {
  if (tree === null || tree.organizationId === null) return undefined
  const { principal } = parts.principal
  const ofPrincipal = PRINCIPAL_ORG_KEYS.has(key)
  if (ofPrincipal && (principal.type === 'service' || principal.type === 'anonymous')) return ABSENT
  const account = ofPrincipal ? principal.account : parts.resource.account
  const path = account === null ? null : tree.pathOf(account)
  if (path === null) return undefined
  if (!key.endsWith('paths')) return known(tree.organizationId)
  return known(`${[tree.organizationId, ...path.slice(0, -1).map(({ id }) => id)].join('/')}/`)
}

/** What the engine is asked for a check: the request and the policies that bear on it. */
export function askOf(
  parts: Parts,
  seen: TrailView,
  estate: Estate,
  keys: Iterable<string>,
  iam: IamFacts,
): Ask & { readonly request: Request } {
  const ask = estate.setOf(parts.principal.principal.account, parts.resource.account, seen)
  const request = engineRequest(trailRequestOf(parts), keys, iam, ask.organization)
  const context = new Map(request.context)
  for (const key of keys) {
    if (!PRINCIPAL_ORG_KEYS.has(key) && !RESOURCE_ORG_KEYS.has(key)) continue
    const entry = orgEntry(key, parts, estate)
    if (entry !== undefined) context.set(key, entry)
  }
  return { ...ask, request: { ...request, context } }
}
