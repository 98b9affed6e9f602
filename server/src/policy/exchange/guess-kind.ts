import type { JsonNode, JsonObject } from '../parse/json-node.ts'
import { itemsOf, memberOf } from '../parse/report.ts'
import type { PolicyKind } from '../policies.ts'

/**
 * What a document is most probably, where nobody says. With a principal: a trust policy when it speaks of STS alone, an RCP when
 * it denies everybody on every resource, else a resource policy. Without: an SCP when it only denies (an identity policy that
 * allows nothing is rare, and an SCP that only denies is the usual one), else an identity policy.
 */
export function guessKind(node: JsonNode): PolicyKind {
  const statement = node.kind === 'object' ? memberOf(node, 'Statement') : undefined
  const statements = (statement === undefined ? [] : itemsOf(statement)).filter(
    ({ kind }) => kind === 'object',
  ) as readonly JsonObject[]
  const onlyDeny = statements.length > 0 && statements.every((one) => textIs(one, 'Effect', 'Deny'))
  const ofSts = statements.length > 0 && statements.every(speaksOfStsAlone)
  if (!statements.some((one) => has(one, 'Principal', 'NotPrincipal'))) {
    if (ofSts && !statements.some((one) => has(one, 'Resource', 'NotResource'))) return 'trust'
    return onlyDeny ? 'scp' : 'identity'
  }
  if (onlyDeny && statements.every(isOfRcp)) return 'rcp'
  return ofSts ? 'trust' : 'resource'
}

const has = (one: JsonObject, ...keys: readonly string[]): boolean =>
  one.members.some(({ key }) => keys.includes(key))

function textIs(one: JsonObject, key: string, wanted: string): boolean {
  const node = memberOf(one, key)
  return node?.kind === 'scalar' && node.value === wanted
}

const speaksOfStsAlone = (one: JsonObject): boolean => {
  const action = memberOf(one, 'Action')
  const items = action === undefined ? [] : itemsOf(action)
  return items.length > 0 && items.every((item) => item.kind === 'scalar' && /^sts:/i.test(item.text))
}

/** Everybody, on every resource: a resource policy names its own. */
const isOfRcp = (one: JsonObject): boolean =>
  textIs(one, 'Principal', '*') && (textIs(one, 'Resource', '*') || isListOfStar(memberOf(one, 'Resource')))

const isListOfStar = (node: JsonNode | undefined): boolean =>
  node?.kind === 'array' &&
  node.items.length === 1 &&
  node.items[0]?.kind === 'scalar' &&
  node.items[0].value === '*'
