import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeAccountCommand, ListParentsCommand } from '@aws-sdk/client-organizations'
import {
  DescribeProvisionedProductCommand,
  DisassociatePrincipalFromPortfolioCommand,
  ListLaunchPathsCommand,
  ListPortfoliosCommand,
  SearchProvisionedProductsCommand,
  TerminateProvisionedProductCommand,
  UpdateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog'
import {
  ListAccountAssignmentsCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { configOf, organizationsOf, post, rankan, refused, seededOf, start } from './core-support.ts'
import {
  ALL,
  accountFactory,
  admin,
  catalogOf,
  minutes,
  ouNamed,
  parametersOf,
  provision,
  REGION,
  record,
  settled,
} from './vending-support.ts'

let sandbox: Sandbox
let ou: string

beforeEach(async () => {
  sandbox = await start({ allowedActions: ALL, timeScale: 0 })
  ou = await ouNamed(sandbox, 'Production')
})
afterEach(() => sandbox.stop())

const fault = (operation: string, what: object, times = 1) =>
  post(sandbox, 'faults', { at: 'outcome', service: 'servicecatalog', operation, times, fault: what })

describe('Account Factory', () => {
  test('makes an account in virtual time, puts it in its OU and gives its user access', async () => {
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    const first = await provision(catalog, { name: 'kofu-portal-prod', ou })
    expect(first).toMatchObject({
      Status: 'CREATED',
      RecordType: 'PROVISION_PRODUCT',
      ProvisionedProductType: 'CONTROL_TOWER_ACCOUNT',
    })
    expect(await provision(catalog, { name: 'kofu-portal-prod', ou })).toMatchObject({
      RecordId: first.RecordId,
    })
    await minutes(sandbox, 1)
    expect((await record(catalog, first.RecordId)).RecordDetail?.Status).toBe('IN_PROGRESS')
    await minutes(sandbox, 10)
    expect((await record(catalog, first.RecordId)).RecordDetail?.Status).toBe('IN_PROGRESS')
    const done = await settled(sandbox, catalog, first.RecordId)
    expect(done.RecordDetail).toMatchObject({ Status: 'SUCCEEDED', RecordErrors: [] })
    const accountId = done.RecordOutputs?.find((o) => o.OutputKey === 'AccountId')?.OutputValue
    const organizations = organizationsOf(sandbox, admin(sandbox))
    const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: accountId }))
    expect(Account).toMatchObject({
      Name: 'kofu-portal-prod',
      Email: 'kofu-portal-prod@tenant.example.jp',
      State: 'ACTIVE',
    })
    const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: accountId }))
    expect(Parents).toEqual([{ Id: ou, Type: 'ORGANIZATIONAL_UNIT' }])
    expect(await administrators(accountId)).toHaveLength(1)
    const { ProvisionedProductDetail } = await catalog.send(
      new DescribeProvisionedProductCommand({ Name: 'kofu-portal-prod' }),
    )
    expect(ProvisionedProductDetail).toMatchObject({ Status: 'AVAILABLE', LastRecordId: first.RecordId })
  })

  test('refuses who is no principal of the portfolio with the error of AWS', async () => {
    const catalog = catalogOf(sandbox, admin(sandbox, 0))
    const { ProductId } = await accountFactory(catalog)
    const stranger = catalogOf(sandbox, await rankan(sandbox))
    const { PortfolioDetails } = await catalog.send(new ListPortfoliosCommand({}))
    await catalog.send(
      new DisassociatePrincipalFromPortfolioCommand({
        PortfolioId: PortfolioDetails?.[0]?.Id,
        PrincipalARN: seededOf(sandbox).roleArn,
      }),
    )
    const why = await refused(stranger.send(new ListLaunchPathsCommand({ ProductId })))
    expect(why).toMatchObject({
      name: 'ResourceNotFoundException',
      message: `No launch paths found for resource: ${ProductId}`,
    })
  })

  test('runs five at a time; the sixth record fails and says why', async () => {
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    const records = []
    for (let i = 0; i < 6; i++) records.push(await provision(catalog, { name: `burst-${i}`, ou }))
    await minutes(sandbox, 1)
    const states = []
    for (const { RecordId } of records) states.push((await record(catalog, RecordId)).RecordDetail)
    expect(states.filter((s) => s?.Status === 'IN_PROGRESS')).toHaveLength(5)
    const refusedOne = states.find((s) => s?.Status !== 'IN_PROGRESS')
    expect(refusedOne?.Status).toBe('IN_PROGRESS_IN_ERROR')
    const ended = await settled(sandbox, catalog, refusedOne?.RecordId)
    expect(ended.RecordDetail?.RecordErrors?.[0]).toMatchObject({ Code: 'ServiceQuotaExceededException' })
  })

  test('misleads as AWS does: a failed name is a stack that exists, a tainted product an e-mail in use', async () => {
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    await fault('ProvisionProduct', { do: 'taint', message: 'AWS Config recorder already exists' })
    const first = await settled(
      sandbox,
      catalog,
      (await provision(catalog, { name: 'nasu-web', ou })).RecordId,
    )
    expect(first.RecordDetail?.RecordErrors?.[0]?.Description).toBe('AWS Config recorder already exists')
    const { ProvisionedProductDetail } = await catalog.send(
      new DescribeProvisionedProductCommand({ Name: 'nasu-web' }),
    )
    expect(ProvisionedProductDetail?.Status).toBe('TAINTED')
    const again = await refused(provision(catalog, { name: 'nasu-web', ou, token: 'another' }))
    expect(again).toMatchObject({
      name: 'InvalidParametersException',
      message: 'A stack named nasu-web already exists.',
    })
    const renamed = await provision(catalog, { name: 'nasu-web', ou, token: 'third', product: 'nasu-web-2' })
    const end = await settled(sandbox, catalog, renamed.RecordId)
    expect(end.RecordDetail?.RecordErrors?.[0]?.Description).toContain('already in use')
  })

  test('takes up the account of a tainted try after the product was terminated', async () => {
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    await fault('ProvisionProduct', { do: 'taint', message: 'broken' })
    await settled(sandbox, catalog, (await provision(catalog, { name: 'oshu-web', ou })).RecordId)
    const gone = await catalog.send(
      new TerminateProvisionedProductCommand({ ProvisionedProductName: 'oshu-web', TerminateToken: 't1' }),
    )
    expect((await settled(sandbox, catalog, gone.RecordDetail?.RecordId)).RecordDetail?.Status).toBe(
      'SUCCEEDED',
    )
    expect(
      await refused(catalog.send(new DescribeProvisionedProductCommand({ Name: 'oshu-web' }))),
    ).toMatchObject({ name: 'ResourceNotFoundException' })
    const retry = await settled(
      sandbox,
      catalog,
      (await provision(catalog, { name: 'oshu-web', ou, token: 'again' })).RecordId,
    )
    expect(retry.RecordDetail?.Status).toBe('SUCCEEDED')
  })

  test('a failure before there is an account leaves the product in error, an unregistered OU too', async () => {
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    await fault('ProvisionProduct', { do: 'fail', code: 'InternalFailure', message: 'try again' })
    const failed = await settled(sandbox, catalog, (await provision(catalog, { name: 'a1', ou })).RecordId)
    expect(failed.RecordDetail).toMatchObject({
      Status: 'FAILED',
      RecordErrors: [{ Code: 'InternalFailure', Description: 'try again' }],
    })
    const wrong = await ouNamed(sandbox, 'Infrastructure')
    const unregistered = await settled(
      sandbox,
      catalog,
      (await provision(catalog, { name: 'a2', ou: wrong, ouName: 'Infrastructure' })).RecordId,
    )
    expect(unregistered.RecordDetail?.RecordErrors?.[0]?.Description).toContain(
      'is not registered with AWS Control Tower',
    )
    const found = await catalog.send(
      new SearchProvisionedProductsCommand({
        AccessLevelFilter: { Key: 'Account', Value: 'self' },
        Filters: { SearchQuery: ['status:ERROR'] },
      }),
    )
    expect(found.ProvisionedProducts?.map((p) => p.Name)).toEqual(['a1', 'a2'])
  })

  test('an update moves the account between OUs', async () => {
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    const made = await settled(sandbox, catalog, (await provision(catalog, { name: 'mover', ou })).RecordId)
    const accountId = made.RecordOutputs?.find((o) => o.OutputKey === 'AccountId')?.OutputValue
    const staging = await ouNamed(sandbox, 'Staging')
    const change = await catalog.send(
      new UpdateProvisionedProductCommand({
        ProvisionedProductName: 'mover',
        UpdateToken: 'u1',
        ProductId: made.RecordDetail?.ProductId,
        ProvisioningArtifactId: made.RecordDetail?.ProvisioningArtifactId,
        ProvisioningParameters: [{ Key: 'ManagedOrganizationalUnit', Value: `Staging (${staging})` }],
      }),
    )
    expect((await settled(sandbox, catalog, change.RecordDetail?.RecordId)).RecordDetail?.Status).toBe(
      'SUCCEEDED',
    )
    const { Parents } = await organizationsOf(sandbox, admin(sandbox)).send(
      new ListParentsCommand({ ChildId: accountId }),
    )
    expect(Parents?.[0]?.Id).toBe(staging)
  })

  test('checks the six parameters before it takes an order', async () => {
    const catalog = catalogOf(sandbox, await rankan(sandbox))
    const why = await refused(provision(catalog, { name: 'x'.repeat(51), ou, product: 'long' }))
    expect(why).toMatchObject({ name: 'InvalidParametersException' })
    expect(parametersOf({ name: 'x', ou })).toHaveLength(6)
  })
})

test('orders under way end after a restart, in time that went on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rankan-sandbox-'))
  const options = { dataDir, allowedActions: ALL, timeScale: 0 }
  let own = await start(options)
  const place = await ouNamed(own, 'Production')
  const first = await provision(catalogOf(own, await rankan(own)), { name: 'restart', ou: place })
  await minutes(own, 5)
  await own.stop()
  own = await start(options)
  const catalog = catalogOf(own, await rankan(own))
  expect((await provision(catalog, { name: 'restart', ou: place })).RecordId).toBe(first.RecordId)
  expect((await settled(own, catalog, first.RecordId)).RecordDetail?.Status).toBe('SUCCEEDED')
  await own.stop()
})

async function administrators(AccountId: string | undefined) {
  const sso = new SSOAdminClient(configOf(sandbox, admin(sandbox), REGION))
  const { Instances } = await sso.send(new ListInstancesCommand({}))
  const InstanceArn = Instances?.[0]?.InstanceArn
  const { PermissionSets } = await sso.send(new ListPermissionSetsCommand({ InstanceArn }))
  const [PermissionSetArn] = PermissionSets ?? []
  const { AccountAssignments } = await sso.send(
    new ListAccountAssignmentsCommand({ InstanceArn, AccountId, PermissionSetArn }),
  )
  return AccountAssignments
}
