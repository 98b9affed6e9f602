import type { Json } from '../../kernel/json.ts'
import { readRecord } from './event.ts'
import type { IamFacts, TrailCheck } from './facts.ts'
import { type Denial, denialIn } from './message.ts'
import { type TrailOutcome, type TrailRequest, trailReader } from './requests.ts'
import type { TrailTables } from './tables.ts'
import { accountOf } from './template.ts'

/** CloudTrail record contents, `errorMessage`: at most 1 KB. What stands at the end of a longer one may be cut off. */
const MAX_MESSAGE = 1_000

/**
 * The reading of whole records with what the message of a denial names. Facts do not have it: there what was asked is read
 * once for all records of the same parameters, and no two messages are the same.
 */
export function deniedReader(tables: TrailTables, iam: IamFacts) {
  const { read } = trailReader(tables, iam)
  return (value: Json): TrailOutcome => withDenial(read(value), readRecord(value).errorMessage)
}

/**
 * A denied call with the resource that AWS's message names, where the record itself does not tell it: services often leave
 * out the parameters of what they deny. A message speaks of one check, the first that was denied: it counts for the only
 * check of exactly that action, and no other is made of it.
 */
function withDenial(outcome: TrailOutcome, message: string): TrailOutcome {
  if (outcome.kind === 'skipped' || outcome.error?.denied !== true || message.length >= MAX_MESSAGE)
    return outcome
  const denial = denialIn(message)
  const of = outcome.requests.filter(({ check }) => isOf(check, denial))
  const [only, other] = of
  const resource = whole(denial.resource)
  if (only === undefined || other !== undefined || resource === null || !leavesOpen(only.check, resource))
    return outcome
  const told = (request: TrailRequest): TrailRequest =>
    request === only ? { ...request, check: { ...request.check, ...named(resource) } } : request
  return { ...outcome, requests: outcome.requests.map(told) }
}

const isOf = ({ action }: TrailCheck, denial: Denial) => action.toLowerCase() === denial.action?.toLowerCase()

/** One ARN: `*` and ARNs with wildcards are what AWS asked of several, or says in the place of one that it does not show. */
const whole = (resource: string | null) =>
  resource !== null && /^arn:[^:*?]*:[^:*?]+:[^:*?]*:[^:*?]*:[^*?\s]+$/.test(resource) ? resource : null

/** What the record tells for certain stays; of a beginning or a name without its path the message must be the rest. */
function leavesOpen({ resource, assumed }: TrailCheck, told: string): boolean {
  if (resource === null) return true
  if (assumed === 'beginning') return told.startsWith(resource)
  const [head = '', name = ''] = resource.split('/')
  return assumed === 'iam_path' && told.startsWith(`${head}/`) && told.endsWith(`/${name}`)
}

const named = (arn: string) => ({ resource: arn, account: accountOf(arn), assumed: null })
