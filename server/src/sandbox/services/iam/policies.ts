import type { Call, Handler, World } from '../../core/contract.ts'
import { AWS_MANAGED } from '../../core/managed-policies.ts'
import { groups, type ManagedPolicy, managedPolicies, roles, users } from '../../core/principals.ts'
import * as c from './common.ts'
import { checkDocument } from './documents.ts'

// IAM quotas: characters of a managed policy without white space, versions kept.
const POLICY_CHARACTERS = 6_144
const VERSIONS = 5

const attachmentsOf = (world: World, arn: string) =>
  [...roles(world).values(), ...users(world).values(), ...groups(world).values()].filter((h) =>
    h.attached.includes(arn),
  ).length

const view = (world: World, p: ManagedPolicy) => ({
  PolicyName: p.name,
  PolicyId: p.id,
  Arn: p.arn,
  Path: p.path,
  DefaultVersionId: p.defaultVersion,
  AttachmentCount: attachmentsOf(world, p.arn),
  PermissionsBoundaryUsageCount: 0,
  IsAttachable: true,
  Description: p.description,
  CreateDate: p.createdAt,
  UpdateDate: p.updatedAt,
  Tags: c.tagList(p.tags),
})

/** AWS's own policies as if they were rows. */
const awsManaged = (arn: string, document: string): ManagedPolicy => ({
  accountId: 'aws',
  name: arn.slice(arn.lastIndexOf('/') + 1),
  path: arn.slice('arn:aws:iam::aws:policy'.length, arn.lastIndexOf('/') + 1),
  id: `ANPA${Buffer.from(arn).toString('hex').toUpperCase().slice(-17)}`,
  arn,
  createdAt: Date.UTC(2015, 1, 6),
  updatedAt: Date.UTC(2015, 1, 6),
  versions: [{ id: 'v1', document, createdAt: Date.UTC(2015, 1, 6) }],
  defaultVersion: 'v1',
  tags: {},
})

function policyOf(world: World, arn: string): ManagedPolicy {
  const document = AWS_MANAGED[arn]
  const policy =
    managedPolicies(world).get(arn) ?? (document === undefined ? undefined : awsManaged(arn, document))
  if (!policy) throw c.noSuchEntity(`Policy ${arn} was not found.`)
  return policy
}

function checkSize(document: string): void {
  if (document.replace(/\s/g, '').length > POLICY_CHARACTERS)
    throw c.limitExceeded(`Cannot exceed quota for PolicySize: ${POLICY_CHARACTERS}`)
}

function createPolicy(
  call: Call<{
    PolicyName: string
    Path?: string
    PolicyDocument: string
    Description?: string
    Tags?: readonly c.IamTag[]
  }>,
) {
  const { world, caller, input } = call
  checkDocument(input.PolicyDocument, 'identity')
  checkSize(input.PolicyDocument)
  const path = input.Path ?? '/'
  const arn = `arn:aws:iam::${caller.accountId}:policy${path}${input.PolicyName}`
  if (managedPolicies(world).has(arn))
    throw c.exists(`A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`)
  const policy: ManagedPolicy = {
    accountId: caller.accountId,
    name: input.PolicyName,
    path,
    id: c.iamId(world, 'ANPA'),
    arn,
    createdAt: world.now(),
    updatedAt: world.now(),
    versions: [{ id: 'v1', document: input.PolicyDocument, createdAt: world.now() }],
    defaultVersion: 'v1',
    tags: c.tagMap(input.Tags),
    ...(input.Description === undefined ? {} : { description: input.Description }),
  }
  managedPolicies(world).put(arn, policy)
  return { Policy: view(world, policy) }
}

type Named = Call<{ PolicyArn: string }>

const getPolicy = ({ world, input }: Named) => ({ Policy: view(world, policyOf(world, input.PolicyArn)) })

function deletePolicy({ world, input }: Named): void {
  const policy = policyOf(world, input.PolicyArn)
  if (attachmentsOf(world, policy.arn) > 0)
    throw c.deleteConflict('Cannot delete a policy attached to entities.')
  if (policy.versions.length > 1)
    throw c.deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
    )
  managedPolicies(world).delete(policy.arn)
}

const versionView = (policy: ManagedPolicy, v: ManagedPolicy['versions'][number], full: boolean) => ({
  VersionId: v.id,
  IsDefaultVersion: v.id === policy.defaultVersion,
  CreateDate: v.createdAt,
  Document: full ? c.encoded(v.document) : undefined,
})

function versionOf(policy: ManagedPolicy, id: string) {
  const found = policy.versions.find((v) => v.id === id)
  if (!found) throw c.noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`)
  return found
}

function createPolicyVersion(
  call: Call<{ PolicyArn: string; PolicyDocument: string; SetAsDefault?: boolean }>,
) {
  const { world, input } = call
  checkDocument(input.PolicyDocument, 'identity')
  checkSize(input.PolicyDocument)
  const policy = policyOf(world, input.PolicyArn)
  if (policy.versions.length >= VERSIONS)
    throw c.limitExceeded(
      `A managed policy can have up to ${VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
    )
  const next = Math.max(...policy.versions.map(({ id }) => Number(id.slice(1)))) + 1
  const version = { id: `v${next}`, document: input.PolicyDocument, createdAt: world.now() }
  const changed = {
    ...policy,
    updatedAt: world.now(),
    versions: [...policy.versions, version],
    defaultVersion: input.SetAsDefault ? version.id : policy.defaultVersion,
  }
  managedPolicies(world).put(policy.arn, changed)
  return { PolicyVersion: versionView(changed, version, false) }
}

const getPolicyVersion = ({ world, input }: Call<{ PolicyArn: string; VersionId: string }>) => {
  const policy = policyOf(world, input.PolicyArn)
  return { PolicyVersion: versionView(policy, versionOf(policy, input.VersionId), true) }
}

const listPolicyVersions = ({ world, input }: Named) => {
  const policy = policyOf(world, input.PolicyArn)
  return { Versions: policy.versions.map((v) => versionView(policy, v, false)), IsTruncated: false }
}

function setDefaultPolicyVersion({ world, input }: Call<{ PolicyArn: string; VersionId: string }>): void {
  const policy = policyOf(world, input.PolicyArn)
  managedPolicies(world).put(policy.arn, { ...policy, defaultVersion: versionOf(policy, input.VersionId).id })
}

function deletePolicyVersion({ world, input }: Call<{ PolicyArn: string; VersionId: string }>): void {
  const policy = policyOf(world, input.PolicyArn)
  const version = versionOf(policy, input.VersionId)
  if (version.id === policy.defaultVersion)
    throw c.deleteConflict('Cannot delete the default version of a policy.')
  managedPolicies(world).put(policy.arn, {
    ...policy,
    versions: policy.versions.filter((v) => v.id !== version.id),
  })
}

function listPolicies({ world, caller, input }: Call<c.PageIn & { Scope?: string; PathPrefix?: string }>) {
  const own = [...managedPolicies(world).values()].filter((p) => p.accountId === caller.accountId)
  const aws = Object.entries(AWS_MANAGED).map(([arn, document]) => awsManaged(arn, document))
  const all = input.Scope === 'Local' ? own : input.Scope === 'AWS' ? aws : [...own, ...aws]
  const { items, ...rest } = c.iamPage(
    all.filter((p) => p.path.startsWith(input.PathPrefix ?? '/')),
    input.Marker,
    input.MaxItems,
  )
  return { Policies: items.map((p) => view(world, p)), ...rest }
}

export const operations: Record<string, Handler> = {
  CreatePolicy: createPolicy,
  GetPolicy: getPolicy,
  DeletePolicy: deletePolicy,
  ListPolicies: listPolicies,
  CreatePolicyVersion: createPolicyVersion,
  GetPolicyVersion: getPolicyVersion,
  ListPolicyVersions: listPolicyVersions,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
}
