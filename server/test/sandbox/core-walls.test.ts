import { CreateUserCommand, ListRolesCommand } from '@aws-sdk/client-iam'
import {
  CreateOrganizationalUnitCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import {
  assume,
  configOf,
  get,
  iamOf,
  organizationsOf,
  post,
  rankan,
  refused,
  seededOf,
  start,
  stsOf,
} from './core-support.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await start({ allowedActions: ['organizations:List*', 'organizations:DescribeOrganization'] })
})
afterAll(() => sandbox.stop())

describe('signatures', () => {
  test('a wrong secret is refused by each protocol with its own name', async () => {
    const wrong = { ...seededOf(sandbox).admin, secretAccessKey: 'x'.repeat(40) }
    const json = await refused(organizationsOf(sandbox, wrong).send(new ListAccountsCommand({})))
    expect(json).toMatchObject({ name: 'InvalidSignatureException', status: 400 })
    const query = await refused(stsOf(sandbox, wrong).send(new GetCallerIdentityCommand({})))
    expect(query).toMatchObject({ name: 'SignatureDoesNotMatch', status: 403 })
    expect(query.message).toContain('does not match the signature you provided')
  })

  test('an unknown key is refused', async () => {
    const unknown = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'y' }
    expect(await refused(organizationsOf(sandbox, unknown).send(new ListAccountsCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
    })
    expect(await refused(stsOf(sandbox, unknown).send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
      status: 403,
    })
  })

  test('a request signed ten minutes ago is refused', async () => {
    const client = new OrganizationsClient({
      ...configOf(sandbox, seededOf(sandbox).admin),
      systemClockOffset: -600_000,
    })
    const found = await refused(client.send(new ListAccountsCommand({})))
    expect(found.name).toBe('InvalidSignatureException')
    expect(found.message).toMatch(/^Signature expired: .* is now earlier than /)
  })

  test('a session without its token, or with another, is refused', async () => {
    const session = await rankan(sandbox)
    const bare = { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey }
    expect((await refused(organizationsOf(sandbox, bare).send(new ListAccountsCommand({})))).name).toBe(
      'UnrecognizedClientException',
    )
    const other = { ...session, sessionToken: 'other' }
    expect((await refused(organizationsOf(sandbox, other).send(new ListAccountsCommand({})))).name).toBe(
      'UnrecognizedClientException',
    )
  })

  test('a body that was changed after signing is refused', async () => {
    let sent: { url: string; headers: Record<string, string> } | undefined
    const client = organizationsOf(sandbox, seededOf(sandbox).admin)
    client.middlewareStack.add(
      (next) => async (args) => {
        const request = args.request as { headers: Record<string, string> }
        sent = { url: sandbox.url, headers: { ...request.headers } }
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    await client.send(new ListAccountsCommand({ MaxResults: 1 }))
    const { host: _, 'content-length': __, ...headers } = sent?.headers ?? {}
    const replay = await fetch(`${sandbox.url}/`, { method: 'POST', headers, body: '{"MaxResults":2}' })
    expect(await replay.json()).toMatchObject({ __type: 'InvalidSignatureException' })
  })

  test('a request without a signature is refused', async () => {
    const reply = await fetch(sandbox.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSOrganizationsV20161128.ListAccounts' },
    })
    expect(reply.status).toBe(403)
    expect(await reply.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
  })
})

describe('authorisation', () => {
  test('what the adapters declare is allowed, everything else is denied', async () => {
    const session = await rankan(sandbox)
    const organizations = organizationsOf(sandbox, session)
    expect((await organizations.send(new ListAccountsCommand({}))).Accounts).toHaveLength(3)
    const roots = await organizations.send(new ListRootsCommand({}))
    const ParentId = roots.Roots?.[0]?.Id
    const denied = await refused(
      organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name: 'x' })),
    )
    expect(denied.name).toBe('AccessDeniedException')
    expect(denied.message).toBe(
      `User: arn:aws:sts::${seededOf(sandbox).managementAccountId}:assumed-role/RankanControlPlane/test is not authorized to perform: ` +
        `organizations:CreateOrganizationalUnit on resource: arn:aws:organizations::${seededOf(sandbox).managementAccountId}:root/${seededOf(sandbox).organizationId}/${ParentId} ` +
        'because no identity-based policy allows the organizations:CreateOrganizationalUnit action',
    )
    expect(await refused(iamOf(sandbox, session).send(new ListRolesCommand({})))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    })
  })

  test('Rankan cannot take on roles of member accounts, the administrator can', async () => {
    const admin = seededOf(sandbox, 1).admin
    const accounts = (await organizationsOf(sandbox, admin).send(new ListAccountsCommand({}))).Accounts ?? []
    const member = accounts.find((a) => a.Name === 'Log Archive')?.Id
    const role = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`
    const session = await rankan(sandbox, 1)
    expect((await refused(assume(sandbox, session, role))).name).toBe('AccessDenied')
    expect((await refused(assume(sandbox, sandbox.credentials(), role))).name).toBe('AccessDenied')
    const inMember = await assume(sandbox, admin, role)
    expect((await stsOf(sandbox, inMember).send(new GetCallerIdentityCommand({}))).Account).toBe(member)
    // A member may describe the organisation, but not list its accounts.
    const there = organizationsOf(sandbox, inMember)
    expect((await there.send(new DescribeOrganizationCommand({}))).Organization?.Id).toBe(
      seededOf(sandbox, 1).organizationId,
    )
    expect((await refused(there.send(new ListAccountsCommand({})))).message).toBe(
      "You don't have permissions to access this resource.",
    )
  })

  test('the other organisation’s administrator cannot take on our role', async () => {
    expect(
      (await refused(assume(sandbox, seededOf(sandbox, 1).admin, seededOf(sandbox, 0).roleArn))).name,
    ).toBe('AccessDenied')
  })

  test('a session policy narrows the session', async () => {
    const Policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 'organizations:ListRoots', Resource: '*' }],
    })
    const session = await assume(sandbox, sandbox.credentials(), seededOf(sandbox).roleArn, { Policy })
    await organizationsOf(sandbox, session).send(new ListRootsCommand({}))
    expect(
      (await refused(organizationsOf(sandbox, session).send(new ListAccountsCommand({})))).message,
    ).toContain('no session policy allows')
  })
})

test('calls beyond the burst are throttled and come back with time, also where virtual time stands still', async () => {
  const own = await start({ timeScale: 0 })
  try {
    await post(own, 'settings', { limits: { 'burst.organizations': 3, 'rate.organizations': 2 } }, 'PUT')
    const client = organizationsOf(own, seededOf(own).admin)
    const ask = () => client.send(new ListRootsCommand({}))
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () =>
        ask().then(
          () => 'ok',
          (e: Error) => e.name,
        ),
      ),
    )
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'TooManyRequestsException']))
    await new Promise((resolve) => setTimeout(resolve, 700))
    await ask()
  } finally {
    await own.stop()
  }
})

describe('faults', () => {
  test('strike the asked share of calls, the same ones under the same seed', async () => {
    const outcomes = async () => {
      const own = await start({ seed: 7 })
      await post(own, 'faults', {
        service: 'organizations',
        operation: 'List*',
        probability: 0.3,
        fault: { do: 'throttle' },
      })
      const client = organizationsOf(own, seededOf(own).admin)
      const found: string[] = []
      for (let i = 0; i < 60; i++)
        found.push(
          await client.send(new ListRootsCommand({})).then(
            () => 'ok',
            (e: Error) => e.name,
          ),
        )
      await own.stop()
      return found
    }
    const [first, second] = [await outcomes(), await outcomes()]
    expect(second).toEqual(first)
    const struck = first.filter((name) => name === 'TooManyRequestsException').length
    expect(struck).toBeGreaterThan(8)
    expect(struck).toBeLessThan(30)
  })

  test('fail a call a number of times and change nothing', async () => {
    const admin = seededOf(sandbox).admin
    await post(sandbox, 'faults', {
      service: 'iam',
      operation: 'CreateUser',
      times: 1,
      fault: { do: 'fail', code: 'ServiceFailureException', message: 'broken' },
    })
    const before = await get(sandbox, 'effects?service=iam')
    expect(await refused(iamOf(sandbox, admin).send(new CreateUserCommand({ UserName: 'u' })))).toMatchObject(
      { status: 500 },
    )
    expect(await get(sandbox, 'effects?service=iam')).toEqual(before)
    await iamOf(sandbox, admin).send(new CreateUserCommand({ UserName: 'u' }))
    expect(await get(sandbox, 'effects?service=iam')).toHaveLength(1)
  })
})
