import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Clock } from '../kernel/clock.ts'
import { notFound } from '../kernel/errors.ts'
import type { ControlsPort } from '../ports/controls.ts'
import type {
  CreationEngine,
  Estate,
  IdentityPort,
  LifecycleEvent,
  OrganizationPort,
} from '../ports/estate.ts'
import { readContacts } from './account/read.ts'
import { putContact, rename } from './account/write.ts'
import { ensureBudget, removeBudget } from './budgets/write.ts'
import { hookControls } from './cloudformation/hooks.ts'
import { packControls } from './config/packs.ts'
import { type Connection, type ConnectionOptions, connect, GLOBAL_REGION } from './connection.ts'
import { towerControls } from './controltower/controls.ts'
import { autoEnrolmentEngine } from './controltower/engine.ts'
import { enrolAgain, ouState } from './controltower/enrolment.ts'
import { type ControlTowerReader, controlTowerReader } from './controltower/read.ts'
import { registerOu } from './controltower/write.ts'
import { queueUrl, receiveEvents } from './events/read.ts'
import { ensureDelivery } from './events/write.ts'
import { groupByName, members } from './identitystore/read.ts'
import {
  ensureGroup,
  ensureMember,
  ensureUser,
  removeGroup,
  removeMember,
  type UserOrder,
} from './identitystore/write.ts'
import { policyControls } from './organizations/control-policies.ts'
import { policies, policyKinds, policyTargets } from './organizations/policies.ts'
import { type OrganizationReader, organizationReader } from './organizations/read.ts'
import {
  attachPolicy,
  closeAccount,
  detachPolicy,
  ensurePolicy,
  findChildOu,
  findOrCreateOu,
  moveAccount,
  tagResource,
} from './organizations/write.ts'
import { once } from './pages.ts'
import { remembering } from './remember.ts'
import { securityHubControls } from './securityhub/policies.ts'
import { accountFactoryEngine } from './servicecatalog/engine.ts'
import { moveProduct } from './servicecatalog/move.ts'
import { appliedQuota } from './servicequotas/read.ts'
import { documentControls } from './ssm/documents.ts'
import { PERMISSION_SETS } from './sso/permission-sets.ts'
import { creationState, deletionState, instance } from './sso/read.ts'
import { beginAssignment, beginUnassignment, ensurePermissionSet } from './sso/write.ts'
import { caseStatus } from './support/read.ts'
import { requestEnterprise } from './support/write.ts'

export interface EstateOptions extends ConnectionOptions {
  /** Our id of the AWS organisation (`aws_…`). */
  readonly id: string
  /** 12 digits. */
  readonly managementAccountId: string
  readonly engine: CreationEngine
  readonly clock: Clock
  /** `none`: there is no landing zone and Control Tower is never asked. Found out by asking when left out. */
  readonly landingZone?: 'none'
  /** Bucket of the management account for the rules of CloudFormation hooks; without it plans leave hooks out. */
  readonly hookBucket?: string
  /** Name of the EventBridge rule and of the SQS queue in the management account. */
  readonly deliveryName?: string
  /** Told of each lifecycle event that its taker refused (it is delivered again). */
  readonly onEventError?: (error: unknown, event: LifecycleEvent) => void
}

export interface AwsEstate extends Estate {
  /** What plan and apply of controls need. */
  readonly controls: ControlsPort
  /** Closes the sockets. */
  destroy(): void
}

/** One AWS organisation through the AWS SDK: real AWS, or whatever speaks its protocols at `endpoint`. */
export function createEstate(options: EstateOptions): AwsEstate {
  const aws = connect(options)
  const organization = organizationReader(aws.organizations)
  const tower = controlTowerReader(aws.controlTower, organization, options.landingZone === 'none')
  // Account and Budgets name the management account differently from its members.
  const named = (accountId: string) => (accountId === options.managementAccountId ? null : accountId)
  return {
    id: options.id,
    creation:
      options.engine === 'account_factory'
        ? accountFactoryEngine(aws.serviceCatalog, organization)
        : autoEnrolmentEngine({
            organizations: aws.organizations,
            controlTower: aws.controlTower,
            organization,
            tower,
          }),
    organization: organizationPort(
      aws,
      organization,
      tower,
      options.engine === 'account_factory',
      options.clock,
    ),
    identity: identityPort(aws, options.clock),
    contacts: {
      put: (accountId, contact) => putContact(aws.account, named(accountId), contact),
      read: (accountId) => readContacts(aws.account, named(accountId)),
      rename: (accountId, name) => rename(aws.account, named(accountId), name),
    },
    support: {
      requestEnterprise: (accountId, reference, again = true) =>
        requestEnterprise(aws.support, accountId, reference, options.clock.now(), again),
      caseStatus: (caseId) => caseStatus(aws.support, caseId),
    },
    budgets: {
      ensure: (budget) => ensureBudget(aws.budgets, options.managementAccountId, budget),
      remove: (name) => removeBudget(aws.budgets, options.managementAccountId, name),
    },
    events: eventsPort(aws, options),
    quotas: { applied: (service, quota) => appliedQuota(aws.quotas, service, quota) },
    controls: {
      hasLandingZone: tower.hasLandingZone,
      policies: policyControls(aws.organizations, organization),
      tower: towerControls(aws.controlTower, aws.controlCatalog, tower),
      packs: packControls(aws.config),
      securityHub: securityHubControls(aws.securityHub, aws.securityHubIn, options.homeRegion),
      hooks: hookControls(aws, options.hookBucket ?? null, options.homeRegion),
      documents: documentControls(aws, organization, options.homeRegion),
    },
    destroy: aws.destroy,
  }
}

function organizationPort(
  aws: Connection,
  read: OrganizationReader,
  tower: ControlTowerReader,
  factory: boolean,
  clock: Clock,
): OrganizationPort {
  const client = aws.organizations
  const known = {
    childOu: remembering(clock, (parentId: string, name: string) => findChildOu(read, parentId, name)),
    ouState: remembering(
      clock,
      (ouId: string) => ouState(tower, ouId),
      (state) => state === 'ready',
    ),
  }
  return {
    async describe() {
      const { organizationId, managementAccountId, rootId } = await read.describe()
      return { organizationId, managementAccountId, rootId }
    },
    account: read.account,
    accounts: read.accounts,
    accountsOf: read.accountsOf,
    ous: read.ous,
    childOus: read.childOus,
    childOu: known.childOu,
    parentOf: read.parentOf,
    async move(accountId, destination) {
      if (factory && (await moveProduct(aws.serviceCatalog, read, accountId, destination))) return
      const moved = await moveAccount(client, read, accountId, destination)
      // There already: then a move that is asked for again means an enrolment that failed.
      const parts = { organization: read, tower, controlTower: aws.controlTower }
      if (!moved && !factory) await enrolAgain(parts, accountId)
    },
    async ensureOu(parentId, name) {
      const ou = await findOrCreateOu(client, read, parentId, name)
      if (await tower.hasLandingZone()) await registerOu(aws.controlTower, tower, ou.id)
      return ou
    },
    ouState: known.ouState,
    tag: (accountId, tags) => tagResource(client, accountId, tags),
    attachPolicy: (policyId, targetId) => attachPolicy(client, policyId, targetId),
    detachPolicy: (policyId, targetId) => detachPolicy(client, policyId, targetId),
    policyKinds: () => policyKinds(client),
    policies: (kind) => policies(client, kind),
    policyTargets: (policyId) => policyTargets(client, policyId),
    ensurePolicy: (policy) => ensurePolicy(client, policy),
    close: (accountId) => closeAccount(client, read, accountId),
  }
}

function identityPort(aws: Connection, clock: Clock): IdentityPort {
  const where = once(() => instance(aws.sso))
  const store = async () => (await where()).identityStoreId
  const sets = once(async () => {
    const { instanceArn } = await where()
    return {
      Admin: await ensurePermissionSet(aws.sso, instanceArn, PERMISSION_SETS.Admin),
      NonAdmin: await ensurePermissionSet(aws.sso, instanceArn, PERMISSION_SETS.NonAdmin),
    }
  })
  const user = remembering(clock, async (order: UserOrder) =>
    ensureUser(aws.identitystore, await store(), order),
  )
  return {
    ensurePermissionSets: sets,
    ensureGroup: async (name, description) =>
      ensureGroup(aws.identitystore, await store(), name, description),
    ensureUser: user,
    async ensureMember(groupId, userId) {
      try {
        await ensureMember(aws.identitystore, await store(), groupId, userId)
      } catch (error) {
        // The group or a user that is remembered is gone: the next attempt asks again.
        user.forget()
        throw error
      }
    },
    removeMember: async (groupId, userId) => removeMember(aws.identitystore, await store(), groupId, userId),
    members: async (groupId) => members(aws.identitystore, await store(), groupId),
    findGroup: async (name) => groupByName(aws.identitystore, await store(), name),
    removeGroup: async (groupId) => removeGroup(aws.identitystore, await store(), groupId),
    beginAssignment: async (request, again = true) => {
      const set = (await sets())[request.permissionSet]
      return beginAssignment(aws.sso, (await where()).instanceArn, set, request, again)
    },
    lookAssignment: async (requestId) => creationState(aws.sso, (await where()).instanceArn, requestId),
    beginUnassignment: async (request) =>
      beginUnassignment(aws.sso, (await where()).instanceArn, (await sets())[request.permissionSet], request),
    lookUnassignment: async (requestId) => deletionState(aws.sso, (await where()).instanceArn, requestId),
  }
}

const DELIVERY_NAME = 'rankan-lifecycle-events'
/** What Organizations says of an account from Account Factory is kept, and waited for by nobody: Control Tower says it again when all is done. */
const UNAWAITED_GATHER_MS = 2_000

/**
 * Control Tower tells of accounts in the home region, Organizations in its own; a rule delivers only to a queue of its
 * region, so there are two queues unless both are one region.
 */
function eventsPort(aws: Connection, options: EstateOptions): Estate['events'] {
  const name = options.deliveryName ?? DELIVERY_NAME
  const unawaited = options.engine === 'account_factory' ? UNAWAITED_GATHER_MS : 0
  const home = { events: aws.events, sqs: aws.sqs, gatherMs: 0 }
  const global = { events: aws.globalEvents, sqs: aws.globalSqs, gatherMs: unawaited }
  const places = options.homeRegion === GLOBAL_REGION ? [home] : [home, global]
  const queues = places.map((place) => ({ ...place, url: once(() => knownQueue(place.sqs, name)) }))
  const onError = options.onEventError ?? (() => undefined)
  return {
    async ensureDelivery() {
      for (const { events, sqs } of queues) await ensureDelivery(events, sqs, name)
    },
    async receive(take, signal) {
      const end = new AbortController()
      const either = AbortSignal.any([signal, end.signal])
      const parts = { clock: options.clock, onError }
      try {
        await Promise.all(
          queues.map(({ sqs, url, gatherMs }) =>
            receiveEvents({ ...parts, sqs, url, gatherMs }, take, either),
          ),
        )
      } finally {
        // One queue that cannot be read ends the others too, so that the caller starts all of them again.
        end.abort()
      }
    },
  }
}

async function knownQueue(sqs: SQSClient, name: string): Promise<string> {
  const url = await queueUrl(sqs, name)
  if (url === null) throw notFound('queue', name)
  return url
}
