/** One signed request through all the walls to its handler and back. */
import { refusal } from '../access/authorise.ts'
import type { OrganizationView } from '../access/policies.ts'
import type { FinishedCall } from '../trail/record.ts'
import { type Authenticated, authenticate, missingToken, unknownToken } from './authenticate.ts'
import { AwsError, type Call, type Fault, NotYet, type ServiceDefinition, type World } from './contract.ts'
import type { ServiceModel } from './model.ts'
import { errorReply, replyOf, type Target, targetOf, type WireReply, type WireRequest } from './protocol.ts'
import { type Authorization, parseAuthorization } from './sigv4.ts'
import type { Throttle } from './throttle.ts'
import { validationError, violations } from './validate.ts'
import type { EffectNote, Runtime } from './world.ts'

export interface DispatchParts {
  readonly runtime: Runtime
  readonly services: ReadonlyMap<string, ServiceDefinition>
  readonly models: ReadonlyMap<string, ServiceModel>
  readonly throttle: Throttle
  readonly organization: OrganizationView
  /** False: the account is closed, and its credentials are worth nothing. */
  readonly isOpen: (world: World, accountId: string) => boolean
  readonly realNow: () => number
  readonly requestId: () => string
  /** Counts `service.Operation` and how it ended: `ok` or the error's code. */
  readonly count: (operation: string, outcome: string, ms: number) => void
  /** Writes the call down in CloudTrail; never throws. */
  readonly record: (call: FinishedCall) => void
  readonly log: (message: string, fields: Record<string, unknown>) => void
}

interface Known {
  readonly auth: Authorization
  readonly service: ServiceDefinition
  readonly model: ServiceModel
}

export async function dispatch(parts: DispatchParts, request: WireRequest): Promise<WireReply> {
  const auth = parseAuthorization(request.headers.authorization)
  const service = auth ? parts.services.get(auth.service) : undefined
  const model = service ? parts.models.get(service.model) : undefined
  if (!auth || !service || !model) return unknown(auth, parts.requestId())
  return answer(parts, request, { auth, service, model })
}

/** A call whose signature is good: from here on CloudTrail knows of it. */
export interface Admitted {
  readonly who: Authenticated
  readonly call: (waitedMs: number) => Call
}

async function answer(parts: DispatchParts, request: WireRequest, known: Known): Promise<WireReply> {
  const requestId = parts.requestId()
  const started = parts.realNow()
  let operation = '?'
  let admitted: Admitted | null = null
  const finish = (outcome: string, output: unknown, error: AwsError | null) => {
    parts.count(`${known.service.signingName}.${operation}`, outcome, parts.realNow() - started)
    if (admitted) parts.record({ service: known.service, model: known.model, ...admitted, output, error })
  }
  try {
    const target = targetOf(known.model, request)
    operation = target.operation
    admitted = admit(parts, request, known, target, requestId)
    const output = await perform(parts, known, admitted, started)
    const reply = replyOf(known.model, operation, output, requestId)
    finish('ok', output, null)
    return reply
  } catch (error) {
    const refused = error instanceof AwsError ? error : broken(parts, error, operation)
    finish(refused.code, null, refused)
    return errorReply(known.model, refused, requestId)
  }
}

function admit(
  parts: DispatchParts,
  request: WireRequest,
  { auth, service, model }: Known,
  target: Target,
  requestId: string,
): Admitted {
  const { runtime } = parts
  runtime.settle()
  const who = authenticate(runtime.world, request, auth, model.metadata.protocol, parts.realNow())
  if (!parts.isOpen(runtime.world, who.caller.accountId)) throw unknownToken(model.metadata.protocol)
  const input = target.decode()
  const call = (waitedMs: number): Call => ({
    service: service.signingName,
    operation: target.operation,
    input,
    caller: who.caller,
    region: auth.region,
    world: runtime.world,
    requestId,
    waitedMs,
    origin: `http://${request.headers.host ?? '127.0.0.1'}`,
    source: { address: LOCAL, userAgent: request.headers['user-agent'] ?? '' },
  })
  return { who, call }
}

// The sandbox listens on this address only.
const LOCAL = '127.0.0.1'

async function perform(
  parts: DispatchParts,
  { service, model }: Known,
  { who, call }: Admitted,
  started: number,
): Promise<unknown> {
  const { runtime } = parts
  const first = call(0)
  const { operation } = first
  strike(parts, service, first, who)
  authorise(parts, service, model, first, who)
  const broken = violations(model, model.operations[operation]?.input, first.input)
  if (broken.length > 0) throw service.invalid?.(broken) ?? validationError(broken, service.invalidCode)
  const handler = service.operations[operation]
  if (!handler)
    throw new AwsError('UnknownOperationException', `The sandbox does not have \`${operation}\` yet.`)
  const note = noteOf(first)
  for (;;) {
    try {
      return runtime.run(() => handler(call(parts.realNow() - started) as never), note)
    } catch (error) {
      if (!(error instanceof NotYet)) throw error
      await runtime.changed(Math.max(1, error.ms - (parts.realNow() - started)))
    }
  }
}

const noteOf = ({ service, operation, caller, input }: Call): EffectNote => ({
  service,
  operation,
  accountId: caller.accountId,
  arn: caller.arn,
  input,
})

/** Throttles, our own and those asked for, and failures asked for. In its own transaction, because a fault is used up. */
function strike(
  parts: DispatchParts,
  service: ServiceDefinition,
  { operation, input }: Call,
  who: Authenticated,
): void {
  const point = { at: 'call', service: service.signingName, operation, input } as const
  const fault = parts.runtime.run((world) => world.fault(point))
  const within = parts.throttle.take(parts.runtime.world, service.signingName, who.caller.accountId)
  if (fault) throw faultError(fault, service)
  if (!within) throw faultError({ do: 'throttle' }, service)
}

function faultError(fault: Fault, service: ServiceDefinition): AwsError {
  if (fault.do === 'fail') return new AwsError(fault.code, fault.message)
  return new AwsError(service.throttleCode ?? 'ThrottlingException', 'Rate exceeded', {}, 400)
}

function authorise(
  { organization }: DispatchParts,
  service: ServiceDefinition,
  model: ServiceModel,
  call: Call,
  who: Authenticated,
): void {
  const why = refusal(service, model, call, who, organization)
  if (why !== null) throw denied(service, why)
}

const denied = (service: ServiceDefinition, message: string) =>
  new AwsError(service.deniedCode ?? 'AccessDeniedException', message, {}, 403)

function broken(parts: DispatchParts, error: unknown, operation: string): AwsError {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  parts.log('a handler of the sandbox failed', { operation, error: message })
  return new AwsError('InternalFailure', `The sandbox itself failed: ${message.split('\n')[0]}`, {}, 500)
}

/** No signature, or of a service that is not here: there is no model to answer with, so plain JSON 1.1. */
function unknown(auth: Authorization | null, requestId: string): WireReply {
  const error = auth
    ? new AwsError('UnknownOperationException', `The sandbox has no service \`${auth.service}\`.`, {}, 404)
    : missingToken('json')
  return {
    status: error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  }
}
