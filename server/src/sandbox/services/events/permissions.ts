/** Policies of event buses: who of other accounts may put events. */
import { documentErrors } from '../../access/documents.ts'
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { requireBus } from './rules.ts'
import { busArn } from './state.ts'

/** Bus ARN → its policy. */
const policiesOf = (world: World) => world.table<string>('events.busPolicies')

export const policyOfBus = (world: World, arn: string): string | undefined => policiesOf(world).get(arn)
export const forgetPolicy = (world: World, arn: string): void => void policiesOf(world).delete(arn)

interface PutInput {
  readonly EventBusName?: string
  readonly Action?: string
  readonly Principal?: string
  readonly StatementId?: string
  readonly Condition?: { readonly Type: string; readonly Key: string; readonly Value: string }
  readonly Policy?: string
}

interface Document {
  readonly Version: string
  readonly Statement: readonly { readonly Sid?: string }[]
}

const invalid = (message: string) => new AwsError('ValidationException', message)
// EventBridge quota "Event bus policy size".
const MAX_CHARACTERS = 10_240

export function putPermission(call: Call<PutInput>) {
  const { input, world } = call
  const arn = arnOf(call, input.EventBusName)
  const document = input.Policy ?? withStatement(documentOf(world, arn), arn, input)
  if (documentErrors('resource', document).length > 0) throw invalid('Event bus policy is malformed.')
  if (document.length > MAX_CHARACTERS)
    throw new AwsError('PolicyLengthExceededException', 'The event bus policy is too long.')
  policiesOf(world).put(arn, document)
  return {}
}

function arnOf(call: Call<unknown>, name: string | undefined): string {
  return busArn(call.region, call.caller.accountId, requireBus(call, name))
}

function documentOf(world: World, arn: string): Document {
  const text = policyOfBus(world, arn)
  return text === undefined ? { Version: '2012-10-17', Statement: [] } : (JSON.parse(text) as Document)
}

function withStatement(document: Document, arn: string, input: PutInput): string {
  const { StatementId, Principal, Condition } = input
  if (StatementId === undefined || Principal === undefined)
    throw invalid('Parameters Action, Principal and StatementId, or Policy, must be specified.')
  const statement = {
    Sid: StatementId,
    Effect: 'Allow',
    Principal: Principal === '*' ? '*' : { AWS: `arn:aws:iam::${Principal}:root` },
    Action: input.Action ?? 'events:PutEvents',
    Resource: arn,
    ...(Condition === undefined
      ? {}
      : { Condition: { [Condition.Type]: { [Condition.Key]: Condition.Value } } }),
  }
  const others = [document.Statement].flat().filter(({ Sid }) => Sid !== StatementId)
  return JSON.stringify({ ...document, Statement: [...others, statement] })
}

export function removePermission(
  call: Call<{ StatementId?: string; RemoveAllPermissions?: boolean; EventBusName?: string }>,
) {
  const { input, world } = call
  const arn = arnOf(call, input.EventBusName)
  const document = documentOf(world, arn)
  const statements = [document.Statement].flat()
  const left = input.RemoveAllPermissions ? [] : statements.filter(({ Sid }) => Sid !== input.StatementId)
  if (left.length === statements.length && !input.RemoveAllPermissions)
    throw new AwsError('ResourceNotFoundException', `Statement ${input.StatementId} does not exist.`)
  if (left.length === 0) forgetPolicy(world, arn)
  else policiesOf(world).put(arn, JSON.stringify({ ...document, Statement: left }))
  return {}
}
