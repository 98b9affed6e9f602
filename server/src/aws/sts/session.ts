import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import type { AwsCredentialIdentity } from '@smithy/types'
import { RankanError } from '../../kernel/errors.ts'

export interface ClockLike {
  now(): Date
}

const SESSION_SECONDS = 3600
/**
 * Renewed after this share of its life, counted from when we got it on our own clock: the expiry that STS names is
 * by another clock, and one that runs ahead would make us assume the role for every call.
 */
const RENEW_AFTER = 0.75

/** Credentials of the role, shared by all clients of one AWS organisation; many callers, one AssumeRole. */
export function assumedRole(sts: STSClient, roleArn: string, clock: ClockLike) {
  let current: { readonly since: number; readonly identity: Promise<AwsCredentialIdentity> } | null = null
  const renew = () => {
    const identity = assume(sts, roleArn)
    const entry = { since: clock.now().getTime(), identity }
    current = entry
    // A refusal must not be remembered: the next call asks again.
    identity.catch(() => {
      if (current === entry) current = null
    })
    return identity
  }
  const provider = async () => {
    const age = current === null ? Number.POSITIVE_INFINITY : clock.now().getTime() - current.since
    return current !== null && age < SESSION_SECONDS * 1000 * RENEW_AFTER ? current.identity : renew()
  }
  return {
    // `memoized` tells the SDK that the provider caches by itself.
    provider: Object.assign(provider, { memoized: true }),
    forget: () => {
      current = null
    },
  }
}

async function assume(sts: STSClient, roleArn: string): Promise<AwsCredentialIdentity> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'rankan', DurationSeconds: SESSION_SECONDS }),
  )
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
    throw new RankanError('unavailable', 'no_credentials', `STS gave no credentials for \`${roleArn}\`.`)
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    ...(Credentials.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
  }
}
