import { deadlineOf } from '../../domain/applications/deadline.ts'
import {
  type ApplicationForm,
  type ChangeForm,
  CONTACT_TYPES,
  type Contacts,
  type VendForm,
} from '../../domain/applications/form.ts'
import type { Environment } from '../../domain/applications/kinds.ts'
import { bug, RankanError } from '../../kernel/errors.ts'
import type { AlternateContact } from '../../ports/estate.ts'
import type { Order, OrderPerson } from '../../ports/orders.ts'
import { enqueueWork } from '../queue/enqueue.ts'
import type { Tx } from '../transact.ts'
import { reserveFreeNames } from './names.ts'
import { accountRef, awsOrganizationFor, personRef } from './register.ts'
import { json, type Row } from './rows.ts'
import type { ApplicationSetup } from './setup.ts'
import { registerSystem } from './systems.ts'

/** Turns a fully approved application into orders, reserves their names and queues them: all in the approval's transaction. */
export async function makeOrders(
  tx: Tx,
  setup: ApplicationSetup,
  row: Row,
  form: ApplicationForm,
): Promise<void> {
  const orders =
    form.kind === 'vend' ? await vendOrders(tx, setup, row, form) : [await changeOrder(tx, row, form)]
  if (form.kind === 'vend') await registerSystem(tx, row, form)
  for (const order of orders) {
    await insertOrder(tx, order)
    await enqueueWork(tx, {
      workId: order.workId,
      kind: order.kind,
      awsOrganizationId: order.awsOrganizationId,
      tenantId: order.organisationId,
      deadline: order.deadline,
    })
  }
  await tx.record({
    kind: 'application.queued',
    organisationId: row.organisation_id,
    subject: row.id,
    data: { orders: orders.map((o) => ({ workId: o.workId, account: o.account, accountId: o.accountId })) },
  })
  await tx.notify('works', row.id, row.organisation_id)
}

const insertOrder = (tx: Tx, order: Order) =>
  tx.sql
    .insertInto('application_order')
    .values({
      work_id: order.workId,
      application_id: order.applicationId,
      organisation_id: order.organisationId,
      kind: order.kind,
      environment: order.environment,
      aws_organization_id: order.awsOrganizationId,
      state: 'queued',
      account_name: order.account?.name ?? null,
      account_email: order.account?.email ?? null,
      account_id: order.accountId,
      body: json(order),
      corrections: json({}),
      failure: null,
      created_at: tx.at,
      started_at: null,
      finished_at: null,
    })
    .execute()

const baseOf = (tx: Tx, row: Row, start: string | null) => ({
  applicationId: row.id,
  kind: row.kind,
  organisationId: row.organisation_id,
  organisationCode: row.organisation_code,
  organisationName: {
    ja: row.organisation_name_ja,
    en: row.organisation_name_en || row.organisation_name_ja,
  },
  systemCode: row.system_code,
  systemName: { ja: row.system_name_ja, en: row.system_name_en || row.system_name_ja },
  deadline: deadlineOf(start, tx.at).toISOString(),
})

const TYPES = { security: 'SECURITY', operations: 'OPERATIONS', billing: 'BILLING' } as const

export const alternateContacts = (contacts: Contacts): readonly AlternateContact[] =>
  CONTACT_TYPES.map((type) => {
    const { name, title, email, phone } = contacts[type]
    return { type: TYPES[type], name, title, email, phone }
  })

async function vendOrders(
  tx: Tx,
  setup: ApplicationSetup,
  row: Row,
  form: VendForm,
): Promise<readonly Order[]> {
  const awsOrganizationId = await awsOrganizationFor(tx, row.organisation_id)
  if (!awsOrganizationId)
    throw new RankanError(
      'unavailable',
      'no_aws_organization',
      'No AWS organisation is connected yet; connect one first.',
    )
  const orders: Order[] = []
  for (const { environment } of form.environments)
    orders.push(await vendOrder(tx, setup, row, form, environment, awsOrganizationId))
  return orders
}

async function vendOrder(
  tx: Tx,
  setup: ApplicationSetup,
  row: Row,
  form: VendForm,
  environment: Environment,
  awsOrganizationId: string,
): Promise<Order> {
  const workId = `${row.id}.${environment}`
  const parts = { organisationCode: form.organisation.code, systemCode: form.system.code, environment }
  return {
    ...baseOf(tx, row, form.dates.start),
    workId,
    awsOrganizationId,
    environment,
    account: await reserveFreeNames(tx, setup, workId, row.organisation_id, parts),
    accountId: null,
    owner: form.owner,
    admins: form.admins,
    operators: form.operators,
    contacts: alternateContacts(form.contacts),
    budget: { monthlyLimitUsd: String(form.billing.monthlyLimitUsd), notify: [form.contacts.billing.email] },
    moveTo: null,
    reason: null,
  }
}

async function changeOrder(tx: Tx, row: Row, form: ChangeForm): Promise<Order> {
  const account = await accountRef(tx, form.accountId)
  if (!account)
    throw bug(`The approved application ${row.id} is about an account that is not in the register.`)
  const before = await lastOrderOf(tx, form.accountId)
  const people = before ?? (await peopleOfApplicant(tx, row))
  const base: Order = {
    ...baseOf(tx, row, null),
    workId: `${row.id}.${form.kind}`,
    awsOrganizationId: account.awsOrganizationId,
    environment: account.environment,
    account: null,
    accountId: form.accountId,
    owner: people.owner,
    admins: people.admins,
    operators: people.operators,
    contacts: before?.contacts ?? [],
    budget: before?.budget ?? null,
    moveTo: null,
    reason: form.reason,
  }
  if (form.kind === 'move') return { ...base, moveTo: form.environment }
  if (form.kind === 'change_contacts') return { ...base, contacts: alternateContacts(form.contacts) }
  if (form.kind === 'change_owner') return { ...base, owner: form.owner, admins: form.admins }
  return base
}

/** What the last finished order left behind: who owns the account and whom AWS writes to. */
async function lastOrderOf(tx: Tx, accountId: string): Promise<Order | null> {
  const found = await tx.sql
    .selectFrom('application_order')
    .select(['body', 'corrections'])
    .where('account_id', '=', accountId)
    .where('state', '=', 'finished')
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found ? corrected(found.body, found.corrections) : null
}

/** An adopted account has no order before: whoever asks for the change stands for it. */
async function peopleOfApplicant(tx: Tx, row: Row): Promise<Pick<Order, 'owner' | 'admins' | 'operators'>> {
  const owner = await personRef(tx, row.applicant_id)
  if (!owner)
    throw new RankanError(
      'conflict',
      'applicant_unknown',
      `The applicant \`${row.applicant_name}\` is not in the register of people.`,
    )
  return { owner, admins: [owner], operators: [] }
}

const PEOPLE_FIELD = 'owner.email'

/** The order with what people put right since it was approved. */
export function corrected(order: Order, corrections: Readonly<Record<string, unknown>>): Order {
  const text = (field: string) => (typeof corrections[field] === 'string' ? corrections[field] : undefined)
  const list = <T>(field: string) =>
    Array.isArray(corrections[field]) ? (corrections[field] as T[]) : undefined
  const owner: OrderPerson = { ...order.owner, email: text(PEOPLE_FIELD) ?? order.owner.email }
  return {
    ...order,
    owner,
    account: order.account && {
      name: text('account.name') ?? order.account.name,
      email: text('account.email') ?? order.account.email,
    },
    contacts: list<AlternateContact>('contacts') ?? order.contacts,
    budget: order.budget && { ...order.budget, notify: list<string>('budget.notify') ?? order.budget.notify },
  }
}
