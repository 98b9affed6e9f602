import { RankanError } from '../../kernel/errors.ts'
import { evaluate } from '../compile/evaluate.ts'
import type { Decision } from '../decision.ts'
import { isTooDeep, MAX_DEPTH } from '../parse/json-node.ts'
import { NO_POLICIES, type PolicySet } from '../policies.ts'
import type { Request } from '../request.ts'
import { answerOf } from './answer.ts'
import { NOTES, readPolicySet } from './policy-set.ts'
import { createReader, isFields, kindOf, settle } from './reader.ts'
import { readRequest } from './request.ts'

/** Fields of a request in a file of requests that are not the request's own; all but the first are notes, and not read. */
const EXTRA = ['policies', ...NOTES, 'expect', 'expected']

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
  const file = fileOf(requests)
  if (policies !== undefined && file.policies !== undefined)
    throw new RankanError(
      'invalid',
      'given_twice',
      'The file of requests has `policies` for all its requests, and a file of policies is given as well. Leave one of them out.',
    )
  const common = policies ?? file.policies
  const shared = common === undefined ? undefined : readSet(common, 'The file of policies')
  const sets = new Map<string, PolicySet>()
  return file.requests.map((given, index) => {
    const id = idOf(given) ?? index
    try {
      refuseDeep(given, 'The request')
      const set = isFields(given) && isGiven(given.policies) ? remembered(sets, given.policies) : shared
      return { id, ...answerOne(given, set ?? NO_POLICIES, options) }
    } catch (error) {
      if (!(error instanceof RankanError) || error.kind !== 'invalid') throw error
      const issues = error.issues.map(({ path, code, message }) => ({ path: path.join('.'), code, message }))
      return { id, error: { code: error.code, message: error.message, issues } }
    }
  })
}

const idOf = (given: unknown): unknown =>
  isFields(given) ? [given.id, given.name].find((id) => ['string', 'number'].includes(typeof id)) : undefined

function answerOne(given: unknown, set: PolicySet, { explain }: EvaluateOptions): object {
  const reader = createReader()
  const request = readRequest(given, [], reader, EXTRA)
  settle(reader, 'The request')
  if (request === null) return {}
  const decision = evaluate(request, set)
  const silent = isFields(given) && given.unlisted === undefined
  return {
    ...answerOf(decision, explain),
    takenAsAbsent: silent ? keysTakenAsAbsent(request, set, decision) : [],
  }
}

/** Keys about which the request says nothing, and on whose absence the verdict rests. */
function keysTakenAsAbsent(request: Request, set: PolicySet, { verdict }: Decision): readonly string[] {
  const open = evaluate({ ...request, unlisted: 'unknown' }, set)
  if (open.verdict === verdict) return []
  return open.missing.flatMap((missing) => (missing.what === 'context' ? [missing.key] : []))
}

function readSet(policies: unknown, what: string): PolicySet {
  refuseDeep(policies, what)
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

function refuseDeep(value: unknown, what: string): void {
  if (isTooDeep(value))
    throw new RankanError('invalid', 'too_deep', `${what} is nested deeper than ${MAX_DEPTH}.`)
}

interface RequestFile {
  readonly requests: readonly unknown[]
  /** Of all requests that have none of their own. */
  readonly policies: unknown
}

const FILE_FIELDS = ['requests', 'cases', 'theme', 'source', ...EXTRA]

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

function fileOf(value: unknown): RequestFile {
  if (Array.isArray(value)) return { requests: value.map(flattened), policies: undefined }
  if (!isFields(value))
    throw new RankanError(
      'invalid',
      'bad_input',
      `The file of requests is ${kindOf(value)}; write a request, a list of them, or \`{"requests": […]}\`.`,
    )
  const list = [value.requests, value.cases].find((one) => Array.isArray(one))
  if (list === undefined) return { requests: [flattened(value)], policies: undefined }
  // A misspelt `policies` would leave every request without any.
  const reader = createReader()
  reader.fields(value, [], FILE_FIELDS)
  settle(reader, 'The file of requests')
  return { requests: list.map(flattened), policies: isGiven(value.policies) ? value.policies : undefined }
}

/** `{name, request, policies}`, as our own corpus has it. */
const flattened = (value: unknown): unknown => {
  if (!isFields(value) || !isFields(value.request)) return value
  const { request, ...around } = value
  return { ...around, ...request }
}
