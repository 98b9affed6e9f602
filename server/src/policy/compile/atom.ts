import type { Request } from '../request.ts'
import type { Truth } from '../truth.ts'

/**
 * Which part of a request an atom looks at. Real organisations have few distinct values in each dimension, so that an
 * atom is evaluated once for each value and not once for each event.
 */
export type Dimension = 'action' | 'principal' | 'resource' | 'region' | 'network' | 'other'

/** The smallest thing that is true or false of a request. A statement matches when all its atoms do. */
export interface Atom {
  readonly element: 'principal' | 'action' | 'resource' | 'condition'
  readonly dimension: Dimension
  /**
   * All that the atom reads: `action`, `principal`, `resource` (ARN), and context keys in lower case. Two requests that
   * agree on these get the same answer.
   */
  readonly inputs: readonly string[]
  /** Atoms of the same text get the same answer to every request. */
  readonly text: string
  readonly test: (request: Request) => Truth
}

const REGION = new Set(['aws:requestedregion'])
const NETWORK = new Set([
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:sourcevpc',
  'aws:sourcevpcarn',
  'aws:sourcevpce',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:securetransport',
])
const PRINCIPAL = new Set([
  'aws:userid',
  'aws:username',
  'aws:federatedprovider',
  'aws:sourceidentity',
  'aws:assumedroot',
])
const RESOURCE = /^(aws:resource(account|orgid|orgpaths|tag\/.*)|[a-z0-9-]+:resourcetag\/.*)$/

/** The dimension that tells all of `inputs`, or `other` when it takes several. */
export function dimensionOf(inputs: readonly string[]): Dimension {
  const found = new Set(inputs.map(dimensionOfInput))
  const [only] = found
  return found.size === 1 && only !== undefined ? only : 'other'
}

function dimensionOfInput(input: string): Dimension {
  if (input === 'action' || input === 'principal' || input === 'resource') return input
  if (REGION.has(input)) return 'region'
  if (NETWORK.has(input)) return 'network'
  if (PRINCIPAL.has(input) || /^aws:principal(arn|account|type|orgid|orgpaths|tag\/)/.test(input))
    return 'principal'
  return RESOURCE.test(input) ? 'resource' : 'other'
}
