import {
  CreatePolicyCommand,
  DeletePolicyCommand,
  DescribePolicyCommand,
  EnablePolicyTypeCommand,
  ListPoliciesCommand,
  type OrganizationsClient,
  type PolicyType,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations'
import type { PolicyEffect } from '../../domain/controls/effects.ts'
import type { PolicySight, SeenPolicy } from '../../domain/controls/world.ts'
import type { GuardrailKind } from '../../domain/policies/kinds.ts'
import { bug, conflict, notFound } from '../../kernel/errors.ts'
import { ORGANIZATION_KINDS } from '../../policy/guardrails.ts'
import type { Begun, ControlPort } from '../../ports/controls.ts'
import { unless } from '../errors.ts'
import { find, paged } from '../pages.ts'
import { policies, policyKinds, policyTargets } from './policies.ts'
import type { OrganizationReader } from './read.ts'
import { attachPolicy, detachPolicy, sameDocument } from './write.ts'

/** AWS attaches it to every place and nobody can take it away: asking where would be a call for each twenty accounts. */
const EVERYWHERE = 'p-RCPFullAWSAccess'

/** Policies of AWS Organizations, of every kind: they work with and without a landing zone, and each call is done when it returns. */
export function policyControls(
  client: OrganizationsClient,
  organization: OrganizationReader,
): ControlPort<PolicySight, PolicyEffect> {
  return {
    read: () => readPolicies(client),
    async begin(effect) {
      return { done: true, result: await doEffect(client, organization, effect) }
    },
    look: () => Promise.reject(bug('Organizations has no operations that go on.')),
  }
}

async function readPolicies(client: OrganizationsClient): Promise<PolicySight> {
  const kinds = await policyKinds(client)
  const found: SeenPolicy[] = []
  for (const kind of kinds)
    for await (const policy of policies(client, kind)) {
      const targets: string[] = []
      if (policy.id !== EVERYWHERE)
        for await (const { id } of policyTargets(client, policy.id)) targets.push(id)
      found.push({ ...policy, targets: targets.sort() })
    }
  return { kinds, policies: found }
}

type Result = Extract<Begun, { done: true }>['result']

async function doEffect(
  client: OrganizationsClient,
  organization: OrganizationReader,
  effect: PolicyEffect,
): Promise<Result> {
  if (effect.do === 'enable_policy_type') return enableType(client, organization, effect.kind)
  if (effect.do === 'put_policy') return { policyId: await putPolicy(client, effect) }
  const id = await idOf(client, effect.kind, effect.name)
  if (effect.do === 'delete_policy') return removePolicy(client, id)
  if (effect.do === 'attach_policy') {
    if (id === null) throw notFound('policy', effect.name)
    await attachPolicy(client, id, effect.target)
  } else if (id !== null) await detachPolicy(client, id, effect.target)
  return id === null ? {} : { policyId: id }
}

async function enableType(
  client: OrganizationsClient,
  organization: OrganizationReader,
  kind: GuardrailKind,
): Promise<Result> {
  const { rootId } = await organization.describe()
  await unless(
    ['PolicyTypeAlreadyEnabledException'],
    async () => {
      await client.send(new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: typeOf(kind) }))
    },
    () => undefined,
  )
  return { rootId }
}

async function removePolicy(client: OrganizationsClient, id: string | null): Promise<Result> {
  if (id === null) return {}
  await unless(
    ['PolicyNotFoundException'],
    async () => {
      await client.send(new DeletePolicyCommand({ PolicyId: id }))
    },
    () => undefined,
  )
  return { policyId: id }
}

type PutPolicy = Extract<PolicyEffect, { do: 'put_policy' }>

async function putPolicy(client: OrganizationsClient, order: PutPolicy): Promise<string> {
  const found = await idOf(client, order.kind, order.name)
  if (found !== null) return correct(client, found, order)
  return unless(
    ['DuplicatePolicyException'],
    async () => {
      const { Policy } = await client.send(
        new CreatePolicyCommand({
          Name: order.name,
          Description: order.description,
          Content: order.content,
          Type: typeOf(order.kind),
        }),
      )
      return Policy?.PolicySummary?.Id ?? ''
    },
    async () => {
      const made = await idOf(client, order.kind, order.name)
      if (made !== null) return correct(client, made, order)
      throw conflict(
        'policy_not_visible_yet',
        `The policy \`${order.name}\` was just made and AWS does not list it yet.`,
      )
    },
  )
}

async function correct(client: OrganizationsClient, id: string, order: PutPolicy): Promise<string> {
  const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: id }))
  const same =
    sameDocument(Policy?.Content, order.content) && Policy?.PolicySummary?.Description === order.description
  if (!same)
    await client.send(
      new UpdatePolicyCommand({ PolicyId: id, Description: order.description, Content: order.content }),
    )
  return id
}

async function idOf(client: OrganizationsClient, kind: GuardrailKind, name: string): Promise<string | null> {
  const all = paged(async (token) => {
    const page = await client.send(new ListPoliciesCommand({ Filter: typeOf(kind), NextToken: token }))
    return { items: page.Policies, next: page.NextToken }
  })
  return (await find(all, (one) => one.Name === name))?.Id ?? null
}

function typeOf(kind: GuardrailKind): PolicyType {
  const found = ORGANIZATION_KINDS.find((one) => one.kind === kind)
  if (found === undefined) throw bug(`AWS Organizations has no policies of the kind \`${kind}\`.`)
  return found.awsType as PolicyType
}
