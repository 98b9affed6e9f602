import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  OrganizationsClient,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DECLARED_ACTIONS } from '../../src/aws/actions.ts'
import { createEstate } from '../../src/aws/estate.ts'
import type { Actor, Role } from '../../src/domain/people/roles.ts'
import type {
  AccountPolicies,
  EventReply,
  GuardrailDetail,
  GuardrailList,
} from '../../src/domain/policies/guardrails.ts'
import { denialRoutes } from '../../src/http/policies/denials.ts'
import { guardrailRoutes } from '../../src/http/policies/guardrails.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Estate } from '../../src/ports/estate.ts'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { sweepStore } from '../../src/storage/estate/drift.ts'
import { accountPoliciesOf, policiesOfAccounts } from '../../src/storage/policies/account-policies.ts'
import { read } from '../../src/storage/transact.ts'
import { sweep } from '../../src/workflows/sweep.ts'
import { seededOf } from '../sandbox/core-support.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect } from '../workflows/seed.ts'

const person = (role: Role, organisationIds: readonly string[] = []): Actor => ({
  kind: 'person',
  id: `per_${role}_${organisationIds.join()}`,
  name: role,
  role,
  organisationIds,
})
const CENTRE = person('central_operator')
const deny = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'No', Effect: 'Deny', Action: action, Resource: '*' }],
  })

describe('guardrails in force', () => {
  let on: TestDatabase
  let sandbox: Sandbox
  let estate: Estate & { destroy(): void }
  let aws: OrganizationsClient
  let http: TestApp
  let rootId = ''
  let accounts: readonly string[] = []

  beforeAll(async () => {
    on = await testDatabase()
    sandbox = await startSandbox({ dataDir: null, allowedActions: DECLARED_ACTIONS })
    const seeded = seededOf(sandbox, 1)
    rootId = seeded.rootId
    const { accessKeyId, secretAccessKey } = sandbox.credentials()
    estate = createEstate({
      ...seeded,
      id: 'aws_1',
      endpoint: sandbox.url,
      credentials: { accessKeyId, secretAccessKey },
      clock: systemClock,
    })
    aws = new OrganizationsClient({
      endpoint: sandbox.url,
      region: 'us-east-1',
      credentials: seeded.admin,
    })
    http = testApp(on, [...guardrailRoutes, ...denialRoutes])
    await connect(on, {
      ...awsOrganization(),
      organizationId: seeded.organizationId,
      managementAccountId: seeded.managementAccountId,
    })
    const found: string[] = []
    for await (const { accountId } of estate.organization.accounts()) found.push(accountId)
    accounts = found.filter((id) => id !== seeded.managementAccountId)
    await register('org_mine', accounts[0] ?? '')
    await register('org_other', accounts[1] ?? '')
  })
  afterAll(async () => {
    estate.destroy()
    aws.destroy()
    await sandbox.stop()
    await on.drop()
  })

  /** An account of the register, as a workflow leaves it. */
  const register = (organisationId: string, accountId: string) =>
    on.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
      await trx
        .insertInto('account')
        .values({
          id: `acc_${accountId}`,
          account_id: accountId,
          name: `n-${accountId}`,
          email: `${accountId}@example.jp`,
          status: 'active',
          aws_state: 'ACTIVE',
          environment: null,
          organisation_id: organisationId,
          organisation_code: null,
          organisation_name_ja: null,
          organisation_name_en: null,
          system_code: null,
          system_name_ja: null,
          system_name_en: null,
          aws_organization_id: 'aws_1',
          ou_id: rootId,
          ou_name: 'Root',
          origin: 'adopted',
          work_id: null,
          suspension: null,
          closure: null,
          created_at: new Date(),
          ready_at: null,
          closed_at: null,
        })
        .execute()
      await sql`insert into ledger_entry (at, kind, subject, actor_id, actor_role, body, leaf_hash)
        values (now(), 'test.seeded', ${accountId}, 'test', 'system', '{}', sha256('x'))`.execute(trx)
    })

  const get = async <T>(who: Actor, path: string): Promise<T> => {
    const { status, body } = await http.call(who, 'GET', path)
    expect([path, status, status === 200 ? '' : body]).toEqual([path, 200, ''])
    return body as T
  }
  const list = () => get<GuardrailList>(CENTRE, '/api/aws-organizations/aws_1/guardrails')
  const swept = async () => (await sweep(sweepStore(on), estate)).guardrails
  const entries = async () => {
    const { rows } = await on.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
      return sql<{ kind: string; subject: string; data: { total?: number } }>`
        select kind, subject, (body::jsonb)->'data' as data from ledger_entry
         where kind like 'guardrail%' or kind like 'organization_tree%' order by id`.execute(trx)
    })
    return rows
  }
  const make = async (name: string, content: string, target: string) => {
    const { Policy } = await aws.send(
      new CreatePolicyCommand({
        Name: name,
        Description: `${name}!`,
        Content: content,
        Type: 'SERVICE_CONTROL_POLICY',
      }),
    )
    const id = Policy?.PolicySummary?.Id ?? ''
    await aws.send(new AttachPolicyCommand({ PolicyId: id, TargetId: target }))
    return id
  }
  let onAccount = ''
  let onRoot = ''

  it('are unknown before the first sweep, and say so', async () => {
    expect(await list()).toMatchObject({ readAt: null, policies: [], places: [] })
    const own = await get<AccountPolicies>(CENTRE, `/api/accounts/${accounts[0]}/policies`)
    expect(own).toMatchObject({ readAt: null, path: [], scps: [] })
  })

  it('are read with their targets and what each place still takes', async () => {
    onAccount = await make('queues', deny('sqs:DeleteQueue'), accounts[0] ?? '')
    onRoot = await make('regions', deny('ec2:*'), rootId)
    expect(await swept()).toBeGreaterThan(2)
    const { policies, places, kinds } = await list()
    expect(kinds.find(({ kind }) => kind === 'scp')).toMatchObject({
      awsType: 'SERVICE_CONTROL_POLICY',
      enabled: true,
      perTarget: 10,
      maxCharacters: 10_240,
    })
    expect(policies.find(({ id }) => id === onRoot)).toMatchObject({
      name: 'regions',
      description: 'regions!',
      kind: 'scp',
      awsManaged: false,
      attachments: 1,
      attachedTo: [{ id: rootId, kind: 'root' }],
      accounts: accounts.length + 1,
    })
    expect(policies.find(({ id }) => id === onAccount)).toMatchObject({ accounts: 1 })
    expect(places[0]).toMatchObject({ id: rootId, kind: 'root', accounts: accounts.length + 1 })
    expect(places[0]?.slots.find(({ kind }) => kind === 'scp')).toEqual({
      kind: 'scp',
      used: 2,
      limit: 10,
      left: 8,
    })
    expect(places.filter(({ kind }) => kind === 'account').map(({ id }) => id)).toEqual([accounts[0]])
    const seen = new Set<string>()
    for (const { id, parentId, kind } of places) {
      if (kind !== 'account' && parentId !== null) expect(seen.has(parentId)).toBe(true)
      seen.add(id)
    }
    const detail = await get<GuardrailDetail>(CENTRE, `/api/aws-organizations/aws_1/guardrails/${onRoot}`)
    expect(JSON.parse(detail.document)).toEqual(JSON.parse(deny('ec2:*')))
  })

  it('write the ledger once for each change, and nothing when nothing changed', async () => {
    const before = await entries()
    expect(before.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      expect.arrayContaining([
        `guardrail.added aws_1/${onRoot}`,
        `guardrail.attached aws_1/${onRoot}`,
        'organization_tree.changed aws_1',
      ]),
    )
    const first = (await list()).readAt
    expect(await swept()).toBe(0)
    expect(await entries()).toHaveLength(before.length)
    expect((await list()).readAt).not.toBe(first)
    await aws.send(new UpdatePolicyCommand({ PolicyId: onRoot, Content: deny('ec2:Run*') }))
    await aws.send(new DetachPolicyCommand({ PolicyId: onAccount, TargetId: accounts[0] ?? '' }))
    expect(await swept()).toBe(2)
    const after = (await entries()).slice(before.length)
    expect(after.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      `guardrail.changed aws_1/${onRoot}`,
      `guardrail.detached aws_1/${onAccount}`,
    ])
  })

  it('keep the last whole reading when AWS cannot be read to the end', async () => {
    const known = await list()
    const broken: Estate = {
      ...estate,
      organization: {
        ...estate.organization,
        async *policyTargets() {
          yield { id: rootId, kind: 'root' as const }
          throw new Error('throttled to death')
        },
      },
    }
    expect((await sweep(sweepStore(on), broken)).guardrails).toBeNull()
    expect(await list()).toEqual(known)
  })

  it('show a tenant what binds its own account, and nothing of any other', async () => {
    const tenant = person('organisation_owner', ['org_mine'])
    const own = await get<AccountPolicies>(tenant, `/api/accounts/acc_${accounts[0]}/policies`)
    expect(own.path.map(({ kind }) => kind)).toEqual([
      'root',
      ...own.path.slice(1, -1).map(() => 'ou'),
      'account',
    ])
    expect(own.path.at(-1)?.id).toBe(accounts[0])
    expect(own.scps.map(({ target }) => target)).toEqual(own.path.map(({ id }) => id))
    expect(own.scps[0]?.policies.map(({ name }) => name).sort()).toEqual(['FullAWSAccess', 'regions'])
    expect(own.readAt).not.toBeNull()
    for (const id of [`acc_${accounts[1]}`, accounts[1], accounts[2]])
      expect((await http.call(tenant, 'GET', `/api/accounts/${id}/policies`)).status).toBe(404)
    for (const path of ['guardrails', `guardrails/${onRoot}`])
      expect((await http.call(tenant, 'GET', `/api/aws-organizations/aws_1/${path}`)).status).toBe(403)
  })

  it('of many accounts are those of each, and of another tenant’s account nothing', async () => {
    const asked = accounts.slice(0, 2).map((accountId) => ({ accountId, awsOrganizationId: 'aws_1' }))
    await read(on, person('organisation_owner', ['org_mine']), async (tx) => {
      const all = await policiesOfAccounts(tx, asked)
      for (const [n, account] of asked.entries()) expect(all[n]).toEqual(await accountPoliciesOf(tx, account))
      expect(all.map(({ path, readAt }) => [path.length > 1, readAt !== null])).toEqual([
        [true, true],
        [false, false],
      ])
      expect(await policiesOfAccounts(tx, [])).toEqual([])
    })
  })

  it('explain a record: what it stands for, with what the tree tells of the tenant’s own account', async () => {
    const record = (account: string | undefined) => ({
      eventVersion: '1.08',
      eventSource: 'ec2.amazonaws.com',
      eventName: 'DescribeInstances',
      awsRegion: 'ap-northeast-1',
      eventType: 'AwsApiCall',
      recipientAccountId: account,
      userIdentity: {
        type: 'IAMUser',
        arn: `arn:aws:iam::${account}:user/u`,
        accountId: account,
        userName: 'u',
      },
      errorCode: 'Client.UnauthorizedOperation',
      requestParameters: {},
    })
    const tenant = person('organisation_owner', ['org_mine'])
    const ask = async (body: unknown) => {
      const answer = await http.call(tenant, 'POST', '/api/denials/requests', body)
      expect([answer.status, answer.status === 200 ? '' : answer.body]).toEqual([200, ''])
      return answer.body as EventReply
    }
    const own = await ask({ record: record(accounts[0]) })
    expect(own).toMatchObject({
      skipped: null,
      requests: [{ action: 'ec2:DescribeInstances', implied: false }],
    })
    const context = (reply: EventReply) => reply.requests[0]?.request.context
    const { organizationId } = seededOf(sandbox, 1)
    expect(context(own)).toMatchObject({
      'aws:requestedregion': ['ap-northeast-1'],
      'aws:principalorgid': [organizationId],
    })
    expect(context(await ask({ record: record(accounts[1]) }))).not.toHaveProperty('aws:principalorgid')
    expect(await ask({ record: { ...record(accounts[0]), eventType: 'AwsServiceEvent' } })).toEqual({
      skipped: 'service_event',
      requests: [],
    })
    const large = { record: { ...record(accounts[0]), more: 'x'.repeat(300_001) } }
    expect((await http.call(tenant, 'POST', '/api/denials/requests', large)).status).toBe(422)
  })

  it('the database itself keeps them from a tenant', async () => {
    await on.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'own', true), set_config('rankan.organisations', 'org_mine', true)`.execute(
        trx,
      )
      for (const table of ['guardrail', 'guardrail_place', 'guardrail_attachment', 'guardrail_reading'])
        expect((await sql`select 1 from ${sql.table(table)}`.execute(trx)).rows).toEqual([])
      const foreign = sql`select * from rankan_account_guardrails(${accounts[1]})`
      expect((await foreign.execute(trx)).rows).toEqual([])
      const own = sql`select * from rankan_account_guardrails(${accounts[0]})`
      expect((await own.execute(trx)).rows.length).toBeGreaterThan(1)
      // The function gave the scope back.
      expect((await sql`select 1 from guardrail`.execute(trx)).rows).toEqual([])
    })
  })
})
