import { RankanError } from '../../kernel/errors.ts'
import { evaluate } from '../compile/evaluate.ts'
import { NO_POLICIES, type PolicySet } from '../policies.ts'
import { answerOf } from './answer.ts'
import { readPolicySet } from './policy-set.ts'
import { createReader, isFields, kindOf, settle } from './reader.ts'
import { readRequest } from './request.ts'

/** Fields of a request in a file of requests that are not the request's own. */
const EXTRA = ['policies', 'expect', 'name', 'note']

export interface EvaluateOptions {
  /** With every layer, statement and reason. */
  readonly explain: boolean
}

/**
 * Evaluates one request or many, as documented in docs/guide/policy.md. A request that cannot be read gets an `error` in
 * its place, and the others are answered all the same. Throws `invalid` when `policies` or the file itself cannot be read.
 */
export function evaluateJson(
  requests: unknown,
  policies: unknown,
  options: EvaluateOptions,
): readonly object[] {
  const shared = policies === undefined ? undefined : readSet(policies, 'The file of policies')
  const sets = new Map<string, PolicySet>()
  return listOf(requests).map((given, index) => {
    const id = isFields(given) ? (given.id ?? given.name ?? index) : index
    try {
      const set = isFields(given) && given.policies !== undefined ? remembered(sets, given.policies) : shared
      return { id, ...answerOne(given, set ?? NO_POLICIES, options) }
    } catch (error) {
      if (!(error instanceof RankanError) || error.kind !== 'invalid') throw error
      const issues = error.issues.map(({ path, code, message }) => ({ path: path.join('.'), code, message }))
      return { id, error: { code: error.code, message: error.message, issues } }
    }
  })
}

function answerOne(given: unknown, set: PolicySet, { explain }: EvaluateOptions): object {
  const reader = createReader()
  const request = readRequest(given, [], reader, EXTRA)
  settle(reader, 'The request')
  return request === null ? {} : answerOf(evaluate(request, set), explain)
}

function readSet(policies: unknown, what: string): PolicySet {
  const reader = createReader()
  const set = readPolicySet(policies, [], reader)
  settle(reader, what)
  return set
}

/** Many requests carry the same policies. */
function remembered(sets: Map<string, PolicySet>, policies: unknown): PolicySet {
  const key = JSON.stringify(policies)
  const known = sets.get(key)
  if (known !== undefined) return known
  const set = readSet(policies, '`policies` of the request')
  if (sets.size > 1_000) sets.clear()
  sets.set(key, set)
  return set
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (isFields(value) && Array.isArray(value.requests)) return value.requests
  if (isFields(value) && Array.isArray(value.cases)) return value.cases.map(flattened)
  if (isFields(value)) return [value]
  throw new RankanError(
    'invalid',
    'bad_input',
    `The file of requests is ${kindOf(value)}; write a request, a list of them, or \`{"requests": […]}\`.`,
  )
}

/** `{name, request, policies}`, as our own corpus has it. */
const flattened = (value: unknown): unknown =>
  isFields(value) && isFields(value.request)
    ? { id: value.name, ...value.request, policies: value.policies }
    : value
