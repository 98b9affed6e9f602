import type { PolicyKind } from '../policies.ts'

/** What AWS's messages name: kinds of policy, policies of VPC endpoints, and settings of S3, which Rankan does not read. */
export type DenyingKind = PolicyKind | 'vpc_endpoint' | 's3_setting'

/** What a denial tells of itself, out of an error message, a CloudTrail event or a decoded message. */
export interface Denial {
  readonly principal: string | null
  readonly action: string | null
  readonly resource: string | null
  /** `explicit`: AWS named a deny; `implicit`: AWS said that nothing allows it; `unsaid`: AWS did not say. */
  readonly why: 'explicit' | 'implicit' | 'unsaid'
  readonly kind: DenyingKind | null
  readonly policyArn: string | null
}

/** The first denial of a text, and how many others there are: a log holds several, and the parts of two must not be mixed. */
export function denialsIn(given: string): { readonly denial: Denial; readonly more: number } {
  const text = plainText(given)
  const starts = [...text.matchAll(START)].map(({ index }) => index)
  const said = starts.map((start, at) => sentenceDenial(text.slice(start, starts[at + 1])))
  const [denial = consoleDenial(text) ?? sentenceDenial(text)] = said
  const different = new Set(said.map((one) => JSON.stringify(one)))
  return { denial, more: Math.max(0, different.size - 1) }
}

export const denialIn = (given: string): Denial => denialsIn(given).denial

const ENTITIES: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&amp;': '&',
}

/** As AWS wrote it: copies out of XML, JSON, logs and office documents change quotes, spaces and lines. */
const plainText = (given: string): string =>
  given
    .replaceAll(/&(?:quot|#34|apos|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll(/(?<!\\)\\+"/g, '"')
    .replaceAll(/(?<!\\)\\+[nrt]/g, ' ')
    .replaceAll(/[“”„‟＂]/g, '"')
    .replaceAll('’', "'")
    .replaceAll(/[\u200B-\u200D\u2060]/g, '')
    .replaceAll(/\s+/g, ' ')

const ACTION = '([A-Za-z0-9-]+:[A-Za-z0-9]+)'
// Bounded: a text of many `because no` would be read to its end from each of them.
const KIND = '([A-Za-z -]{1,80}?policy|permissions boundary)'

/** Where a sentence of AWS begins; up to the next one everything belongs to it. */
const START = /(?:User:? (?:\S+ )?is|You are) not authorized to perform:? [A-Za-z0-9-]+:[A-Za-z0-9]/gi
const WHO = new RegExp(`(?:User:? (?:(\\S+) )?is|You are) not authorized to perform:? ${ACTION}`, 'i')
const WHAT = /on resource: ?(?:"([^"]*)"|(\S+))/i
const EXPLICIT = new RegExp(`with an explicit deny(?: in (?:an?|the) ${KIND})?(?::? (arn:\\S+))?`, 'i')
const IMPLICIT = new RegExp(`because no ${KIND} allows`, 'i')
// Source: S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors".
const S3_SETTING = /because (?:public \w+ are prevented by the \w+ setting|this bucket has blocked)/i

/**
 * AWS's sentence for a denial. Sources: IAM User Guide, "Troubleshoot access denied error messages"; S3 User Guide, as
 * above; AWS Security Blog, "Enhanced access denied error messages with policy ARNs".
 */
function sentenceDenial(text: string): Denial {
  const who = WHO.exec(text)
  const what = WHAT.exec(text)
  const explicit = EXPLICIT.exec(text)
  const implicit = IMPLICIT.exec(text)
  const setting = S3_SETTING.test(text)
  return {
    principal: who?.[1] ?? null,
    action: who?.[2] ?? null,
    resource: what?.[1] ?? trimmed(what?.[2] ?? null),
    why: explicit !== null || setting ? 'explicit' : implicit !== null ? 'implicit' : 'unsaid',
    kind: setting ? 's3_setting' : kindOf(explicit?.[1] ?? implicit?.[1] ?? ''),
    policyArn: trimmed(explicit?.[2] ?? null),
  }
}

/** A label of the AWS console's box, whose end is the next label: copied from a browser, the lines run together. */
const NEXT = String.raw`(?=\s|Service: ?|Action: ?|On resource(?:\(s\))?: ?|Context: ?|$)`
const BOX_WHO = new RegExp(`User: ?(arn:\\S+?)${NEXT}`)
const BOX_SERVICE = new RegExp(`Service: ?([a-z0-9-]+?)${NEXT}`)
const BOX_ACTION = new RegExp(`Action: ?((?:[a-z0-9-]+:)?[A-Z][A-Za-z0-9]*?)${NEXT}`)
const BOX_WHAT = new RegExp(`On resource(?:\\(s\\))?: ?(\\S+?)${NEXT}`)
const BOX_EXPLICIT = new RegExp(`Context: ?(?:an?|the) ${KIND} explicitly denies`, 'i')
const BOX_IMPLICIT = new RegExp(`Context: ?no ${KIND} allows`, 'i')
const HEADLINE = new RegExp(`(?:Access denied to|You don't have permission to) ${ACTION}`, 'i')

/**
 * The box that the AWS console shows: `User`, `Service` (older), `Action`, `On resource(s)`, `Context`, as people copied
 * it into public reports (2023 to 2026); `null` where the text has none.
 */
function consoleDenial(text: string): Denial | null {
  const service = BOX_SERVICE.exec(text)?.[1]
  const name = BOX_ACTION.exec(text)?.[1]
  const action =
    name === undefined || name.includes(':') || service === undefined ? name : `${service}:${name}`
  const explicit = BOX_EXPLICIT.exec(text)
  const implicit = BOX_IMPLICIT.exec(text)
  const told = action?.includes(':') ? action : HEADLINE.exec(text)?.[1]
  if (told === undefined) return null
  return {
    principal: BOX_WHO.exec(text)?.[1] ?? null,
    action: told,
    resource: trimmed(BOX_WHAT.exec(text)?.[1] ?? null),
    why: explicit !== null ? 'explicit' : implicit !== null ? 'implicit' : 'unsaid',
    kind: kindOf(explicit?.[1] ?? implicit?.[1] ?? ''),
    policyArn: null,
  }
}

/** Behind an ARN, a full stop, a comma, a tag or Japanese text belongs to what stands around it. */
const trimmed = (text: string | null): string | null =>
  text?.replace(/[、。「」『』()].*/su, '').replace(/<\/?[A-Za-z].*|(?<![.,;'"])[.,;'"]+$/s, '') ?? null

const KINDS: readonly (readonly [RegExp, DenyingKind])[] = [
  [/service control/i, 'scp'],
  [/resource control/i, 'rcp'],
  [/identity-based/i, 'identity'],
  [/permissions boundary/i, 'boundary'],
  [/session/i, 'session'],
  [/trust/i, 'trust'],
  [/vpc endpoint/i, 'vpc_endpoint'],
  [/resource-based/i, 'resource'],
]
const kindOf = (text: string): DenyingKind | null =>
  KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? null
