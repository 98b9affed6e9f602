import type { PolicyKind, Statement } from '../policies.ts'
import { readConditions } from './conditions.ts'
import { readAction, readResource } from './elements.ts'
import { GRAMMARS } from './grammar.ts'
import type { JsonNode, JsonObject } from './json-node.ts'
import { checkElements, readText } from './members.ts'
import { readPrincipal } from './principals.ts'
import { checkRcp } from './rcp.ts'
import { describe, memberOf, placeOf, type Report } from './report.ts'

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

/** One statement, or `null` when something is wrong with it that cannot be read over. */
export function parseStatement(
  given: JsonNode,
  index: number,
  kind: PolicyKind,
  report: Report,
): Statement | null {
  if (given.kind !== 'object') {
    report.error(
      given,
      'not_an_object',
      `The statement is ${describe(given)}.`,
      'Write an object with `Effect` and `Action`.',
    )
    return null
  }
  const node = checkElements(given, ELEMENTS, 'a statement', report)
  // Something else altogether: that every element is missing from it says nothing more.
  if (node.members.length > 0 && !node.members.some(({ key }) => ELEMENTS.includes(key))) return null
  const effect = readEffect(node, report)
  const principal = readPrincipal(node, kind, report)
  const action = readAction(node, kind, report)
  const resource = readResource(node, kind, report)
  const conditions = readConditions(node, report)
  const sid = readSid(node, kind, report)
  if (effect === null || action === null || resource === undefined || principal === undefined) return null
  const statement = { index, sid, effect, principal, action, resource, conditions, place: placeOf(node) }
  if (kind === 'rcp') checkRcp(statement, report)
  return statement
}

function readEffect(node: JsonObject, report: Report): Statement['effect'] | null {
  const effect = memberOf(node, 'Effect')
  if (effect === undefined) {
    report.error(
      node,
      'no_effect',
      'The statement has no `Effect`.',
      'Write `"Effect": "Allow"` or `"Effect": "Deny"`.',
    )
    return null
  }
  const value = effect.kind === 'scalar' ? effect.value : null
  if (value === 'Allow' || value === 'Deny') return value
  report.error(
    effect,
    'bad_effect',
    `\`Effect\` is ${describe(effect)}.`,
    'Write `Allow` or `Deny`, with a capital letter.',
  )
  return null
}

function readSid(node: JsonObject, kind: PolicyKind, report: Report): string | null {
  const sid = readText(node, 'Sid', report)
  const at = memberOf(node, 'Sid')
  if (sid !== null && at !== undefined && GRAMMARS[kind].strictSid && !/^[A-Za-z0-9]*$/.test(sid))
    report.error(
      at,
      'bad_sid',
      `The \`Sid\` \`${sid}\` has characters that AWS refuses here.`,
      'Use only letters A–Z and digits.',
    )
  return sid
}
