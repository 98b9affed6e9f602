/** An independent look at the tables of Organizations: what must hold after any calls, in words when it does not. */
import type { World } from '../../core/contract.ts'
import * as state from './state.ts'

export function fsck(world: World): string[] {
  return [...accountFaults(world), ...ouFaults(world), ...attachmentFaults(world), ...delegationFaults(world)]
}

function* accountFaults(world: World): Iterable<string> {
  const emails = new Map<string, string>()
  for (const a of state.accounts(world).values()) {
    const email = a.email.toLowerCase()
    if (emails.has(email)) yield `accounts ${emails.get(email)} and ${a.id} share the e-mail ${email}`
    emails.set(email, a.id)
    if (state.emails(world).get(email) !== a.id) yield `the e-mail ${email} does not lead to ${a.id}`
    if ((a.organizationId === null) !== (a.parentId === null)) yield `${a.id} is half in an organisation`
    if (a.parentId !== null && !holds(world, a.organizationId, a.parentId))
      yield `${a.id} hangs at ${a.parentId}, which is not there`
  }
  for (const o of state.organizations(world).values())
    if (state.accounts(world).get(o.managementAccountId)?.organizationId !== o.id)
      yield `${o.id} has lost its management account`
  for (const r of state.createRequests(world).values())
    if ((r.state === 'SUCCEEDED') !== (r.accountId !== undefined))
      yield `${r.id} is ${r.state} with account ${r.accountId}`
}

function holds(world: World, organizationId: string | null, parentId: string): boolean {
  const organization = organizationId === null ? undefined : state.organizations(world).get(organizationId)
  return organization !== undefined && state.isParent(world, organization, parentId)
}

function* ouFaults(world: World): Iterable<string> {
  const names = new Set<string>()
  for (const ou of state.ous(world).values()) {
    if (!holds(world, ou.organizationId, ou.parentId))
      yield `${ou.id} hangs at ${ou.parentId}, which is not there`
    const name = `${ou.parentId}/${ou.name}`
    if (names.has(name)) yield `two OUs are called ${name}`
    names.add(name)
    const organization = state.organizations(world).get(ou.organizationId)
    const depth = organization ? state.lineage(world, organization, ou.id).length - 1 : 0
    if (depth > world.limit('organizations.ou_depth')) yield `${ou.id} is ${depth} deep`
  }
}

function* attachmentFaults(world: World): Iterable<string> {
  for (const [target, ids] of state.attachments(world).entries()) {
    const kinds = ids.map((id) => state.policies(world).get(id)?.type)
    if (kinds.includes(undefined)) yield `${target} has a policy that is not there`
    if (new Set(ids).size !== ids.length) yield `${target} has a policy twice`
  }
  for (const o of state.organizations(world).values()) {
    if (o.policyTypes.SERVICE_CONTROL_POLICY !== 'ENABLED') continue
    const nodes = [...state.ous(world).values(), ...state.accounts(world).values()].filter(
      (n) => n.organizationId === o.id,
    )
    for (const id of [o.rootId, ...nodes.map((n) => n.id)])
      if (
        !state
          .attachments(world)
          .get(id)
          ?.some((p) => state.policies(world).get(p)?.type === 'SERVICE_CONTROL_POLICY')
      )
        yield `${id} has no service control policy`
  }
}

function* delegationFaults(world: World): Iterable<string> {
  for (const d of state.delegations(world).values()) {
    const account = state.accounts(world).get(d.accountId)
    if (account?.organizationId !== d.organizationId)
      yield `${d.accountId} administers an organisation that it is not in`
    if (!(d.servicePrincipal in (state.organizations(world).get(d.organizationId)?.serviceAccess ?? {})))
      yield `${d.accountId} administers ${d.servicePrincipal}, which has no access`
  }
}
