import {
  type ConfigurationPolicyAssociationSummary,
  CreateConfigurationPolicyCommand,
  DeleteConfigurationPolicyCommand,
  DescribeOrganizationConfigurationCommand,
  GetConfigurationPolicyAssociationCommand,
  GetConfigurationPolicyCommand,
  ListConfigurationPoliciesCommand,
  ListConfigurationPolicyAssociationsCommand,
  ListOrganizationAdminAccountsCommand,
  type Policy,
  type SecurityHubClient,
  StartConfigurationPolicyAssociationCommand,
  StartConfigurationPolicyDisassociationCommand,
  UpdateConfigurationPolicyCommand,
} from '@aws-sdk/client-securityhub'
import type { SecurityHubEffect } from '../../domain/controls/effects.ts'
import type { SecurityHubSight, SeenSecurityHubPolicy } from '../../domain/controls/world.ts'
import { notFound, RankanError } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Begun, ControlPort, Operation, OperationState } from '../../ports/controls.ts'
import { unless } from '../errors.ts'
import { find, once, paged } from '../pages.ts'

type Client = SecurityHubClient

/** AWS's name for targets that rule themselves, where an id of a policy stands. */
const SELF_MANAGED = 'SELF_MANAGED_SECURITY_HUB'

/**
 * Configuration policies of Security Hub's central configuration, in the home Region.
 * @param management speaks for the management account.
 * @param inAccount speaks for the account of the delegated administrator.
 * @param region the home Region.
 */
export function securityHubControls(
  management: Client,
  inAccount: (accountId: string) => Client,
  region: string,
): ControlPort<SecurityHubSight, SecurityHubEffect> {
  const delegate = once(async () => {
    const accountId = await administrator(management)
    return accountId === null ? null : inAccount(accountId)
  })
  const client = async () => {
    const found = await delegate()
    if (found !== null) return found
    delegate.forget()
    throw notFound('delegated administrator', 'Security Hub')
  }
  return {
    async read() {
      delegate.forget()
      const found = await delegate()
      return found === null ? null : readable(() => sight(found, region))
    },
    begin: async (effect, again = true) => begin(await client(), effect, again),
    look: async (operation) => look(await client(), operation),
  }
}

const administrator = (management: Client) =>
  unless<string | null>(
    ['InvalidAccessException'],
    async () => {
      const { AdminAccounts } = await management.send(new ListOrganizationAdminAccountsCommand({}))
      return AdminAccounts?.find(({ Status }) => Status === 'ENABLED')?.AccountId ?? null
    },
    () => null,
  )

/** Null where Rankan has no role in the administrator's account: this installation does not work through Security Hub. */
async function readable(read: () => Promise<SecurityHubSight>): Promise<SecurityHubSight | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof RankanError && error.kind === 'denied') return null
    throw error
  }
}

async function sight(client: Client, region: string): Promise<SecurityHubSight> {
  const { OrganizationConfiguration } = await client.send(new DescribeOrganizationConfigurationCommand({}))
  if (OrganizationConfiguration?.ConfigurationType !== 'CENTRAL')
    return { configuration: 'LOCAL', region, policies: [], selfManaged: [] }
  const targets = await applied(client)
  const policies: SeenSecurityHubPolicy[] = []
  for await (const { Id = '', Name = '' } of summaries(client)) {
    const { ConfigurationPolicy } = await client.send(new GetConfigurationPolicyCommand({ Identifier: Id }))
    policies.push({ id: Id, name: Name, ...settingsOf(ConfigurationPolicy), targets: targets.get(Id) ?? [] })
  }
  const selfManaged = (targets.get(SELF_MANAGED) ?? []).map(({ id }) => id).sort()
  return { configuration: 'CENTRAL', region, policies, selfManaged }
}

const summaries = (client: Client) =>
  paged(async (NextToken) => {
    const page = await client.send(new ListConfigurationPoliciesCommand({ NextToken, MaxResults: 100 }))
    return { items: page.ConfigurationPolicySummaries, next: page.NextToken }
  })

function settingsOf(policy: Policy | undefined) {
  const { EnabledStandardIdentifiers: standards = [], SecurityControlsConfiguration: controls } =
    policy?.SecurityHub ?? {}
  return {
    enabledStandards: [...standards].sort(),
    enabledControls: sorted(controls?.EnabledSecurityControlIdentifiers),
    disabledControls: sorted(controls?.DisabledSecurityControlIdentifiers),
  }
}

const sorted = (ids: readonly string[] | undefined | null) => (ids == null ? null : [...ids].sort())

type Targets = SeenSecurityHubPolicy['targets']

/** By policy, what it was put on itself. */
async function applied(client: Client): Promise<ReadonlyMap<string, Targets>> {
  const found = new Map<string, Targets>()
  const all = paged<ConfigurationPolicyAssociationSummary>(async (NextToken) => {
    const page = await client.send(
      new ListConfigurationPolicyAssociationsCommand({
        Filters: { AssociationType: 'APPLIED' },
        NextToken,
        MaxResults: 100,
      }),
    )
    return { items: page.ConfigurationPolicyAssociationSummaries, next: page.NextToken }
  })
  for await (const { ConfigurationPolicyId: policy = '', TargetId: id = '', AssociationStatus } of all)
    found.set(policy, [...(found.get(policy) ?? []), { id, status: AssociationStatus ?? 'PENDING' }])
  return found
}

const idOf = async (client: Client, name: string): Promise<string | null> =>
  (await find(summaries(client), (one) => one.Name === name))?.Id ?? null

function begin(client: Client, effect: SecurityHubEffect, again: boolean): Promise<Begun> {
  switch (effect.do) {
    case 'put_securityhub_policy':
      return put(client, effect)
    case 'delete_securityhub_policy':
      return remove(client, effect.name)
    case 'associate_securityhub_policy':
      return associate(client, effect, again)
    case 'disassociate_securityhub_policy':
      return disassociate(client, effect)
  }
}

type Effect<Do extends SecurityHubEffect['do']> = Extract<SecurityHubEffect, { do: Do }>

async function put(client: Client, effect: Effect<'put_securityhub_policy'>): Promise<Begun> {
  const order = {
    Name: effect.name,
    ...(effect.description === '' ? {} : { Description: effect.description }),
    ConfigurationPolicy: wanted(effect),
  }
  const known = await idOf(client, effect.name)
  if (known === null) {
    const { Id = '' } = await client.send(new CreateConfigurationPolicyCommand(order))
    return { done: true, result: { policyId: Id } }
  }
  const have = await client.send(new GetConfigurationPolicyCommand({ Identifier: known }))
  const same =
    canonicalJson(settingsOf(have.ConfigurationPolicy)) ===
      canonicalJson(settingsOf(order.ConfigurationPolicy)) && (have.Description ?? '') === effect.description
  if (!same) await client.send(new UpdateConfigurationPolicyCommand({ Identifier: known, ...order }))
  return { done: true, result: { policyId: known } }
}

const wanted = (effect: Effect<'put_securityhub_policy'>): Policy.SecurityHubMember => ({
  SecurityHub: {
    ServiceEnabled: true,
    EnabledStandardIdentifiers: effect.enabledStandards,
    SecurityControlsConfiguration:
      effect.enabledControls === null
        ? { DisabledSecurityControlIdentifiers: effect.disabledControls ?? [] }
        : { EnabledSecurityControlIdentifiers: effect.enabledControls },
  },
})

async function remove(client: Client, name: string): Promise<Begun> {
  const id = await idOf(client, name)
  if (id !== null)
    await unless(
      ['ResourceNotFoundException'],
      async () => {
        await client.send(new DeleteConfigurationPolicyCommand({ Identifier: id }))
      },
      () => undefined,
    )
  return { done: true, result: {} }
}

const targetOf = (id: string) =>
  id.startsWith('r-')
    ? { RootId: id }
    : id.startsWith('ou-')
      ? { OrganizationalUnitId: id }
      : { AccountId: id }

const associationOf = (client: Client, target: string) =>
  unless(
    ['ResourceNotFoundException'],
    async () => client.send(new GetConfigurationPolicyAssociationCommand({ Target: targetOf(target) })),
    () => null,
  )

async function associate(
  client: Client,
  { name, target }: Effect<'associate_securityhub_policy'>,
  again: boolean,
): Promise<Begun> {
  const policyId = await idOf(client, name)
  if (policyId === null) throw notFound('configuration policy', name)
  const operation = { target, policyId }
  const there = again ? await associationOf(client, target) : null
  if (there?.AssociationType === 'APPLIED' && there.ConfigurationPolicyId === policyId) {
    if (there.AssociationStatus === 'SUCCESS') return { done: true, result: { policyId } }
    if (there.AssociationStatus === 'PENDING') return { done: false, operation }
  }
  await client.send(
    new StartConfigurationPolicyAssociationCommand({
      ConfigurationPolicyIdentifier: policyId,
      Target: targetOf(target),
    }),
  )
  return { done: false, operation }
}

async function disassociate(
  client: Client,
  { name, target }: Effect<'disassociate_securityhub_policy'>,
): Promise<Begun> {
  const policyId = await idOf(client, name)
  if (policyId !== null)
    await unless(
      ['ResourceNotFoundException'],
      async () => {
        await client.send(
          new StartConfigurationPolicyDisassociationCommand({
            ConfigurationPolicyIdentifier: policyId,
            Target: targetOf(target),
          }),
        )
      },
      () => undefined,
    )
  return { done: true, result: {} }
}

async function look(client: Client, { target, policyId }: Operation): Promise<OperationState> {
  const there = await associationOf(client, String(target))
  if (there?.AssociationType !== 'APPLIED' || there.ConfigurationPolicyId !== policyId)
    return {
      state: 'failed',
      code: 'ASSOCIATION_REPLACED',
      message: `Another policy was applied to \`${String(target)}\` meanwhile, or none.`,
    }
  if (there.AssociationStatus === 'SUCCESS')
    return { state: 'succeeded', result: { policyId: String(policyId) } }
  if (there.AssociationStatus !== 'FAILED') return { state: 'running' }
  return {
    state: 'failed',
    code: 'ASSOCIATION_FAILED',
    message: there.AssociationStatusMessage ?? 'Security Hub says that it failed, not why.',
  }
}
