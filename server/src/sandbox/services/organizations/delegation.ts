import { AwsError, type Call, type World } from '../../core/contract.ts'
import { view as accountView } from './accounts.ts'
import { constraint } from './errors.ts'
import { listOf, type PageInput, page } from './paging.ts'
import * as state from './state.ts'

interface Registration {
  readonly AccountId: string
  readonly ServicePrincipal: string
}

const keyOf = ({ AccountId, ServicePrincipal }: Registration) => `${AccountId}|${ServicePrincipal}`

export function registerDelegatedAdministrator(call: Call<Registration>): void {
  const { world, input } = call
  const organization = state.managed(call)
  const account = state.memberOf(world, organization, input.AccountId)
  if (account.id === organization.managementAccountId)
    throw constraint(
      'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
      'You cannot register the management account as a delegated administrator.',
    )
  if (account.state !== 'ACTIVE')
    throw constraint(
      'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
      'You cannot register a suspended account as a delegated administrator.',
    )
  if (!(input.ServicePrincipal in organization.serviceAccess))
    throw constraint('SERVICE_ACCESS_NOT_ENABLED', 'Enable service access for this service first.')
  if (state.delegations(world).has(keyOf(input)))
    throw new AwsError(
      'AccountAlreadyRegisteredException',
      'The specified account is already a delegated administrator for this AWS service.',
    )
  if (
    adminsOf(world, organization, input.ServicePrincipal) >=
    world.limit('organizations.delegated_admins_per_service')
  )
    throw constraint(
      'MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED',
      'You have exceeded the number of delegated administrators for this service.',
    )
  state.delegations(world).put(keyOf(input), {
    organizationId: organization.id,
    accountId: account.id,
    servicePrincipal: input.ServicePrincipal,
    at: world.now(),
  })
}

function adminsOf(world: World, organization: state.Organization, principal: string): number {
  let n = 0
  for (const d of state.delegations(world).values())
    if (d.organizationId === organization.id && d.servicePrincipal === principal) n++
  return n
}

export function deregisterDelegatedAdministrator(call: Call<Registration>): void {
  const organization = state.managed(call)
  state.memberOf(call.world, organization, call.input.AccountId)
  if (!state.delegations(call.world).delete(keyOf(call.input)))
    throw new AwsError(
      'AccountNotRegisteredException',
      'The specified account is not a delegated administrator for this AWS service.',
    )
}

export function listDelegatedAdministrators(call: Call<PageInput & { ServicePrincipal?: string }>) {
  const { world, input } = call
  const organization = state.readable(call)
  const first = new Map<string, number>()
  for (const d of state.delegations(world).values()) {
    const fits =
      d.organizationId === organization.id &&
      (input.ServicePrincipal ?? d.servicePrincipal) === d.servicePrincipal
    if (fits) first.set(d.accountId, Math.min(d.at, first.get(d.accountId) ?? d.at))
  }
  const rows = [...first].map(([id, at]): [string, { id: string; at: number }] => [id, { id, at }])
  const found = page(listOf(rows), () => true, input)
  const DelegatedAdministrators = found.items.map(({ id, at }) => ({
    ...accountView(world, organization, state.memberOf(world, organization, id)),
    DelegationEnabledDate: at,
  }))
  return { DelegatedAdministrators, NextToken: found.next }
}

export function listDelegatedServicesForAccount(call: Call<PageInput & { AccountId: string }>) {
  const { world, input } = call
  const organization = state.readable(call)
  state.memberOf(world, organization, input.AccountId)
  const found = page(state.delegations(world), (d) => d.accountId === input.AccountId, input)
  if (found.items.length === 0 && input.NextToken === undefined)
    throw new AwsError(
      'AccountNotRegisteredException',
      'The specified account is not a delegated administrator for this AWS service.',
    )
  return {
    DelegatedServices: found.items.map((d) => ({
      ServicePrincipal: d.servicePrincipal,
      DelegationEnabledDate: d.at,
    })),
    NextToken: found.next,
  }
}
