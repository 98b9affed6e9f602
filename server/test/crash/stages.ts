import type { ApplicationKind } from '../../src/domain/applications/kinds.ts'
import type { Order } from '../../src/ports/orders.ts'
import type { FaultRequest } from '../../src/sandbox/control/api.ts'
import { orderFor } from '../../src/workflows/testing/orders.ts'

export type Engine = 'account_factory' | 'auto_enrolment'

/** One piece of work in the life of an account. Each leaves behind what the next one begins with. */
export interface Stage {
  readonly name: string
  readonly kind: ApplicationKind
  readonly over?: Partial<Order>
  /** AWS refuses at some point and a person gives the work up; what dies is the giving up. */
  readonly givenUp?: boolean
  /** What makes AWS refuse until the work is given up; null where the order itself does. */
  readonly fault?: (engine: Engine, accountId: string) => FaultRequest
}

const person = (userName: string) => ({
  userName,
  email: `${userName}@city.example.jp`,
  firstName: 'Hanako',
  lastName: userName,
})

const desk = (type: 'SECURITY' | 'BILLING') => ({
  type,
  name: `New ${type} desk`,
  title: 'Desk',
  email: `new-${type.toLowerCase()}@city.example.jp`,
  phone: '+81-3-1111-1111',
})

const STAGES = {
  vend: { kind: 'vend' },
  // AWS takes no budget of nothing: everything else of the account is there by then.
  vendGivenUp: {
    kind: 'vend',
    over: { budget: { monthlyLimitUsd: '0', notify: ['billing@city.example.jp'] } },
    givenUp: true,
  },
  contacts: { kind: 'change_contacts', over: { contacts: [desk('SECURITY'), desk('BILLING')] } },
  owner: {
    kind: 'change_owner',
    over: { owner: person('successor'), admins: [person('admin'), person('second')], operators: [] },
  },
  move: { kind: 'move', over: { moveTo: 'staging' } },
  suspend: { kind: 'suspend' },
  resume: { kind: 'resume' },
  closeGivenUp: {
    kind: 'close',
    givenUp: true,
    fault: (engine, accountId) =>
      engine === 'account_factory'
        ? refusal('servicecatalog', 'TerminateProvisionedProduct', accountId)
        : refusal('sso', 'DeleteAccountAssignment', accountId),
  },
  // Refused when the account is out of its landing zone already.
  closeGivenUpLate: { kind: 'close', givenUp: true, fault: (_, accountId) => refusedClosing(accountId) },
  close: { kind: 'close' },
} as const satisfies Record<string, Omit<Stage, 'name'>>

const refusal = (service: string, operation: string, subject: string): FaultRequest => ({
  at: 'outcome',
  service,
  operation,
  subject,
  // Not a text that Rankan itself tries again.
  fault: { do: 'fail', code: 'Refused', message: 'The role AWSControlTowerExecution cannot be assumed.' },
})

const refusedClosing = (accountId: string): FaultRequest => ({
  at: 'call',
  service: 'organizations',
  operation: 'CloseAccount',
  subject: accountId,
  fault: { do: 'fail', code: 'AccessDeniedException', message: 'You may not close accounts.' },
})

export type StageName = keyof typeof STAGES

export const stage = (name: StageName): Stage => ({ name, ...STAGES[name] })

/** `tag` tells runs apart: it is in every name that the run makes. */
export function orderOf({ name, kind, over }: Stage, tag: string, accountId: string | null): Order {
  const applicationId = `app_${tag}${name}`
  const vends = kind === 'vend'
  return orderFor({
    kind,
    workId: `${applicationId}.${vends ? 'production' : kind}`,
    applicationId,
    awsOrganizationId: `aws_${tag}`,
    organisationId: `org_${tag}`,
    account: vends ? { name: `131016-${tag}-prd-01`, email: `aws+${tag}@${tag}.example.jp` } : null,
    accountId,
    environment: vends ? 'production' : null,
    reason: vends ? null : 'as the organisation asked',
    ...over,
  })
}
