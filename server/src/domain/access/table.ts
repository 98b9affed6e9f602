import type { Role } from '../people/roles.ts'

/**
 * The one table of who may call what: every route names one of these actions. `tools/access` writes the Cedar policies
 * out of it (`policies/permits.cedar`); what nobody may do, whatever the table says, stands by hand in `policies/forbids.cedar`.
 */
export interface Access {
  readonly roles: readonly Role[]
  /** `change` is what the auditor never may. */
  readonly effect: 'read' | 'change'
}

const CENTRE = ['central_operator'] as const
const CENTRE_READ = ['central_operator', 'central_auditor'] as const
const TENANT_READ = [
  'organisation_owner',
  'project_office',
  'operator_company',
  'asp',
  'billing_reader',
] as const
const EVERYONE = [...CENTRE_READ, ...TENANT_READ] as const

const reads = (roles: readonly Role[]): Access => ({ roles, effect: 'read' })
const changes = (roles: readonly Role[]): Access => ({ roles, effect: 'change' })

export const ACCESS = {
  // organisations
  'organisation.read': reads(EVERYONE),
  'organisation.import': changes(CENTRE),
  'organisation.change': changes(CENTRE),
  'organisation.read_import': reads(CENTRE_READ),
  'organisation.people.read': reads(EVERYONE),
  'organisation.people.change': changes([...CENTRE, 'organisation_owner']),
  'organisation.system.change': changes([...CENTRE, 'organisation_owner', 'project_office']),
  'organisation.contract.change': changes([...CENTRE, 'organisation_owner']),
  'organisation.attention.read': reads([...CENTRE_READ, 'organisation_owner']),
  // applications
  'application.read': reads(EVERYONE),
  'application.apply': changes(['project_office', 'organisation_owner', 'asp']),
  'application.withdraw': changes(['project_office', 'organisation_owner', 'asp']),
  'application.comment': changes([...CENTRE, 'organisation_owner', 'project_office', 'asp']),
  'application.approve': changes([...CENTRE, 'organisation_owner']),
  // Also people who stand in for an absent owner; domain/applications/life.ts asks for the delegation.
  'application.decide': changes([...CENTRE, 'organisation_owner', 'project_office']),
  'application.delegate': changes([...CENTRE, 'organisation_owner']),
  'application.exception.renew': changes(CENTRE),
  'application.repair': changes(CENTRE),
  // estate
  'account.read': reads(EVERYONE),
  'queue.read': reads(CENTRE_READ),
  'quota.read': reads(CENTRE_READ),
  'quota.change': changes(CENTRE),
  'estate.read': reads(CENTRE_READ),
  'estate.change': changes(CENTRE),
  'drift.read': reads(CENTRE_READ),
  'drift.resolve': changes(CENTRE),
  // policies
  'guardrail.read': reads(CENTRE_READ),
  'account.policies.read': reads(EVERYONE),
  'denial.explain': reads(EVERYONE),
  'replay.read': reads(CENTRE_READ),
  'replay.start': changes(CENTRE),
  'replay.cancel': changes(CENTRE),
  // controls: a tenant must see what binds it, and what to do instead
  'control.read': reads(EVERYONE),
  'control_set.read': reads(CENTRE_READ),
  'control_set.change': changes(CENTRE),
  'control_import.read': reads(CENTRE_READ),
  'control_import.take': changes(CENTRE),
  'control_plan.read': reads(CENTRE_READ),
  'control_plan.make': changes(CENTRE),
  'control_plan.apply': changes(CENTRE),
  // evidence
  'ledger.read': reads([...CENTRE_READ, 'organisation_owner']),
  'ledger.verify': reads(CENTRE_READ),
  // mail
  'mail.read': reads(CENTRE_READ),
  'mail.retry': changes(CENTRE),
  // the product itself
  'session.read': reads(EVERYONE),
  'session.change': reads(EVERYONE),
  'events.read': reads(EVERYONE),
  'sandbox.read': reads(CENTRE_READ),
  'sandbox.change': changes(CENTRE),
} as const satisfies Record<string, Access>

export type Action = keyof typeof ACCESS
