/** What is kept of stack sets, and who may ask for one. */
import { AwsError, type Call, type Table, type World } from '../../core/contract.ts'
import { type Organization, ours } from '../organizations/state.ts'

export const PRINCIPAL = 'member.org.stacksets.cloudformation.amazonaws.com'

export interface StackSet {
  readonly id: string
  readonly organizationId: string
  readonly accountId: string
  readonly region: string
  readonly name: string
  readonly description: string
  readonly template: string
  readonly capabilities: readonly string[]
  readonly autoDeployment: { readonly Enabled?: boolean; readonly RetainStacksOnAccountRemoval?: boolean }
  readonly ous: readonly string[]
  readonly operation: string | null
  /** Of the last detection that ended; left out: there was none. */
  readonly driftCheckedAt?: number
}

export interface Operation {
  readonly id: string
  readonly setKey: string
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE' | 'DETECT_DRIFT'
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED'
  readonly reason: string | null
  readonly ous: readonly string[]
  readonly regions: readonly string[]
  readonly createdAt: number
  readonly endedAt: number | null
}

export interface Instance {
  readonly setKey: string
  readonly accountId: string
  readonly region: string
  readonly ou: string
  readonly status: 'CURRENT' | 'OUTDATED'
  readonly reason: string | null
  /** What the last detection of drift found; left out: none looked at it. */
  readonly drift?: 'DRIFTED' | 'IN_SYNC'
}

/** Key: management account/Region/name. */
export const setsOf = (world: World): Table<StackSet> => world.table('cloudformation.stack_sets')
export const operationsOf = (world: World): Table<Operation> => world.table('cloudformation.operations')
/** Key: set/account/Region. */
export const instancesOf = (world: World): Table<Instance> => world.table('cloudformation.instances')

export const invalid = (message: string) => new AwsError('ValidationError', message)
export const keyOf = ({ caller, region }: Call<unknown>, name: string) =>
  `${caller.accountId}/${region}/${name}`

/** Only the management account works with these sets here, as nobody registers a delegate for them. */
export function owner(call: Call<unknown>): Organization {
  const found = ours(call)
  if (found.managementAccountId !== call.caller.accountId)
    throw invalid(
      'You must be the management account or delegated admin account to operate a service managed stack set',
    )
  return found
}

export function trusting(call: Call<unknown>): Organization {
  const found = owner(call)
  if (!(PRINCIPAL in found.serviceAccess))
    throw invalid('You must enable organizations access to operate a service managed stack set')
  return found
}

export interface Named {
  readonly StackSetName: string
}

/** By name or by `name:id`. */
export function setOf(call: Call<Named>): StackSet {
  const name = call.input.StackSetName.split(':')[0] ?? ''
  const found = setsOf(call.world).get(keyOf(call, name))
  if (!found) throw new AwsError('StackSetNotFoundException', `StackSet ${name} not found`, {}, 404)
  return found
}

export const instancesIn = (world: World, setKey: string): readonly (readonly [string, Instance])[] =>
  [...instancesOf(world).entries()].filter(([, one]) => one.setKey === setKey)
