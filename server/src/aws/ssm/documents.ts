import {
  CreateDocumentCommand,
  DeleteDocumentCommand,
  DescribeDocumentPermissionCommand,
  GetDocumentCommand,
  ListDocumentsCommand,
  ModifyDocumentPermissionCommand,
  type SSMClient,
  UpdateDocumentCommand,
  UpdateDocumentDefaultVersionCommand,
} from '@aws-sdk/client-ssm'
import type { DocumentEffect } from '../../domain/controls/effects.ts'
import { type DocumentSight, REPAIR_SETS, type SeenDocument } from '../../domain/controls/world.ts'
import { bug } from '../../kernel/errors.ts'
import type { Begun, ControlPort } from '../../ports/controls.ts'
import {
  beginStackSet,
  lookAtStackSet,
  readable,
  type StackSetOrder,
  stackSetsNamed,
} from '../cloudformation/stack-sets.ts'
import type { Connection } from '../connection.ts'
import { unless } from '../errors.ts'
import type { OrganizationReader } from '../organizations/read.ts'
import { sameDocument } from '../organizations/write.ts'
import { paged } from '../pages.ts'

/** AWS's quotas: accounts that one document is shared with (general reference, Systems Manager, read 2026-11), and of one call. */
const MOST_SHARED = 1_000
const SHARED_AT_ONCE = 20

/**
 * Automation documents in the home Region: in the accounts by stack sets, or in the management account and shared. A
 * stack set reaches every account, also later ones; a document is shared with 1,000 at most.
 */
export function documentControls(
  { ssm, cloudFormation }: Pick<Connection, 'ssm' | 'cloudFormation'>,
  organization: OrganizationReader,
  region: string,
): ControlPort<DocumentSight, DocumentEffect> {
  return {
    read: async () => ({
      documents: await ownDocuments(ssm),
      stackSets: await readable(() => stackSetsNamed(cloudFormation, REPAIR_SETS)),
    }),
    begin(effect, again = true) {
      if (effect.do === 'put_document') return put(ssm, organization, effect)
      if (effect.do === 'delete_document') return remove(ssm, effect.name)
      return beginStackSet(cloudFormation, orderOf(effect), region, again)
    },
    look: (operation) => lookAtStackSet(cloudFormation, operation),
  }
}

function orderOf(effect: Exclude<DocumentEffect, { do: 'put_document' | 'delete_document' }>): StackSetOrder {
  switch (effect.do) {
    case 'put_repairs': {
      const { name, template } = effect
      return { do: 'put', name, template, description: 'Rankan: SSM documents', capabilities: [] }
    }
    case 'deploy_repairs':
      return { ...effect, do: 'deploy' }
    case 'withdraw_repairs':
      return { ...effect, do: 'withdraw' }
    case 'delete_repairs':
      return { ...effect, do: 'delete' }
  }
}

async function ownDocuments(client: SSMClient): Promise<readonly SeenDocument[]> {
  const found: SeenDocument[] = []
  const all = paged(async (NextToken) => {
    const page = await client.send(
      new ListDocumentsCommand({
        Filters: [
          { Key: 'Owner', Values: ['Self'] },
          { Key: 'DocumentType', Values: ['Automation'] },
        ],
        MaxResults: 50,
        NextToken,
      }),
    )
    return { items: page.DocumentIdentifiers, next: page.NextToken }
  })
  for await (const { Name = '', DocumentType = '' } of all)
    found.push({ name: Name, type: DocumentType, content: (await contentOf(client, Name)) ?? '' })
  return found
}

/** Of the default version; null when there is no such document. */
const contentOf = (client: SSMClient, Name: string): Promise<string | null> =>
  unless<string | null>(
    ['InvalidDocument'],
    async () => (await client.send(new GetDocumentCommand({ Name }))).Content ?? '',
    () => null,
  )

type Put = Extract<DocumentEffect, { do: 'put_document' }>

async function put(client: SSMClient, organization: OrganizationReader, order: Put): Promise<Begun> {
  const there = await contentOf(client, order.name)
  if (there === null) await create(client, order)
  else if (!sameDocument(there, order.content)) await update(client, order)
  return { done: true, result: { document: order.name, ...(await share(client, organization, order.name)) } }
}

const create = (client: SSMClient, order: Put) =>
  unless(
    ['DocumentAlreadyExists'],
    async () => {
      await client.send(
        new CreateDocumentCommand({
          Name: order.name,
          Content: order.content,
          DocumentType: order.type,
          DocumentFormat: 'JSON',
        }),
      )
    },
    () => update(client, order),
  )

/** A new version counts only when it is the default one; an attempt before may have died between the two. */
async function update(client: SSMClient, { name, content }: Put): Promise<void> {
  const version = await unless(
    ['DuplicateDocumentContent'],
    async () => {
      const answer = await client.send(
        new UpdateDocumentCommand({
          Name: name,
          Content: content,
          DocumentVersion: '$LATEST',
          DocumentFormat: 'JSON',
        }),
      )
      return answer.DocumentDescription?.DocumentVersion
    },
    async () =>
      (await client.send(new GetDocumentCommand({ Name: name, DocumentVersion: '$LATEST' }))).DocumentVersion,
  )
  if (version === undefined) throw bug(`Systems Manager gave the document \`${name}\` no version.`)
  await client.send(new UpdateDocumentDefaultVersionCommand({ Name: name, DocumentVersion: version }))
}

/** Shares with every open account of the organisation; with more than AWS allows, with none. */
async function share(
  client: SSMClient,
  organization: OrganizationReader,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const { managementAccountId } = await organization.describe()
  const wanted: string[] = []
  for await (const { accountId, state } of organization.accounts())
    if (state === 'ACTIVE' && accountId !== managementAccountId) wanted.push(accountId)
  if (wanted.length > MOST_SHARED) return { sharedWith: '0', notShared: String(wanted.length) }
  const have = new Set(await sharedWith(client, name))
  const missing = wanted.filter((id) => !have.has(id))
  for (let i = 0; i < missing.length; i += SHARED_AT_ONCE)
    await permit(client, name, { AccountIdsToAdd: missing.slice(i, i + SHARED_AT_ONCE) })
  return { sharedWith: String(wanted.length) }
}

const permit = (
  client: SSMClient,
  Name: string,
  change: { AccountIdsToAdd?: string[]; AccountIdsToRemove?: string[] },
) => client.send(new ModifyDocumentPermissionCommand({ Name, PermissionType: 'Share', ...change }))

async function sharedWith(client: SSMClient, Name: string): Promise<readonly string[]> {
  const ids: string[] = []
  const all = paged(async (NextToken) => {
    const page = await client.send(
      new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share', NextToken }),
    )
    return { items: page.AccountIds, next: page.NextToken }
  })
  for await (const id of all) ids.push(id)
  return ids
}

/** AWS deletes nothing that is still shared. */
async function remove(client: SSMClient, name: string): Promise<Begun> {
  await unless(
    ['InvalidDocument'],
    async () => {
      const shared = await sharedWith(client, name)
      for (let i = 0; i < shared.length; i += SHARED_AT_ONCE)
        await permit(client, name, { AccountIdsToRemove: shared.slice(i, i + SHARED_AT_ONCE) })
      await client.send(new DeleteDocumentCommand({ Name: name }))
    },
    () => undefined,
  )
  return { done: true, result: {} }
}
