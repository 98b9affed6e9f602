import {
  AttachPolicyCommand,
  CloseAccountCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  ListPoliciesCommand,
  MoveAccountCommand,
  type OrganizationsClient,
  TagResourceCommand,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations'
import { conflict, RankanError } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { OuRef } from '../../ports/estate.ts'
import { unless } from '../errors.ts'
import { find, paged } from '../pages.ts'
import type { OrganizationReader } from './read.ts'

/**
 * AWS wants the source parent of a move, so a stale read of it is refused and looked at again.
 * @returns false when the account was there already.
 */
export async function moveAccount(
  client: OrganizationsClient,
  read: OrganizationReader,
  accountId: string,
  destination: string,
): Promise<boolean> {
  const source = await read.parentOf(accountId)
  if (source === destination) return false
  return unless(
    ['DuplicateAccountException', 'SourceParentNotFoundException', 'AccountNotFoundException'],
    async () => {
      await client.send(
        new MoveAccountCommand({
          AccountId: accountId,
          SourceParentId: source,
          DestinationParentId: destination,
        }),
      )
      return true
    },
    async () => {
      if ((await read.parentOf(accountId)) === destination) return true
      throw conflict(
        'account_moved_meanwhile',
        `Account \`${accountId}\` was moved by someone else at the same time.`,
      )
    },
  )
}

export async function findChildOu(
  read: OrganizationReader,
  parentId: string,
  name: string,
): Promise<OuRef | null> {
  const found = await find(read.childOus(parentId), (ou) => ou.name === name)
  return found === null ? null : { id: found.id, name }
}

export async function findOrCreateOu(
  client: OrganizationsClient,
  read: OrganizationReader,
  parentId: string,
  name: string,
): Promise<OuRef> {
  const existing = () => findChildOu(read, parentId, name)
  const found = await existing()
  if (found) return found
  return unless(
    ['DuplicateOrganizationalUnitException'],
    async () => {
      const { OrganizationalUnit: ou } = await client.send(
        new CreateOrganizationalUnitCommand({ ParentId: parentId, Name: name }),
      )
      return { id: ou?.Id ?? '', name }
    },
    async () => {
      const made = await existing()
      if (made) return made
      throw conflict('ou_not_visible_yet', `The OU \`${name}\` was just made and AWS does not list it yet.`)
    },
  )
}

export async function tagResource(
  client: OrganizationsClient,
  resourceId: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  if (list.length > 0) await client.send(new TagResourceCommand({ ResourceId: resourceId, Tags: list }))
}

export async function attachPolicy(
  client: OrganizationsClient,
  policyId: string,
  targetId: string,
): Promise<void> {
  await unless(
    ['DuplicatePolicyAttachmentException'],
    async () => {
      await client.send(new AttachPolicyCommand({ PolicyId: policyId, TargetId: targetId }))
    },
    () => undefined,
  )
}

export async function detachPolicy(
  client: OrganizationsClient,
  policyId: string,
  targetId: string,
): Promise<void> {
  await unless(
    ['PolicyNotAttachedException'],
    async () => {
      await client.send(new DetachPolicyCommand({ PolicyId: policyId, TargetId: targetId }))
    },
    () => undefined,
  )
}

export interface PolicyOrder {
  readonly name: string
  readonly description: string
  readonly content: string
}

/** The service control policy of that name with that content; one that says something else is corrected. */
export async function ensurePolicy(client: OrganizationsClient, policy: PolicyOrder): Promise<string> {
  const found = await findPolicy(client, policy.name)
  if (found === null) return createPolicy(client, policy)
  const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: found }))
  if (!sameDocument(Policy?.Content, policy.content)) {
    await client.send(
      new UpdatePolicyCommand({ PolicyId: found, Description: policy.description, Content: policy.content }),
    )
  }
  return found
}

async function createPolicy(client: OrganizationsClient, policy: PolicyOrder): Promise<string> {
  return unless(
    ['DuplicatePolicyException'],
    async () => {
      const { Policy } = await client.send(
        new CreatePolicyCommand({
          Name: policy.name,
          Description: policy.description,
          Content: policy.content,
          Type: 'SERVICE_CONTROL_POLICY',
        }),
      )
      return Policy?.PolicySummary?.Id ?? ''
    },
    async () => {
      const made = await findPolicy(client, policy.name)
      if (made) return made
      throw conflict(
        'policy_not_visible_yet',
        `The policy \`${policy.name}\` was just made and AWS does not list it yet.`,
      )
    },
  )
}

async function findPolicy(client: OrganizationsClient, name: string): Promise<string | null> {
  const all = paged(async (token) => {
    const page = await client.send(
      new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY', NextToken: token }),
    )
    return { items: page.Policies, next: page.NextToken }
  })
  return (await find(all, (p) => p.Name === name))?.Id ?? null
}

export function sameDocument(a: string | undefined, b: string): boolean {
  if (a === undefined) return false
  try {
    return canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b))
  } catch {
    return a === b
  }
}

/** Closing an account that AWS has closed or is closing is done. */
export async function closeAccount(
  client: OrganizationsClient,
  read: OrganizationReader,
  accountId: string,
): Promise<void> {
  try {
    await client.send(new CloseAccountCommand({ AccountId: accountId }))
  } catch (error) {
    if (!(error instanceof RankanError) || error.kind === 'throttled' || error.kind === 'unavailable')
      throw error
    const account = await read.account(accountId)
    if (account === null || account.state === 'ACTIVE' || account.state === 'PENDING_ACTIVATION') throw error
  }
}
