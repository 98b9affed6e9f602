import type { World } from '../../core/contract.ts'
import { registeredOu, zonesOf } from '../controltower/state.ts'
import { accounts, ous } from '../organizations/state.ts'
import {
  CONTROL_TOWER_ACCOUNT,
  emailKey,
  emailsOf,
  nameKey,
  namesOf,
  newId,
  type Portfolio,
  type Product,
  portfoliosOf,
  productsOf,
  provisionedOf,
} from './state.ts'

export const ACCOUNT_FACTORY = 'AWS Control Tower Account Factory'

export interface SeedAccountFactory {
  readonly managementAccountId: string
  readonly homeRegion: string
  /** Roles and users that may launch: `arn:aws:iam::…:role/…`; with `*`: as IAM_PATTERN. */
  readonly principalArns: readonly string[]
}

/** The portfolio and the product that Control Tower makes at set-up. */
export function seedAccountFactory(
  world: World,
  seed: SeedAccountFactory,
): { portfolio: Portfolio; product: Product } {
  const place = { accountId: seed.managementAccountId, region: seed.homeRegion, createdAt: world.now() }
  const product: Product = {
    ...place,
    id: newId(world, 'prod'),
    viewId: newId(world, 'prodview'),
    name: ACCOUNT_FACTORY,
    owner: 'AWS Control Tower',
    description: 'AWS Control Tower Account Factory provisions new accounts.',
    type: CONTROL_TOWER_ACCOUNT,
    artifacts: [
      {
        id: newId(world, 'pa'),
        name: ACCOUNT_FACTORY,
        description: 'Creates an account, enrolls it in AWS Control Tower and assigns its first user.',
        createdAt: world.now(),
        active: true,
      },
    ],
  }
  const portfolio: Portfolio = {
    ...place,
    id: newId(world, 'port'),
    name: 'AWS Control Tower Account Factory Portfolio',
    description: 'AWS Control Tower Account Factory Portfolio',
    provider: 'AWS Control Tower',
    principals: seed.principalArns.map((PrincipalARN) => ({
      PrincipalARN,
      PrincipalType: /[*?]/.test(PrincipalARN) ? 'IAM_PATTERN' : 'IAM',
    })),
    productIds: [product.id],
    tags: {},
  }
  productsOf(world).put(product.id, product)
  portfoliosOf(world).put(portfolio.id, portfolio)
  return { portfolio, product }
}

/** An account that was made fast in a registered OU has its provisioned product, as if Account Factory had made it. */
export function onFastAccount(
  world: World,
  { accountId, managementAccountId, ouId }: { accountId: string; managementAccountId: string; ouId: string },
): void {
  const zone = zonesOf(world).get(managementAccountId)
  const account = accounts(world).get(accountId)
  const product = [...productsOf(world).values()].find(
    (p) => p.accountId === managementAccountId && p.name === ACCOUNT_FACTORY,
  )
  const artifact = product?.artifacts[0]
  if (!zone || !account || !artifact || !registeredOu(world, ouId)) return
  const id = newId(world, 'pp')
  const recordId = newId(world, 'rec')
  const region = zone.homeRegion
  const arn = `arn:aws:sts::${managementAccountId}:assumed-role/AWSControlTowerAdmin/AccountFactory`
  const name = `${account.name.replace(/[^a-zA-Z0-9._-]/g, '-')}-${accountId}`
  provisionedOf(world).put(id, {
    id,
    arn: `arn:aws:servicecatalog:${region}:${managementAccountId}:stack/${name}/${id}`,
    accountId: managementAccountId,
    region,
    name,
    type: CONTROL_TOWER_ACCOUNT,
    status: 'AVAILABLE',
    previousStatus: 'AVAILABLE',
    message: null,
    createdAt: world.now(),
    token: id,
    productId: product.id,
    artifactId: artifact.id,
    lastRecordId: recordId,
    lastProvisioningRecordId: recordId,
    lastSuccessfulProvisioningRecordId: recordId,
    userArn: arn,
    userArnSession: arn,
    tags: {},
    parameters: {
      AccountEmail: account.email,
      AccountName: account.name,
      ManagedOrganizationalUnit: `${ous(world).get(ouId)?.name} (${ouId})`,
      SSOUserEmail: account.email,
      SSOUserFirstName: 'Account',
      SSOUserLastName: 'Owner',
    },
    managedAccountId: accountId,
    outputs: [{ OutputKey: 'AccountId', OutputValue: accountId, Description: 'Account id of the account' }],
  })
  namesOf(world).put(nameKey({ accountId: managementAccountId, region }, name), id)
  emailsOf(world).put(emailKey(managementAccountId, account.email), id)
}
