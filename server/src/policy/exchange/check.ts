import type { Facts } from '../facts.ts'
import { lintPolicy } from '../lint/lint.ts'
import { sizeOf } from '../lint/size.ts'
import { parseJson } from '../parse/json.ts'
import type { JsonNode, JsonObject } from '../parse/json-node.ts'
import { nearest } from '../parse/nearest.ts'
import { parsePolicyNode } from '../parse/policy.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import { itemsOf, memberOf } from '../parse/report.ts'
import type { PolicyKind } from '../policies.ts'
import { checkManagement, managementRules, otherManagement } from './check-management.ts'
import type { CheckedDocument } from './checked.ts'
import { guessKind } from './guess-kind.ts'

export interface CheckedText {
  readonly documents: readonly CheckedDocument[]
  /** Problems of the file around the documents: no JSON, no policy in it. */
  readonly problems: readonly PolicyProblem[]
}

const MAX_DEPTH = 12

/**
 * Checks every policy document in a text: the document itself, a list of them, or answers of AWS's APIs around them
 * (also where the document is a text inside the JSON). `kind` is guessed from the document when it is not given.
 * With `facts`, unknown actions and keys are found, too.
 */
export function checkText(text: string, kind?: PolicyKind, facts?: Facts): CheckedText {
  const { root, problems } = parseJson(text)
  if (root === null) return { documents: [], problems }
  const found = documentsIn(root, 0)
  if (found.length === 0 && problems.length === 0)
    return { documents: [], problems: [otherManagement(root) ?? noPolicy(root)] }
  const documents = found.map(({ node, type, source }): CheckedDocument => {
    const rules = managementRules(node, node === root)
    if (rules !== undefined) return checkManagement(node, rules, source ?? text, problems.length > 0)
    const actual = kind ?? type ?? guessKind(node)
    const { policy, problems: own } = parsePolicyNode(node, actual)
    const size = sizeOf(source ?? text, actual)
    const lint = policy === null ? [] : lintPolicy(policy, size, facts, kind !== undefined || type !== null)
    const faults = lint.filter(({ severity }) => severity === 'error')
    const isRead = policy !== null && problems.length === 0 && faults.every(({ code }) => code === 'too_long')
    return {
      at: node.path,
      kind: actual,
      valid: isRead && faults.length === 0,
      statements: policy?.statements.length ?? 0,
      policy: isRead ? policy : null,
      problems: [...own, ...lint].sort((a, b) => a.line - b.line || a.column - b.column),
      size,
    }
  })
  return { documents, problems }
}

interface Found {
  readonly node: JsonNode
  readonly type: PolicyKind | null
  /** The text of the document where it is not the whole file. */
  readonly source: string | null
}

function documentsIn(node: JsonNode, depth: number, type: PolicyKind | null = null): readonly Found[] {
  if (depth > MAX_DEPTH) return []
  if (node.kind === 'array') return node.items.flatMap((item) => documentsIn(item, depth + 1, type))
  if (node.kind === 'scalar') return inText(node.value, type)
  if (isPolicy(node)) return [{ node, type, source: depth === 0 ? null : sourceOf(node) }]
  if (managementRules(node, depth === 0) !== undefined)
    return [{ node, type, source: depth === 0 ? null : sourceOf(node) }]
  const stated = statedType(node) ?? type
  return node.members.flatMap(({ value }) => documentsIn(value, depth + 1, stated))
}

/** Whether an object is meant as a policy: with `Statement`, or with a version or statements whose key is misspelt. */
function isPolicy(node: JsonObject): boolean {
  if (memberOf(node, 'Statement') !== undefined) return true
  const version = memberOf(node, 'Version')
  if (version?.kind === 'scalar' && /^20(08-10|12-10)-17$/.test(version.text)) return true
  return node.members.some(
    ({ key, value }) =>
      nearest(key, ['Statement']) !== null &&
      itemsOf(value).some((item) => item.kind === 'object' && isStatement(item)),
  )
}

const isStatement = ({ members }: JsonObject): boolean => members.some(({ key }) => /^effect$/i.test(key))

/** A document inside a text: as Organizations gives it, or URL-encoded as IAM does. Places are those of the inner text. */
function inText(value: unknown, type: PolicyKind | null): readonly Found[] {
  if (typeof value !== 'string') return []
  const text = /^%7B/i.test(value) ? decoded(value) : value
  if (!/^\s*\{[\s\S]*"(Statement|@@\w+)"/.test(text)) return []
  const { root } = parseJson(text)
  return root?.kind === 'object' ? [{ node: root, type, source: text }] : []
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

const TYPES: Readonly<Record<string, PolicyKind>> = {
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
}

/** `PolicySummary.Type` of Organizations. */
function statedType(node: JsonObject): PolicyKind | null {
  const summary = memberOf(node, 'PolicySummary')
  const type = memberOf(summary?.kind === 'object' ? summary : node, 'Type')
  return type?.kind === 'scalar' ? (TYPES[type.text] ?? null) : null
}

const sourceOf = (node: JsonNode): string => JSON.stringify(compact(node))

function compact(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'array') return node.items.map(compact)
  return Object.fromEntries(node.members.map(({ key, value }) => [key, compact(value)]))
}

function noPolicy(node: JsonNode): PolicyProblem {
  const { path, line, column } = node
  const place = { severity: 'error', path, line, column } as const
  if (itemsOf(node).length > 0 && itemsOf(node).every((item) => item.kind === 'object' && isStatement(item)))
    return {
      ...place,
      code: 'bare_statement',
      message:
        node.kind === 'array'
          ? 'These are statements, and no policy document.'
          : 'This is a statement, and no policy document.',
      hint: 'Put it into `{"Version": "2012-10-17", "Statement": [ … ]}`.',
    }
  return {
    ...place,
    code: 'no_policy',
    message: 'There is no policy document in this file.',
    hint: 'A policy is an object with `Statement`, or with operators such as `@@assign`.',
  }
}
