import { AccountClient } from '@aws-sdk/client-account'
import { BudgetsClient } from '@aws-sdk/client-budgets'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { S3Client } from '@aws-sdk/client-s3'
import { SecurityHubClient } from '@aws-sdk/client-securityhub'
import { ServiceCatalogClient } from '@aws-sdk/client-service-catalog'
import { SQSClient } from '@aws-sdk/client-sqs'
import { SSMClient } from '@aws-sdk/client-ssm'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { STSClient } from '@aws-sdk/client-sts'
import { SupportClient } from '@aws-sdk/client-support'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { AwsCredentialIdentity, Provider } from '@smithy/types'
import type { Clock } from '../kernel/clock.ts'
import { type AwsCall, type CallHooks, instrument, inTurn } from './calls.ts'
import { controlCatalogClient, controlTowerClient, serviceQuotasClient } from './declared.ts'
import { lean } from './lean.ts'
import { assumedRole } from './sts/session.ts'

export interface ConnectionOptions {
  /** Role of Rankan in the management account; null uses the base credentials as they are. */
  readonly roleArn: string | null
  /** Region of Control Tower, Service Catalog, Identity Center and the event queue. */
  readonly homeRegion: string
  /** Another place to send all calls to, e.g. the sandbox. Real AWS when left out. */
  readonly endpoint?: string
  /** Base credentials; the SDK's own chain (environment, profile, instance role) when left out. */
  readonly credentials?: AwsCredentialIdentity | Provider<AwsCredentialIdentity>
  readonly clock: Clock
  readonly onCall?: (call: AwsCall) => void
  /**
   * Resolves when one more call to Identity Center may be made. Its ceiling counts all its calls of an organisation;
   * AWS publishes none for the Identity Store, which is asked in the same turn.
   */
  readonly identityTurn?: () => Promise<void>
}

/** Organizations, Account, Budgets and Support are global services that answer in this region only. */
export const GLOBAL_REGION = 'us-east-1'
/** The engine retries with its own back-off and tells people; the SDK only covers a lost connection. */
const MAX_ATTEMPTS = 2
/** Longer than the 20 s long poll of SQS. */
const REQUEST_TIMEOUT_MS = 30_000
const CONNECT_TIMEOUT_MS = 5_000
const MAX_SOCKETS = 50

export type Connection = ReturnType<typeof connect>

/** The clients of one AWS organisation: one pool of sockets, one session of the role, one observer. */
export function connect(options: ConnectionOptions) {
  const sockets = new NodeHttpHandler({
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
  })
  const shared = {
    requestHandler: sockets,
    maxAttempts: MAX_ATTEMPTS,
    // Nothing changes the middleware after `instrument`, so it is put together once for each command.
    cacheMiddleware: true,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  }
  const base = options.credentials === undefined ? {} : { credentials: options.credentials }
  const sts = new STSClient({ ...shared, ...base, region: options.homeRegion })
  instrument(sts, observing(options))
  const session = options.roleArn === null ? null : assumedRole(sts, options.roleArn, options.clock)
  const own = { ...shared, ...(session === null ? base : { credentials: session.provider }) }
  const hooks: CallHooks = { ...observing(options), ...(session && { forgetSession: session.forget }) }
  return {
    ...makeClients(own, options, hooks),
    sts,
    /** Security Hub as seen from another account, under a role of the same name there; of AWS for its delegated administrator. */
    securityHubIn: (accountId: string) => securityHubIn(accountId, options, { ...shared, ...base }, sts),
    destroy: () => sockets.destroy(),
  }
}

function securityHubIn(
  accountId: string,
  options: ConnectionOptions,
  config: ClientConfig,
  sts: STSClient,
): SecurityHubClient {
  const roleArn = options.roleArn?.replace(/:\d{12}:/, `:${accountId}:`)
  const session = roleArn === undefined ? null : assumedRole(sts, roleArn, options.clock)
  const credentials = session === null ? {} : { credentials: session.provider }
  const client = new SecurityHubClient({ ...config, ...credentials, region: options.homeRegion })
  instrument(client, { ...observing(options), ...(session && { forgetSession: session.forget }) })
  return client
}

const observing = (options: ConnectionOptions): CallHooks =>
  options.onCall === undefined ? {} : { onCall: options.onCall }

interface ClientConfig {
  readonly requestHandler: NodeHttpHandler
  readonly maxAttempts: number
  readonly endpoint?: string
  readonly credentials?: AwsCredentialIdentity | Provider<AwsCredentialIdentity>
}

function makeClients(config: ClientConfig, options: ConnectionOptions, hooks: CallHooks) {
  const home = { ...config, region: options.homeRegion }
  const global = { ...config, region: GLOBAL_REGION }
  const clients = {
    organizations: new OrganizationsClient(global),
    account: new AccountClient(global),
    budgets: new BudgetsClient(global),
    support: new SupportClient(global),
    serviceCatalog: new ServiceCatalogClient(home),
    controlTower: controlTowerClient(home),
    controlCatalog: controlCatalogClient(home),
    config: new ConfigServiceClient(home),
    cloudFormation: new CloudFormationClient(home),
    // A bucket has no host name of its own at an endpoint of ours.
    s3: new S3Client({ ...home, forcePathStyle: options.endpoint !== undefined }),
    ssm: new SSMClient(home),
    securityHub: new SecurityHubClient(home),
    sso: new SSOAdminClient(home),
    identitystore: new IdentitystoreClient(home),
    events: new EventBridgeClient(home),
    // With an endpoint of ours the host in a queue's URL is not where the queue answers.
    sqs: new SQSClient({ ...home, useQueueUrlAsEndpoint: options.endpoint === undefined }),
    globalEvents: new EventBridgeClient(global),
    globalSqs: new SQSClient({ ...global, useQueueUrlAsEndpoint: options.endpoint === undefined }),
    quotas: serviceQuotasClient(home),
  }
  instrument(clients.organizations, hooks)
  instrument(clients.account, hooks)
  instrument(clients.budgets, hooks)
  instrument(clients.support, hooks)
  instrument(clients.serviceCatalog, hooks)
  instrument(clients.controlTower, hooks)
  instrument(clients.controlCatalog, hooks)
  instrument(clients.config, hooks)
  instrument(clients.cloudFormation, hooks)
  instrument(clients.s3, hooks)
  instrument(clients.ssm, hooks)
  instrument(clients.securityHub, hooks)
  instrument(clients.sso, hooks)
  instrument(clients.identitystore, hooks)
  instrument(clients.events, hooks)
  instrument(clients.sqs, hooks)
  instrument(clients.globalEvents, hooks)
  instrument(clients.globalSqs, hooks)
  instrument(clients.quotas, hooks)
  if (options.identityTurn !== undefined) {
    inTurn(clients.sso, options.identityTurn)
    inTurn(clients.identitystore, options.identityTurn)
  }
  // Those that every account needs.
  lean(clients.organizations)
  lean(clients.account)
  lean(clients.budgets)
  lean(clients.support)
  lean(clients.serviceCatalog)
  lean(clients.sso, options.identityTurn)
  lean(clients.identitystore, options.identityTurn)
  return clients
}
