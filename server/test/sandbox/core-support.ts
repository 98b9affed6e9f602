import { IAMClient } from '@aws-sdk/client-iam'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { SandboxCredentials } from '../../src/sandbox/seed/seed.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Clients retry by themselves; here each answer counts. */
export const configOf = (sandbox: Sandbox, credentials: Keys, region = 'us-east-1') => ({
  endpoint: sandbox.url,
  region,
  credentials,
  maxAttempts: 1,
})

export const organizationsOf = (sandbox: Sandbox, keys: Keys) =>
  new OrganizationsClient(configOf(sandbox, keys))
export const iamOf = (sandbox: Sandbox, keys: Keys) => new IAMClient(configOf(sandbox, keys))
export const stsOf = (sandbox: Sandbox, keys: Keys) => new STSClient(configOf(sandbox, keys))

export const start = (options: Partial<SandboxOptions> = {}) =>
  startSandbox({ dataDir: null, allowedActions: ['organizations:*'], ...options })

export function seededOf(sandbox: Sandbox, index = 0): SandboxCredentials['organizations'][number] {
  const found = sandbox.credentials().organizations[index]
  if (!found) throw new Error(`the sandbox has no organisation ${index}`)
  return found
}

export async function assume(
  sandbox: Sandbox,
  keys: Keys,
  RoleArn: string,
  more: object = {},
): Promise<Required<Keys>> {
  const { Credentials: c } = await stsOf(sandbox, keys).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...more }),
  )
  if (!c?.AccessKeyId || !c.SecretAccessKey || !c.SessionToken) throw new Error('no credentials came back')
  return { accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey, sessionToken: c.SessionToken }
}

export const rankan = (sandbox: Sandbox, index = 0) =>
  assume(sandbox, sandbox.credentials(), seededOf(sandbox, index).roleArn)

export function post(sandbox: Sandbox, path: string, body: unknown, method = 'POST'): Promise<unknown> {
  return fetch(`${sandbox.url}/_sandbox/${path}`, { method, body: JSON.stringify(body) }).then((r) =>
    r.json(),
  )
}

export const get = (sandbox: Sandbox, path: string): Promise<unknown> =>
  fetch(`${sandbox.url}/_sandbox/${path}`).then((r) => r.json())

/** Name and message of what a call was refused with. */
export async function refused(
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status: number; Reason?: string }> {
  try {
    await call
  } catch (error) {
    const e = error as Error & { $metadata?: { httpStatusCode?: number }; Reason?: string }
    return { name: e.name, message: e.message, status: e.$metadata?.httpStatusCode ?? 0, Reason: e.Reason }
  }
  throw new Error('the call was expected to be refused')
}
