import { AwsError, type Call } from '../../core/contract.ts'
import { pageOf } from '../shared/paging.ts'
import { uuid } from '../shared/world.ts'
import { route } from './deliver.ts'
import { forgetPolicy, policyOfBus } from './permissions.ts'
import { busKey, requireBus } from './rules.ts'
import { type Bus, busArn, busesOf, busName, busOwner } from './state.ts'

interface Entry {
  readonly Source?: string
  readonly DetailType?: string
  readonly Detail?: string
  readonly Resources?: readonly string[]
  readonly EventBusName?: string
  readonly Time?: number
}

export function putEvents(call: Call<{ Entries: readonly Entry[] }>) {
  const Entries = call.input.Entries.map((entry) => putOne(call, entry))
  return { FailedEntryCount: Entries.filter((e) => 'ErrorCode' in e).length, Entries }
}

function putOne(call: Call<unknown>, entry: Entry) {
  const problem = entryProblem(entry)
  if (problem) return problem
  const id = uuid(call.world)
  // An unknown bus swallows the event, as in AWS.
  const owner = busOwner(entry.EventBusName, call.caller.accountId)
  route(
    call.world,
    { owner, name: busName(entry.EventBusName) },
    {
      version: '0',
      id,
      'detail-type': entry.DetailType ?? '',
      source: entry.Source ?? '',
      account: call.caller.accountId,
      time: new Date(entry.Time ?? call.world.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: call.region,
      resources: entry.Resources ?? [],
      detail: JSON.parse(entry.Detail ?? '{}'),
    },
  )
  return { EventId: id }
}

function entryProblem(entry: Entry): { ErrorCode: string; ErrorMessage: string } | null {
  for (const name of ['Source', 'DetailType', 'Detail'] as const)
    if (!entry[name])
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      }
  if (entry.Source?.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' }
  return isObject(entry.Detail ?? '')
    ? null
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const arnOf = ({ caller, region }: Call<unknown>, name: string) => busArn(region, caller.accountId, name)

export function createEventBus(call: Call<{ Name: string }>) {
  const key = busKey(call.caller.accountId, call.region, call.input.Name)
  if (call.input.Name === 'default' || busesOf(call.world).has(key))
    throw new AwsError('ResourceAlreadyExistsException', `Event bus ${call.input.Name} already exists.`)
  const bus: Bus = { name: call.input.Name, arn: arnOf(call, call.input.Name) }
  busesOf(call.world).put(key, bus)
  return { EventBusArn: bus.arn }
}

export function deleteEventBus(call: Call<{ Name: string }>) {
  if (call.input.Name === 'default')
    throw new AwsError('ValidationException', 'Cannot delete event bus default.')
  busesOf(call.world).delete(busKey(call.caller.accountId, call.region, call.input.Name))
  forgetPolicy(call.world, arnOf(call, call.input.Name))
  return {}
}

export function describeEventBus(call: Call<{ Name?: string }>) {
  const name = requireBus(call, call.input.Name)
  return { Name: name, Arn: arnOf(call, name), Policy: policyOfBus(call.world, arnOf(call, name)) }
}

export function listEventBuses(call: Call<{ NamePrefix?: string; NextToken?: string; Limit?: number }>) {
  const prefix = busKey(call.caller.accountId, call.region, '')
  const own = [...busesOf(call.world).entries()]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, bus]) => bus.name)
  const names = ['default', ...own].filter((name) => name.startsWith(call.input.NamePrefix ?? ''))
  const { items, next } = pageOf(names, {
    token: call.input.NextToken,
    size: call.input.Limit ?? 100,
    badToken: 'ValidationException',
  })
  return { EventBuses: items.map((name) => ({ Name: name, Arn: arnOf(call, name) })), NextToken: next }
}
