/** The tree: roots, organizational units, parents, children. */
import { AwsError, type Call, type World } from '../../core/contract.ts'
import { constraint, notFound, ouNotFound, parentNotFound } from './errors.ts'
import { type PageInput, type Pages, page } from './paging.ts'
import { attachDefaults } from './policy-defaults.ts'
import * as state from './state.ts'
import { asTagMap, type TagInput } from './tags.ts'

const view = (world: World, organization: state.Organization, ou: state.Ou) => ({
  Id: ou.id,
  Arn: state.arnOf(organization, 'ou', ou.id),
  Name: ou.name,
  Path: `${organization.id}/${state.lineage(world, organization, ou.id).join('/')}/`,
})

const policyTypes = (organization: state.Organization) =>
  Object.entries(organization.policyTypes).map(([Type, Status]) => ({ Type, Status }))

export function listRoots(call: Call<PageInput>) {
  const organization = state.readable(call)
  const Root = {
    Id: organization.rootId,
    Arn: state.arnOf(organization, 'root', organization.rootId),
    Name: 'Root',
    PolicyTypes: policyTypes(organization),
  }
  return { Roots: [Root] }
}

export function createOrganizationalUnit(
  call: Call<{ ParentId: string; Name: string; Tags?: readonly TagInput[] }>,
) {
  const { world, input } = call
  const organization = state.managed(call)
  if (!state.isParent(world, organization, input.ParentId)) throw parentNotFound()
  checkName(world, organization, input.ParentId, input.Name)
  // The root is level 0: an OU directly under it has depth 1.
  if (state.lineage(world, organization, input.ParentId).length > world.limit('organizations.ou_depth'))
    throw constraint(
      'OU_DEPTH_LIMIT_EXCEEDED',
      'You have exceeded the number of levels of organizational units.',
    )
  if (countOf(world, organization) >= world.limit('organizations.ous'))
    throw constraint(
      'OU_NUMBER_LIMIT_EXCEEDED',
      'You have exceeded the number of organizational units that you can have in an organization.',
    )
  const ou = addOu(world, organization, input.ParentId, input.Name)
  if (input.Tags) state.tags(world).put(ou.id, asTagMap(world, input.Tags))
  return { OrganizationalUnit: view(world, organization, ou) }
}

export function addOu(
  world: World,
  organization: state.Organization,
  parentId: string,
  name: string,
): state.Ou {
  const ou = {
    id: `ou-${organization.rootId.slice(2)}-${world.id(8)}`,
    organizationId: organization.id,
    name,
    parentId,
  }
  state.ous(world).put(ou.id, ou)
  attachDefaults(world, organization, ou.id)
  return ou
}

function checkName(
  world: World,
  organization: state.Organization,
  parentId: string,
  name: string,
  self?: string,
) {
  for (const ou of state.ous(world).values())
    if (
      ou.organizationId === organization.id &&
      ou.parentId === parentId &&
      ou.name === name &&
      ou.id !== self
    )
      throw new AwsError(
        'DuplicateOrganizationalUnitException',
        'An OU with the same name exists under that parent.',
      )
}

function countOf(world: World, organization: state.Organization): number {
  let n = 0
  for (const ou of state.ous(world).values()) if (ou.organizationId === organization.id) n++
  return n
}

function ouOf(world: World, organization: state.Organization, id: string): state.Ou {
  const ou = state.ous(world).get(id)
  if (ou?.organizationId !== organization.id) throw ouNotFound()
  return ou
}

export function describeOrganizationalUnit(call: Call<{ OrganizationalUnitId: string }>) {
  const organization = state.readable(call)
  const ou = ouOf(call.world, organization, call.input.OrganizationalUnitId)
  return { OrganizationalUnit: view(call.world, organization, ou) }
}

export function updateOrganizationalUnit(call: Call<{ OrganizationalUnitId: string; Name?: string }>) {
  const { world, input } = call
  const organization = state.managed(call)
  const ou = ouOf(world, organization, input.OrganizationalUnitId)
  const renamed = { ...ou, name: input.Name ?? ou.name }
  checkName(world, organization, ou.parentId, renamed.name, ou.id)
  state.ous(world).put(ou.id, renamed)
  return { OrganizationalUnit: view(world, organization, renamed) }
}

export function deleteOrganizationalUnit(call: Call<{ OrganizationalUnitId: string }>): void {
  const { world, input } = call
  const ou = ouOf(world, state.managed(call), input.OrganizationalUnitId)
  for (const node of [...state.ous(world).values(), ...state.accounts(world).values()])
    if (node.parentId === ou.id)
      throw new AwsError('OrganizationalUnitNotEmptyException', 'The OU that you specified is not empty.')
  state.ous(world).delete(ou.id)
  state.attachments(world).delete(ou.id)
  state.tags(world).delete(ou.id)
}

export function listOrganizationalUnitsForParent(call: Call<PageInput & { ParentId: string }>) {
  const { world, input } = call
  const organization = state.readable(call)
  if (!state.isParent(world, organization, input.ParentId)) throw parentNotFound()
  const found = page(
    state.ous(world),
    (ou) => ou.organizationId === organization.id && ou.parentId === input.ParentId,
    input,
  )
  return {
    OrganizationalUnits: found.items.map((ou) => view(world, organization, ou)),
    NextToken: found.next,
  }
}

export function listParents(call: Call<PageInput & { ChildId: string }>) {
  const { world, input } = call
  const organization = state.readable(call)
  const child = state.accounts(world).get(input.ChildId) ?? state.ous(world).get(input.ChildId)
  if (child?.organizationId !== organization.id || child.parentId === null)
    throw notFound('ChildNotFoundException', 'a child')
  const Type = state.isRoot(organization, child.parentId) ? 'ROOT' : 'ORGANIZATIONAL_UNIT'
  return { Parents: [{ Id: child.parentId, Type }] }
}

export function listChildren(
  call: Call<PageInput & { ParentId: string; ChildType: 'ACCOUNT' | 'ORGANIZATIONAL_UNIT' }>,
) {
  const { world, input } = call
  const organization = state.readable(call)
  if (!state.isParent(world, organization, input.ParentId)) throw parentNotFound()
  const rows: Pages<state.Account | state.Ou> =
    input.ChildType === 'ACCOUNT' ? state.accounts(world) : state.ous(world)
  const found = page(
    rows,
    (n) => n.organizationId === organization.id && n.parentId === input.ParentId,
    input,
  )
  return { Children: found.items.map(({ id }) => ({ Id: id, Type: input.ChildType })), NextToken: found.next }
}
