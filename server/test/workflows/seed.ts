import { systemActor } from '../../src/domain/people/roles.ts'
import type { Order } from '../../src/ports/orders.ts'
import { holdNames } from '../../src/storage/applications/names.ts'
import { type AwsOrganizationRecord, putAwsOrganization } from '../../src/storage/estate/organizations.ts'
import { enqueueWork } from '../../src/storage/queue/enqueue.ts'
import { type Changes, type Tx, transact } from '../../src/storage/transact.ts'

const SEED = systemActor('test')

export const awsOrganization = (id = 'aws_1'): AwsOrganizationRecord => ({
  id,
  name: `AWS organisation ${id}`,
  engine: 'account_factory',
  organizationId: null,
  managementAccountId: '999999999999',
  ownAccounts: [],
  settings: {},
})

export const connect = (on: Changes, record: AwsOrganizationRecord): Promise<void> =>
  transact(on, SEED, (tx) => putAwsOrganization(tx, record))

/** An approved application with one order in the queue, as approvals leave it. */
export function seedOrder(on: Changes, order: Order): Promise<void> {
  return transact(on, SEED, async (tx) => {
    await insertApplication(tx, order)
    if (order.account) await holdNames(tx, order.workId, order.organisationId, order.account)
    await tx.sql
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
        body: JSON.stringify(order),
        corrections: '{}',
        failure: null,
        created_at: tx.at,
        started_at: null,
        finished_at: null,
      })
      .execute()
    await enqueueWork(tx, {
      workId: order.workId,
      kind: order.kind,
      awsOrganizationId: order.awsOrganizationId,
      tenantId: order.organisationId,
      deadline: order.deadline,
    })
    await tx.record({
      kind: 'test.queued',
      organisationId: order.organisationId,
      subject: order.applicationId,
      data: {},
    })
  })
}

async function insertApplication(tx: Tx, order: Order): Promise<void> {
  const approval = (stage: string) => ({
    stage,
    by: { id: 'per_x', name: 'X', role: 'central_operator' },
    at: tx.at.toISOString(),
    onBehalfOf: null,
    automatic: null,
    comment: '',
  })
  await tx.sql
    .insertInto('application')
    .values({
      id: order.applicationId,
      kind: order.kind,
      state: 'queued',
      version: 1,
      organisation_id: order.organisationId,
      organisation_code: order.organisationCode,
      organisation_name_ja: order.organisationName.ja,
      organisation_name_en: order.organisationName.en,
      system_code: order.systemCode,
      system_name_ja: order.systemName.ja,
      system_name_en: order.systemName.en,
      environments: order.environment ? [order.environment] : [],
      provider: 'aws',
      account_id: order.accountId,
      applicant_id: 'per_test',
      applicant_name: 'Test',
      applicant_role: 'project_office',
      form: '{}',
      approvals: JSON.stringify({ organisation: approval('organisation'), centre: approval('centre') }),
      answer: null,
      batch_id: null,
      created_at: tx.at,
      since: tx.at,
      submitted_at: tx.at,
      finished_at: null,
      updated_at: tx.at,
      updated_by_id: SEED.id,
      updated_by_name: SEED.name,
      search: '',
    })
    .execute()
}
