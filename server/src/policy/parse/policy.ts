import type { Policy, PolicyKind, Statement } from '../policies.ts'
import { parseJson } from './json.ts'
import { isTooDeep, type JsonNode, type JsonObject, nodeOf } from './json-node.ts'
import { checkElements, readText } from './members.ts'
import { type ParsedPolicy, type ParseOptions, type ParsePolicy, TOO_DEEP } from './problem.ts'
import { createReport, describe, itemsOf, memberOf, type Report } from './report.ts'
import { parseStatement } from './statement.ts'

const ELEMENTS = ['Version', 'Id', 'Statement']
/** More statements than any quota lets through; a bound on work, not a rule of AWS. */
const MAX_STATEMENTS = 5_000

/**
 * Reads and checks a policy document. `source` is the text, or the JSON value when it was parsed already
 * (places then have line 0). Never throws; `policy` is `null` when AWS would refuse the document.
 */
export const parsePolicy: ParsePolicy = (source, kind, options = {}) => {
  if (isTooDeep(source)) return { policy: null, problems: [TOO_DEEP] }
  if (typeof source !== 'string') return parsePolicyNode(nodeOf(source), kind, options)
  const { root, problems } = parseJson(source)
  if (root === null) return { policy: null, problems }
  const parsed = parsePolicyNode(root, kind, options)
  return {
    policy: problems.length > 0 ? null : parsed.policy,
    problems: [...problems, ...parsed.problems].sort((a, b) => a.line - b.line || a.column - b.column),
  }
}

/** The same for a document that stands inside a larger JSON text. */
export function parsePolicyNode(root: JsonNode, kind: PolicyKind, options: ParseOptions = {}): ParsedPolicy {
  const report = createReport()
  const policy = readPolicy(root, kind, options.name ?? '', report)
  const tolerate = options.tolerate ?? []
  const problems = report.problems.map((one) =>
    tolerate.includes(one.code) ? { ...one, severity: 'warning' as const } : one,
  )
  return { policy: problems.some(({ severity }) => severity === 'error') ? null : policy, problems }
}

function readPolicy(root: JsonNode, kind: PolicyKind, name: string, report: Report): Policy | null {
  if (root.kind !== 'object') {
    report.error(
      root,
      'not_an_object',
      `The document is ${describe(root)}.`,
      'A policy is an object: `{"Version": "2012-10-17", "Statement": [ … ]}`.',
    )
    return null
  }
  const document = checkElements(root, ELEMENTS, 'a policy', report)
  return {
    kind,
    name,
    version: readVersion(document, report),
    id: readText(document, 'Id', report),
    statements: readStatements(document, kind, report),
  }
}

function readVersion(root: JsonObject, report: Report): Policy['version'] {
  const node = memberOf(root, 'Version')
  // "If you do not include a Version element, the value defaults to 2008-10-17." (IAM User Guide, Version)
  if (node === undefined) return '2008-10-17'
  if (node.kind === 'scalar' && (node.value === '2012-10-17' || node.value === '2008-10-17'))
    return node.value
  report.error(
    node,
    'bad_version',
    `\`Version\` is ${describe(node)}.`,
    'Write `2012-10-17`; it is the version of the language, not of your policy.',
  )
  return '2012-10-17'
}

function readStatements(root: JsonObject, kind: PolicyKind, report: Report): readonly Statement[] {
  const node = memberOf(root, 'Statement')
  if (node === undefined) {
    report.error(root, 'no_statement', 'The policy has no `Statement`.', 'Add a list of statements.')
    return []
  }
  const items = itemsOf(node)
  if (items.length === 0)
    report.error(
      node,
      'no_statement',
      '`Statement` is an empty list.',
      'Add a statement, or remove the policy.',
    )
  if (items.length > MAX_STATEMENTS)
    report.error(
      node,
      'too_many_statements',
      `The policy has ${items.length} statements.`,
      `At most ${MAX_STATEMENTS}.`,
    )
  const statements = items
    .slice(0, MAX_STATEMENTS)
    .map((item, index) => parseStatement(item, index, kind, report))
    .filter((statement) => statement !== null)
  reportDuplicateSids(statements, report)
  return statements
}

function reportDuplicateSids(statements: readonly Statement[], report: Report): void {
  const seen = new Set<string>()
  for (const { sid, place } of statements) {
    if (sid === null || sid === '') continue
    if (seen.has(sid))
      report.error(
        place,
        'duplicate_sid',
        `The \`Sid\` \`${sid}\` occurs twice.`,
        'Give each statement its own.',
      )
    seen.add(sid)
  }
}
