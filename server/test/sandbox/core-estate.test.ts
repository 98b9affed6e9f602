import * as o from '@aws-sdk/client-organizations'
import {
  DescribeProductCommand,
  DescribeRecordCommand,
  ListLaunchPathsCommand,
  ProvisionProductCommand,
  SearchProductsCommand,
  ServiceCatalogClient,
} from '@aws-sdk/client-service-catalog'
import { expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { configOf, get, organizationsOf, post, seededOf, start } from './core-support.ts'

const hour = 3_600_000

async function vend(sandbox: Sandbox, names: readonly string[]): Promise<unknown> {
  const { admin, rootId, organizationId, homeRegion } = seededOf(sandbox)
  const ous = await organizationsOf(sandbox, admin).send(
    new o.ListOrganizationalUnitsForParentCommand({ ParentId: rootId }),
  )
  const production = ous.OrganizationalUnits?.find((ou) => ou.Name === 'Production')
  const catalog = new ServiceCatalogClient({ ...configOf(sandbox, admin, homeRegion), maxAttempts: 5 })
  const ProductId = (await catalog.send(new SearchProductsCommand({}))).ProductViewSummaries?.[0]?.ProductId
  const PathId = (await catalog.send(new ListLaunchPathsCommand({ ProductId }))).LaunchPathSummaries?.[0]?.Id
  const { ProvisioningArtifacts } = await catalog.send(new DescribeProductCommand({ Id: ProductId }))
  for (const name of names) {
    const parameters = {
      AccountEmail: `${name}@example.jp`,
      AccountName: name,
      ManagedOrganizationalUnit: `Production (${production?.Id})`,
      SSOUserEmail: 'owner@example.jp',
      SSOUserFirstName: 'A',
      SSOUserLastName: 'B',
    }
    const { RecordDetail } = await catalog.send(
      new ProvisionProductCommand({
        ProductId,
        PathId,
        ProvisioningArtifactId: ProvisioningArtifacts?.[0]?.Id,
        ProvisionedProductName: name,
        ProvisionToken: `token-${name}`,
        ProvisioningParameters: Object.entries(parameters).map(([Key, Value]) => ({ Key, Value })),
      }),
    )
    sandbox.runtime.advance(hour)
    const record = await catalog.send(new DescribeRecordCommand({ Id: RecordDetail?.RecordId }))
    expect(record.RecordDetail?.Status).toBe('SUCCEEDED')
  }
  return get(sandbox, `estate?org=${organizationId}`)
}

test('the canonical estate is the same for the same work, whatever the random ids, the order and the throttling', async () => {
  const one = await start({ seed: 1 })
  const two = await start({ seed: 2 })
  try {
    await post(two, 'faults', { service: 'servicecatalog', probability: 0.2, fault: { do: 'throttle' } })
    const first = await vend(one, ['a', 'b'])
    const second = await vend(two, ['b', 'a'])
    expect(second).toEqual(first)
    const third = await vend(one, ['c'])
    expect(third).not.toEqual(first)
  } finally {
    await one.stop()
    await two.stop()
  }
})
