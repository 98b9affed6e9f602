/** AWS STS: who am I, and taking on a role. */
import { documentErrors } from '../../access/documents.ts'
import {
  AwsError,
  type Call,
  type ResourcePolicy,
  type ServiceDefinition,
  type World,
} from '../../core/contract.ts'
import { holderKey, type Role, roles, type Session, sessions } from '../../core/principals.ts'
import { isOpen } from '../organizations/scps.ts'

interface AssumeRoleInput {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn: string }[]
  readonly ExternalId?: string
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
// A session of a session may last one hour at most (role chaining), AWS IAM user guide.
const CHAINED_SECONDS = 3600
const EXPIRED_SWEPT_FROM = 500

function getCallerIdentity({ caller }: Call) {
  return { UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }
}

/** Needs the real time: a session ends by the clients' clock. */
export function stsService(realNow: () => number): ServiceDefinition {
  const assumeRole = (call: Call<AssumeRoleInput>) => {
    const { input, world, caller } = call
    const role = roleOf(world, input.RoleArn)
    if (!role) throw mayNot(caller.arn, input.RoleArn)
    checkPolicy(input.Policy)
    const seconds = input.DurationSeconds ?? Math.min(3600, role.maxSessionSeconds)
    checkDuration(seconds, caller.roleArn === null ? role.maxSessionSeconds : CHAINED_SECONDS)
    sweep(call, realNow())
    const session: Session = {
      accessKeyId: `ASIA${world.id(16, UPPER)}`,
      secretAccessKey: world.id(40, MIXED),
      sessionToken: `IQoJb3JpZ2luX2Vj${world.id(180, MIXED)}==`,
      accountId: role.accountId,
      roleName: role.name,
      roleArn: role.arn,
      arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${input.RoleSessionName}`,
      userId: `${role.id}:${input.RoleSessionName}`,
      expiresAt: Math.floor((realNow() + seconds * 1000) / 1000) * 1000,
      issuedAt: world.now(),
      policies: input.Policy === undefined ? [] : [input.Policy],
      policyArns: (input.PolicyArns ?? []).map(({ arn }) => arn),
    }
    sessions(world).put(session.accessKeyId, session)
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: session.expiresAt,
      },
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    }
  }
  return {
    signingName: 'sts',
    model: 'sts',
    iamPrefix: 'sts',
    throttleCode: 'Throttling',
    deniedCode: 'AccessDenied',
    invalidCode: 'ValidationError',
    resources: ({ input }: Call<{ RoleArn?: string }>) => [input.RoleArn ?? '*'],
    resourcePolicy: trustPolicy,
    keys: ({ input }: Call<Partial<AssumeRoleInput>>) => ({
      'sts:ExternalId': input.ExternalId,
      'sts:RoleSessionName': input.RoleSessionName,
    }),
    tagsOf: (world, arn) => roleOf(world, arn)?.tags ?? null,
    operations: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
  }
}

const mayNot = (who: string, roleArn: string) =>
  new AwsError(
    'AccessDenied',
    `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    {},
    403,
  )

/** The role of that ARN, in an account that is open. */
function roleOf(world: World, arn: string): Role | null {
  const [, accountId = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? []
  const role = roles(world).get(holderKey(accountId, name))
  return role?.arn === arn && isOpen(world, accountId) ? role : null
}

/** A role that is not there answers as one that trusts nobody, so that nobody learns which roles exist. */
function trustPolicy(world: World, arn: string): ResourcePolicy | null {
  const role = roleOf(world, arn)
  return role && { kind: 'trust', document: role.trust }
}

function checkPolicy(document: string | undefined): void {
  const [error] = document === undefined ? [] : documentErrors('session', document)
  if (error) throw new AwsError('MalformedPolicyDocumentException', error.message)
}

function checkDuration(seconds: number, max: number): void {
  if (seconds <= max) return
  throw new AwsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

// Sessions end by themselves; their rows are taken away when many have piled up.
function sweep({ world }: Call<AssumeRoleInput>, now: number): void {
  if (sessions(world).size < EXPIRED_SWEPT_FROM) return
  for (const [key, { expiresAt }] of sessions(world).entries())
    if (expiresAt < now) sessions(world).delete(key)
}
