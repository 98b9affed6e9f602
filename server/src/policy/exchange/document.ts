import { isFields } from './reader.ts'

/** A policy document found in a larger value. */
export interface FoundDocument {
  readonly name: string | null
  readonly source: string | object
}

// Members under which AWS's APIs and people's files keep the document itself.
const HOLDERS = [
  'document',
  'Document',
  'policy',
  'Policy',
  'PolicyDocument',
  'AssumeRolePolicyDocument',
  'Content',
  'PolicyVersion',
  'content',
]
const NAMES = ['name', 'Name', 'PolicyName', 'Id', 'PolicyId', 'Arn', 'arn', 'RoleName']
const MAX_DEPTH = 5

/**
 * The document in what somebody sends: the document, its JSON text (as IAM's API gives it: URL-encoded), or an answer of
 * AWS (`DescribePolicy`, `GetPolicyVersion`, `GetBucketPolicy`, `GetRole`…). `null` when there is none.
 */
export function documentOf(value: unknown, depth = 0): FoundDocument | null {
  if (typeof value === 'string') return textDocument(value)
  if (!isFields(value) || depth > MAX_DEPTH) return null
  if (value.Statement !== undefined || value.Version !== undefined) return { name: null, source: value }
  for (const holder of HOLDERS) {
    if (value[holder] === undefined) continue
    const inner = documentOf(value[holder], depth + 1)
    if (inner !== null) return { name: nameOf(value) ?? inner.name, source: inner.source }
  }
  return null
}

function textDocument(text: string): FoundDocument | null {
  if (/^\s*[{[]/.test(text)) return { name: null, source: text }
  if (!/^%7B/i.test(text)) return null
  try {
    return { name: null, source: decodeURIComponent(text) }
  } catch {
    return null
  }
}

function nameOf(value: Readonly<Record<string, unknown>>): string | null {
  const { PolicySummary: summary } = value
  return (isFields(summary) ? ownNameOf(summary) : null) ?? ownNameOf(value)
}

function ownNameOf(value: Readonly<Record<string, unknown>>): string | null {
  const found = NAMES.map((key) => value[key]).find((name) => typeof name === 'string')
  return typeof found === 'string' ? found : null
}
