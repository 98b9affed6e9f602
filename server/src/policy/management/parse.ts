import { parseJson } from '../parse/json.ts'
import type { JsonMember, JsonNode, JsonObject } from '../parse/json-node.ts'
import { isTooDeep, nodeOf } from '../parse/json-node.ts'
import { didYouMean } from '../parse/nearest.ts'
import { type PolicyProblem, TOO_DEEP } from '../parse/problem.ts'
import { createReport, describe, itemsOf, placeOf, type Report } from '../parse/report.ts'
import type { Place } from '../policies.ts'
import {
  CHILD_CONTROL,
  type ManagementPolicy,
  type Scalar,
  type Setting,
  type SettingValue,
  VALUE_OPERATORS,
  type ValueOperator,
} from './document.ts'
import { MANAGEMENT_ROOTS, type ManagementRules, rulesByRoot } from './types.ts'
import { checkSettings } from './values.ts'

export interface ParsedManagementPolicy {
  /** `null` when AWS would refuse the document. */
  readonly policy: ManagementPolicy | null
  readonly problems: readonly PolicyProblem[]
}

const OPERATORS: readonly string[] = [...VALUE_OPERATORS, CHILD_CONTROL]
const CONTROL_VALUES: readonly string[] = [...VALUE_OPERATORS, '@@all', '@@none']

/**
 * Reads and checks a management policy: text, or a JSON value that was parsed already. The type follows from the key at
 * the top. Source: Organizations User Guide, "Inheritance operators".
 */
export function parseManagementPolicy(source: string | object, name = ''): ParsedManagementPolicy {
  if (isTooDeep(source)) return { policy: null, problems: [TOO_DEEP] }
  if (typeof source !== 'string') return parseManagementNode(nodeOf(source), name)
  const { root, problems } = parseJson(source)
  if (root === null) return { policy: null, problems }
  const parsed = parseManagementNode(root, name)
  return {
    policy: problems.length > 0 ? null : parsed.policy,
    problems: [...problems, ...parsed.problems].sort((a, b) => a.line - b.line || a.column - b.column),
  }
}

export function parseManagementNode(node: JsonNode, name = ''): ParsedManagementPolicy {
  const report = createReport()
  const policy = readDocument(node, name, report)
  const broken = report.problems.some(({ severity }) => severity === 'error')
  return { policy: broken ? null : policy, problems: report.problems }
}

/** Whether the object looks like a management policy: by the first of its keys that begins one. */
export const rulesOfNode = (node: JsonNode): ManagementRules | undefined => {
  const root = node.kind === 'object' ? rootOf(node) : undefined
  return root === undefined ? undefined : rulesByRoot(root.key)
}

const rootOf = ({ members }: JsonObject): JsonMember | undefined =>
  members.find(({ key }) => rulesByRoot(key) !== undefined)

function readDocument(node: JsonNode, name: string, report: Report): ManagementPolicy | null {
  const hint = `The document has one key: ${MANAGEMENT_ROOTS.map((root) => `\`${root}\``).join(', ')}.`
  if (node.kind !== 'object') {
    report.error(node, 'not_an_object', `The document is ${describe(node)}.`, hint)
    return null
  }
  const member = rootOf(node) ?? node.members[0]
  const rules = member === undefined ? undefined : rulesByRoot(member.key)
  if (member === undefined || rules === undefined) {
    const found =
      member === undefined ? 'The document is empty.' : `\`${member.key}\` begins no known type of policy.`
    report.error(
      node,
      'unknown_type',
      found,
      member === undefined ? hint : didYouMean(member.key, MANAGEMENT_ROOTS, hint),
    )
    return null
  }
  for (const { key, place } of node.members.filter((one) => one !== member))
    report.error(
      place,
      'second_root',
      `\`${key}\` stands beside \`${member.key}\`.`,
      rulesByRoot(key) === undefined
        ? `Remove it: the document has \`${member.key}\` alone at its top.`
        : 'These are two types of policy: put each into a document of its own.',
    )
  const root = readSetting(member, report)
  checkSettings(root, rules, report)
  return { type: rules.type, name, root }
}

function readSetting({ key, place, value }: JsonMember, report: Report): Setting {
  const setting: Setting = {
    name: key,
    place: placeOf(place),
    children: [],
    operators: {},
    allowedForChildren: null,
  }
  if (value.kind !== 'object') {
    report.error(
      value,
      'no_operator',
      `\`${key}\` is ${describe(value)} without an operator.`,
      `Write \`{"@@assign": ${value.kind === 'scalar' ? JSON.stringify(value.value) : '…'}}\`.`,
    )
    return setting
  }
  reportDuplicates(value, report)
  const [operators, names] = split(value)
  const children = names.map((member) => readSetting(member, report))
  for (const { key: operator, place: at } of operators)
    if (!OPERATORS.includes(operator))
      report.error(
        at,
        'unknown_operator',
        `\`${operator}\` is no inheritance operator.`,
        didYouMean(operator, OPERATORS, `Known are ${OPERATORS.map((known) => `\`${known}\``).join(', ')}.`),
      )
  const values = readValues(operators, report)
  // No page of AWS's gives it a meaning; 'Inheritance examples', policy D, has such a key by a slip of its braces.
  if (Object.keys(values).length > 0 && children.length > 0)
    report.warn(
      place,
      'value_and_settings',
      `\`${key}\` has a value and settings of its own.`,
      'A key has either; move the settings beside it.',
    )
  return { ...setting, children, operators: values, allowedForChildren: readControl(operators, report) }
}

const split = ({ members }: JsonObject): readonly [readonly JsonMember[], readonly JsonMember[]] => [
  members.filter(({ key }) => key.startsWith('@')),
  members.filter(({ key }) => !key.startsWith('@')),
]

/** "Duplicate key names will be rejected" (backup policies); names that differ in case alone are one key in the merger. */
function reportDuplicates({ members }: JsonObject, report: Report): void {
  const seen = new Map<string, string>()
  for (const { key, place } of members) {
    const other = seen.get(key.toLowerCase())
    if (other !== undefined)
      report.error(
        place,
        'duplicate_key',
        `\`${key}\` is the same key as \`${other}\`.`,
        'Keep one; upper and lower case do not tell keys apart.',
      )
    seen.set(key.toLowerCase(), key)
  }
}

function readValues(members: readonly JsonMember[], report: Report): Setting['operators'] {
  const found: Partial<Record<ValueOperator, SettingValue>> = {}
  for (const { key, value } of members) {
    const operator = VALUE_OPERATORS.find((known) => known === key)
    const read = operator === undefined ? null : readValue(operator, value, report)
    if (operator !== undefined && read !== null) found[operator] = read
  }
  return found
}

function readValue(operator: ValueOperator, node: JsonNode, report: Report): SettingValue | null {
  if (operator !== '@@assign' && node.kind !== 'array') {
    report.error(
      node,
      'not_a_list',
      `\`${operator}\` has ${describe(node)}.`,
      'It works on lists alone: write `["…"]`; `@@assign` sets a single value.',
    )
    return null
  }
  const values: Scalar[] = []
  const at: Place[] = []
  for (const item of itemsOf(node)) {
    if (item.kind === 'scalar' && item.value !== null) {
      values.push(item.value)
      at.push(placeOf(item))
    } else
      report.error(
        item,
        'bad_value',
        `\`${operator}\` has ${describe(item)}.`,
        'Write a text, a number or a boolean, or a list of them.',
      )
  }
  return { many: node.kind === 'array', values, at }
}

function readControl(members: readonly JsonMember[], report: Report): readonly ValueOperator[] | null {
  const member = members.find(({ key }) => key === CHILD_CONTROL)
  if (member === undefined) return null
  const names = itemsOf(member.value).flatMap((item) => {
    const text = item.kind === 'scalar' ? String(item.value) : ''
    if (CONTROL_VALUES.includes(text)) return [text]
    report.error(
      item,
      'bad_control',
      `\`${CHILD_CONTROL}\` has ${describe(item)}.`,
      didYouMean(
        text,
        CONTROL_VALUES,
        `Known are ${CONTROL_VALUES.map((known) => `\`${known}\``).join(', ')}.`,
      ),
    )
    return []
  })
  const alone = names.find((name) => name === '@@all' || name === '@@none')
  if (alone !== undefined && names.length > 1)
    report.error(
      member.place,
      'bad_control',
      `\`${alone}\` stands beside other operators.`,
      'Write it alone.',
    )
  return alone === '@@all' ? VALUE_OPERATORS : VALUE_OPERATORS.filter((operator) => names.includes(operator))
}
