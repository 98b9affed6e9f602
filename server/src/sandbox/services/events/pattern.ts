/**
 * EventBridge event patterns: exact values, `prefix`, `suffix`, `equals-ignore-case`, `wildcard`, `anything-but`,
 * `exists`, `numeric`, `cidr` left out, `$or`. A field of the pattern holds if one of its alternatives holds for one of the event's values.
 */

type Json = unknown
type Fields = Readonly<Record<string, Json>>

export function matchesPattern(pattern: Json, event: Json): boolean {
  return isFields(pattern) && Object.entries(pattern).every(([key, wanted]) => fieldHolds(key, wanted, event))
}

function fieldHolds(key: string, wanted: Json, event: Json): boolean {
  if (key === '$or' && Array.isArray(wanted)) return wanted.some((p) => matchesPattern(p, event))
  const value = isFields(event) ? event[key] : undefined
  if (Array.isArray(wanted)) return wanted.some((one) => alternativeHolds(one, value))
  // A list of objects in the event: one of them must hold.
  if (Array.isArray(value)) return value.some((v) => matchesPattern(wanted, v))
  return matchesPattern(wanted, value)
}

function alternativeHolds(wanted: Json, value: Json): boolean {
  if (isFields(wanted) && 'exists' in wanted) return (value !== undefined) === wanted.exists
  const values = Array.isArray(value) ? value : [value]
  return values.some((v) => v !== undefined && (isFields(wanted) ? matcherHolds(wanted, v) : v === wanted))
}

type Matcher = (operand: Json, value: Json) => boolean

const text =
  (test: (operand: string, value: string) => boolean): Matcher =>
  (operand, value) =>
    typeof operand === 'string' && typeof value === 'string' && test(operand, value)

/** `{"prefix": {"equals-ignore-case": "x"}}` compares without case. */
const edge =
  (test: (value: string, operand: string) => boolean): Matcher =>
  (operand, value) => {
    if (typeof value !== 'string') return false
    if (typeof operand === 'string') return test(value, operand)
    const loose = isFields(operand) ? operand['equals-ignore-case'] : undefined
    return typeof loose === 'string' && test(value.toLowerCase(), loose.toLowerCase())
  }

export const MATCHERS: Readonly<Record<string, Matcher>> = Object.freeze({
  prefix: edge((value, operand) => value.startsWith(operand)),
  suffix: edge((value, operand) => value.endsWith(operand)),
  'equals-ignore-case': text((operand, value) => operand.toLowerCase() === value.toLowerCase()),
  wildcard: text((operand, value) => wildcard(operand).test(value)),
  'anything-but': (operand, value) => !anythingButListed(operand, value),
  numeric: (operand, value) =>
    Array.isArray(operand) && typeof value === 'number' && comparisonsHold(operand, value),
})

const matcherHolds = (wanted: Fields, value: Json) =>
  Object.entries(wanted).every(([name, operand]) => MATCHERS[name]?.(operand, value) ?? false)

function anythingButListed(operand: Json, value: Json): boolean {
  if (Array.isArray(operand)) return operand.includes(value)
  if (isFields(operand))
    return Object.entries(operand).some(([name, o]) =>
      (Array.isArray(o) ? o : [o]).some((one) => MATCHERS[name]?.(one, value) ?? false),
    )
  return operand === value
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = Object.freeze({
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
})

function comparisonsHold(operand: readonly Json[], value: number): boolean {
  for (let i = 0; i < operand.length; i += 2) {
    const compare = COMPARISONS[String(operand[i])]
    const bound = operand[i + 1]
    if (!compare || typeof bound !== 'number' || !compare(value, bound)) return false
  }
  return operand.length > 0
}

const wildcard = (glob: string) =>
  new RegExp(
    `^${glob
      .split('*')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    's',
  )

const isFields = (value: Json): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong with a pattern, or null: EventBridge refuses leaves that are not lists and matchers that it does not know. */
export function patternProblem(pattern: Json, path = ''): string | null {
  if (!isFields(pattern) || Object.keys(pattern).length === 0)
    return `Event pattern must be a non-empty object${at(path)}`
  for (const [key, wanted] of Object.entries(pattern)) {
    const problem = fieldProblem(key, wanted, path === '' ? key : `${path}.${key}`)
    if (problem) return problem
  }
  return null
}

const at = (path: string) => (path === '' ? '' : ` at \`${path}\``)

function fieldProblem(key: string, wanted: Json, path: string): string | null {
  if (!Array.isArray(wanted))
    return isFields(wanted) ? patternProblem(wanted, path) : `"${path}" must be an object or an array`
  if (wanted.length === 0) return `Empty arrays are not allowed${at(path)}`
  if (key === '$or') return wanted.map((p) => patternProblem(p, path)).find((p) => p !== null) ?? null
  const unknown = wanted
    .filter(isFields)
    .flatMap(Object.keys)
    .find((name) => name !== 'exists' && !(name in MATCHERS))
  return unknown === undefined ? null : `Unrecognized match type ${unknown}${at(path)}`
}
