/** Makes one AWS organisation, with or without a landing zone, as it stands the day after its set-up. */
import type { World } from '../core/contract.ts'
import { holderKey, type Role, roles, users } from '../core/principals.ts'
import { seedLandingZone } from '../services/controltower/seed.ts'
import { iamId } from '../services/iam/common.ts'
import { addAccessKey, addUser } from '../services/iam/users.ts'
import { addAccount, addMemberRole, newAccountId } from '../services/organizations/accounts.ts'
import { addOrganization } from '../services/organizations/organization.ts'
import { addOu } from '../services/organizations/ous.ts'
import { attachDefaults } from '../services/organizations/policy-defaults.ts'
import {
  type Account,
  accounts,
  emails,
  type Organization,
  organizations,
} from '../services/organizations/state.ts'
import { putBucket } from '../services/s3/index.ts'
import { seedSecurityHub } from '../services/securityhub/seed.ts'
import { seedAccountFactory } from '../services/servicecatalog/seed.ts'
import { seedIdentityCenter } from '../services/sso/seed.ts'

export const RANKAN_ROLE = 'RankanControlPlane'
export const RANKAN_USER = 'rankan'

export type Engine = 'account_factory' | 'auto_enrolment'

export interface OrganizationSpec {
  /** Shown to people and used in account names: printable ASCII. */
  readonly name: string
  readonly landingZone: boolean
  /** How Rankan should make accounts here. `account_factory` needs a landing zone. */
  readonly engine: Engine
  readonly homeRegion: string
  /** Top-level OUs for tenants' accounts, beside Security and Infrastructure. */
  readonly ouNames: readonly string[]
  /** For the e-mail addresses of the first accounts. */
  readonly emailDomain: string
}

/** What the credentials file says of one organisation. */
export interface SeededOrganization {
  readonly name: string
  readonly managementAccountId: string
  readonly organizationId: string
  readonly rootId: string
  readonly roleArn: string
  readonly homeRegion: string
  readonly engine: Engine
  readonly hasLandingZone: boolean
  readonly adminAccessKeyId: string
  /** Delegated administrator of Security Hub; absent in data of older versions. */
  readonly securityAccountId?: string
}

/** Where the rules of CloudFormation hooks lie, in the management account. */
export const hookBucketOf = ({ organizationId }: Pick<SeededOrganization, 'organizationId'>): string =>
  `rankan-hooks-${organizationId}`

export const seeded = (world: World) => world.table<SeededOrganization>('core.organizations')

const TRUSTED_SERVICES = [
  'controltower.amazonaws.com',
  'sso.amazonaws.com',
  'cloudtrail.amazonaws.com',
  'config.amazonaws.com',
  'member.org.stacksets.cloudformation.amazonaws.com',
  'servicecatalog.amazonaws.com',
  'account.amazonaws.com',
]

export function seedOrganization(
  world: World,
  spec: OrganizationSpec,
  allowedActions: readonly string[],
): SeededOrganization {
  const management = firstAccount(world, spec)
  const organization = prepare(world, addOrganization(world, management, 'ALL'))
  const security = addOu(world, organization, organization.rootId, 'Security')
  addOu(world, organization, organization.rootId, 'Infrastructure')
  const tenants = spec.ouNames.map((name) => addOu(world, organization, organization.rootId, name))
  const member = (name: string, local: string, parentId: string) => {
    const id = addAccount(world, organization, { name, email: `${local}@${spec.emailDomain}`, parentId })
    addMemberRole(
      world,
      organization,
      id,
      spec.landingZone ? 'AWSControlTowerExecution' : 'OrganizationAccountAccessRole',
    )
    return id
  }
  const logArchiveAccountId = member('Log Archive', 'log-archive', security.id)
  const auditAccountId = member('Audit', 'audit', security.id)
  if (spec.landingZone)
    seedLandingZone(world, {
      managementAccountId: management.id,
      organizationId: organization.id,
      rootId: organization.rootId,
      homeRegion: spec.homeRegion,
      governedRegions: ['ap-northeast-1', 'ap-northeast-3'],
      logArchiveAccountId,
      auditAccountId,
      securityOuName: 'Security',
      registeredOuIds: [security, ...tenants].map(({ id }) => id),
      autoEnrolment: spec.engine === 'auto_enrolment',
    })
  const row = register(world, spec, organization, allowedActions, auditAccountId)
  putBucket(world, hookBucketOf(row), management.id, spec.homeRegion)
  seedSecurityHub(world, {
    organizationId: organization.id,
    adminAccountId: auditAccountId,
    region: spec.homeRegion,
  })
  seedIdentityCenter(world, { managementAccountId: management.id, region: spec.homeRegion, name: spec.name })
  if (spec.landingZone)
    seedAccountFactory(world, {
      managementAccountId: management.id,
      homeRegion: spec.homeRegion,
      principalArns: [row.roleArn, `arn:aws:iam::${management.id}:user/Administrator`],
    })
  return row
}

function firstAccount(world: World, spec: OrganizationSpec): Account {
  const account: Account = {
    id: newAccountId(world),
    organizationId: null,
    name: `${spec.name} management`.slice(0, 50),
    email: `management@${spec.emailDomain}`,
    state: 'ACTIVE',
    joinedMethod: 'INVITED',
    joinedAt: world.now(),
    createdAt: world.now(),
    parentId: null,
  }
  accounts(world).put(account.id, account)
  emails(world).put(account.email, account.id)
  return account
}

/** Service control policies on, and the services that a landing zone needs. */
function prepare(world: World, made: Organization): Organization {
  const organization: Organization = {
    ...made,
    policyTypes: { SERVICE_CONTROL_POLICY: 'ENABLED' },
    serviceAccess: Object.fromEntries(TRUSTED_SERVICES.map((name) => [name, world.now()])),
  }
  organizations(world).put(organization.id, organization)
  attachDefaults(world, organization, organization.rootId)
  attachDefaults(world, organization, organization.managementAccountId)
  return organization
}

function register(
  world: World,
  spec: OrganizationSpec,
  organization: Organization,
  allowedActions: readonly string[],
  securityAccountId: string,
): SeededOrganization {
  const accountId = organization.managementAccountId
  const admin = addUser(world, accountId, 'Administrator')
  users(world).put(holderKey(accountId, admin.name), {
    ...admin,
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  })
  const row: SeededOrganization = {
    name: spec.name,
    managementAccountId: accountId,
    organizationId: organization.id,
    rootId: organization.rootId,
    roleArn: `arn:aws:iam::${accountId}:role/${RANKAN_ROLE}`,
    homeRegion: spec.homeRegion,
    engine: spec.engine,
    hasLandingZone: spec.landingZone,
    adminAccessKeyId: addAccessKey(world, accountId, admin.name).accessKeyId,
    securityAccountId,
  }
  seeded(world).put(organization.id, row)
  putRankanRole(world, row, allowedActions)
  return row
}

/** The user whose key Rankan holds; it can do nothing but take on its role in each management account. */
export function ensureRankanUser(
  world: World,
): { accountId: string; arn: string; accessKeyId: string } | null {
  const known = world.table<{ accountId: string; arn: string; accessKeyId: string }>('core.rankan')
  const found = known.get('user')
  const [first] = seeded(world).values()
  if (found || !first) return found ?? null
  const user = addUser(world, first.managementAccountId, RANKAN_USER)
  const document = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::*:role/${RANKAN_ROLE}` },
    ],
  }
  users(world).put(holderKey(user.accountId, user.name), {
    ...user,
    inline: { AssumeRankanControlPlane: JSON.stringify(document) },
  })
  const { accessKeyId } = addAccessKey(world, user.accountId, user.name)
  const row = { accountId: user.accountId, arn: user.arn, accessKeyId }
  known.put('user', row)
  return row
}

const POLICY_NAME = 'RankanDeclaredActions'

/** Central configuration of Security Hub is made by its delegated administrator; only who that is, is asked at home. */
const isDelegated = (action: string) =>
  action.startsWith('securityhub:') && action !== 'securityhub:ListOrganizationAdminAccounts'

/** Gives the role exactly the declared actions, in the account where each is called; writes only when they changed. */
export function putRankanRole(
  world: World,
  { managementAccountId, securityAccountId }: SeededOrganization,
  allowedActions: readonly string[],
): void {
  putRole(
    world,
    managementAccountId,
    allowedActions.filter((action) => !isDelegated(action)),
    managementAccountId,
  )
  const delegated = allowedActions.filter(isDelegated)
  if (securityAccountId !== undefined && delegated.length > 0)
    putRole(world, securityAccountId, delegated, managementAccountId)
}

function putRole(
  world: World,
  accountId: string,
  actions: readonly string[],
  managementAccountId: string,
): void {
  const user = ensureRankanUser(world)
  if (!user) return
  const key = holderKey(accountId, RANKAN_ROLE)
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'DeclaredByAdapters', Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
  })
  const known = roles(world).get(key)
  if (known?.inline[POLICY_NAME] === document) return
  const role: Role = known ?? {
    accountId,
    name: RANKAN_ROLE,
    path: '/',
    id: accountId === managementAccountId ? iamId(world, 'AROA') : `AROADELEGATE0${accountId}`,
    arn: `arn:aws:iam::${accountId}:role/${RANKAN_ROLE}`,
    createdAt: world.now(),
    inline: {},
    attached: [],
    tags: {},
    description: 'What Rankan may do; the list comes from its adapters.',
    maxSessionSeconds: 12 * 3600,
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: user.arn }, Action: 'sts:AssumeRole' }],
    }),
  }
  roles(world).put(key, { ...role, inline: { [POLICY_NAME]: document } })
}
