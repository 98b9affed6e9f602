import type { ManagementPolicy } from '../management/document.ts'
import { effectivePolicy, type ManagementLevel } from '../management/effective.ts'
import { parseManagementPolicy } from '../management/parse.ts'
import { missingSettings } from '../management/required.ts'
import { type ManagementType, RULES } from '../management/types.ts'
import { isFields, kindOf, type Path, type Reader } from './reader.ts'

/** What is attached, before it is read: levels from the root down to the account. */
export interface GivenLevel {
  readonly target: string
  readonly policies: readonly unknown[]
}

export interface EffectiveAnswer {
  readonly type: ManagementType
  readonly effective: object | null
  readonly settings: readonly object[]
  readonly ignored: readonly object[]
  /** Settings that AWS needs and nobody gives. */
  readonly missing: readonly string[]
  readonly levels: readonly { readonly target: string; readonly policies: readonly string[] }[]
}

const HOLDERS = ['document', 'Document', 'Policy', 'Content', 'content', 'EffectivePolicy', 'PolicyContent']

/** One effective policy for each type that occurs; documents are objects, their texts, or answers of Organizations. */
export function effectiveAnswers(levels: readonly GivenLevel[], reader: Reader): readonly EffectiveAnswer[] {
  const read = levels.map(({ target, policies }, i) => ({
    target,
    policies: policies.flatMap((given, j) =>
      readPolicy(given, `policy ${j + 1}`, ['levels', i, 'policies', j], reader),
    ),
  }))
  const types = [...new Set(read.flatMap(({ policies }) => policies.map(({ type }) => type)))]
  return types.map((type) =>
    answerOf(
      type,
      read.map(({ target, policies }) => ({ target, policies: policies.filter((one) => one.type === type) })),
    ),
  )
}

function readPolicy(
  given: unknown,
  otherwise: string,
  path: Path,
  reader: Reader,
): readonly ManagementPolicy[] {
  const found = documentIn(given, null)
  if (found === null) {
    reader.fail(path, 'not_a_policy', `Expected a management policy, found ${kindOf(given)}.`)
    return []
  }
  const { policy, problems } = parseManagementPolicy(found.source, found.name ?? otherwise)
  for (const { severity, path: at, line, column, code, message, hint } of problems)
    if (severity === 'error')
      reader.fail(
        [...path, at],
        code,
        `${line > 0 ? `line ${line}, column ${column}: ` : ''}${message}${hint === null ? '' : ` ${hint}`}`,
      )
  return policy === null ? [] : [policy]
}

interface Found {
  readonly name: string | null
  readonly source: string | object
}

function documentIn(value: unknown, name: string | null, depth = 0): Found | null {
  if (typeof value === 'string') return /^\s*\{/.test(value) ? { name, source: value } : null
  if (!isFields(value) || depth > 5) return null
  const own = nameIn(value) ?? name
  for (const holder of HOLDERS)
    if (value[holder] !== undefined) {
      const inner = documentIn(value[holder], own, depth + 1)
      if (inner !== null) return inner
    }
  return { name, source: value }
}

function nameIn(value: Readonly<Record<string, unknown>>): string | null {
  const { PolicySummary: summary } = value
  return (isFields(summary) ? ownName(summary) : null) ?? ownName(value)
}

function ownName({ name, Name, Id }: Readonly<Record<string, unknown>>): string | null {
  const own = [name, Name, Id].find((one) => typeof one === 'string')
  return typeof own === 'string' ? own : null
}

function answerOf(type: ManagementType, levels: readonly ManagementLevel[]): EffectiveAnswer {
  const effective = effectivePolicy(levels)
  const rules = RULES.get(type)
  return {
    type,
    effective: effective.document,
    settings: effective.settings.map(({ path, value, from }) => ({
      path: path.join('/'),
      value: value.many ? value.values : value.values[0],
      from,
    })),
    ignored: effective.ignored.map(({ path, operator, reason, target, policy, by, place }) => ({
      path: path.join('/'),
      operator,
      reason,
      target,
      policy,
      by,
      line: place.line,
    })),
    missing: rules === undefined ? [] : missingSettings(effective, rules).map(({ path }) => path.join('/')),
    levels: levels.map(({ target, policies }) => ({ target, policies: policies.map(({ name }) => name) })),
  }
}
