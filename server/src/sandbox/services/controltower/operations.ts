import type { Call, Fault, World } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import {
  conflict,
  type LandingZone,
  notFound,
  type Operation,
  type OperationFamily,
  operationsOf,
} from './state.ts'

interface NewOperation {
  readonly zone: LandingZone
  readonly family: OperationFamily
  readonly type: string
  readonly targetArn: string
  readonly resourceArn: string
  readonly controlArn?: string
}

export function startOperation(world: World, { zone, controlArn, ...rest }: NewOperation): Operation {
  const operation: Operation = {
    id: uuid(world),
    managementAccountId: zone.managementAccountId,
    status: 'IN_PROGRESS',
    startedAt: world.now(),
    endedAt: null,
    message: null,
    controlArn: controlArn ?? null,
    ...rest,
  }
  operationsOf(world).put(operation.id, operation)
  return operation
}

/** What a fault makes of an operation's outcome; null: it succeeds. */
export type Failure = { readonly message: string } | null

export function endOperation(world: World, id: string, failure: Failure): Operation | null {
  const operation = operationsOf(world).get(id)
  if (!operation) return null
  const ended: Operation = {
    ...operation,
    status: failure ? 'FAILED' : 'SUCCEEDED',
    endedAt: world.now(),
    message: failure?.message ?? null,
  }
  operationsOf(world).put(id, ended)
  return ended
}

/** The fault that was asked for the outcome of a call. The call is named after the operation: `ENABLE_CONTROL` is `EnableControl`. */
export const outcomeFault = (world: World, type: string, subject: string): Fault | null =>
  world.fault({ at: 'outcome', service: 'controltower', operation: callOf(type), subject })

const callOf = (type: string) =>
  type
    .split('_')
    .map((word) => `${word.charAt(0)}${word.slice(1).toLowerCase()}`)
    .join('')

const TIMED_OUT: Failure = { message: 'AWS Control Tower timed out.' }

/** Sets the timer that ends the operation, as the fault of that point wants: after a day (`stick`), later, or with a failure. */
export function schedule(
  world: World,
  durationMs: number,
  kind: string,
  payload: object,
  fault: Fault | null,
): void {
  if (fault?.do === 'stick') {
    world.later(world.duration('controltower.stuck'), 'controltower', kind, {
      ...payload,
      failure: TIMED_OUT,
    })
    return
  }
  const extra = fault?.do === 'delay' ? fault.ms : 0
  const failure: Failure = fault?.do === 'fail' || fault?.do === 'taint' ? { message: fault.message } : null
  world.later(durationMs + extra, 'controltower', kind, { ...payload, failure })
}

export function operationOf(call: Call<{ operationIdentifier: string }>, family: OperationFamily): Operation {
  const found = operationsOf(call.world).get(call.input.operationIdentifier)
  if (!found || found.family !== family || found.managementAccountId !== call.caller.accountId)
    throw notFound(`No operation found with the identifier ${call.input.operationIdentifier}.`)
  return found
}

export function refuseWhileChanging(zone: LandingZone): void {
  if (zone.status === 'PROCESSING')
    throw conflict(
      'AWS Control Tower cannot perform the operation because a landing zone operation is in progress.',
    )
}

export const timesOf = (operation: Operation) => ({
  status: operation.status,
  startTime: operation.startedAt,
  endTime: operation.endedAt ?? undefined,
  statusMessage: operation.message ?? undefined,
  operationIdentifier: operation.id,
  operationType: operation.type,
})
