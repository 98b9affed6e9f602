import { z } from '@hono/zod-openapi'
import { queueView, type RepairRequest, repairRequest, workView } from '../../domain/accounts/work-view.ts'
import { type DriftApply, driftApply, driftRow } from '../../domain/drift/view.ts'
import { conflict, notFound } from '../../kernel/errors.ts'
import type { DriftCase } from '../../ports/accounts.ts'
import type { Estate } from '../../ports/estate.ts'
import type { EngineControl, QueueStatus } from '../../ports/queue.ts'
import { correctOrder } from '../../storage/applications/order-store.ts'
import { organisationById } from '../../storage/applications/register.ts'
import { sweepStore } from '../../storage/estate/drift.ts'
import {
  adopt,
  beginApplying,
  recordAsShown,
  reopen,
  resolve,
  type Shown,
} from '../../storage/estate/drift-apply.ts'
import { findDrift } from '../../storage/estate/drift-list.ts'
import {
  applicationTimeline,
  queueItems,
  queueOrganizations,
  workOwner,
} from '../../storage/estate/work-list.ts'
import { read, type Tx, transact } from '../../storage/transact.ts'
import { putRight } from '../../workflows/put-right.ts'
import { sweep } from '../../workflows/sweep.ts'
import { decodeCursor, encodeCursor, type Route, type RouteContext, route } from '../route.ts'

/** What these routes need beside the services: the engine and the AWS organisations. */
export interface EstateControl {
  readonly engine: Pick<EngineControl, 'retry' | 'abandon'>
  readonly queueStatus: () => Promise<QueueStatus>
  /** Throws `not_found`. */
  readonly estate: (awsOrganizationId: string) => Estate
}

const idParam = z.object({ id: z.string().max(60) })
const workParam = z.object({ workId: z.string().max(200) })
const queueCursor = z.object({ rank: z.number().int(), seq: z.string().regex(/^\d{1,18}$/) })
const sweepReply = z.object({
  awsOrganizationId: z.string(),
  complete: z.boolean(),
  listed: z.number().int(),
  opened: z.number().int(),
  vanished: z.number().int(),
  guardrails: z.number().int().nullable(),
})

/** Routes that act on work, drift and AWS organisations, and the centre's queue. */
export function estateActRoutes(control: EstateControl): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/queue',
      action: 'queue.read',
      tag: 'Queue',
      summary: 'The queue of the centre: work that is not over, slots and quotas',
      query: z.object({
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
      reply: queueView,
      handle: async ({ query, actor, services }) => {
        const after = decodeCursor(query.cursor, queueCursor)
        const { slots } = await control.queueStatus()
        return read(services.on, actor, async (tx) => {
          const { items, next } = await queueItems(tx, after, query.limit)
          const organizations = await queueOrganizations(tx, slots)
          return { at: tx.at.toISOString(), organizations, items, nextCursor: next && encodeCursor(next) }
        })
      },
    }),
    route({
      method: 'post',
      path: '/api/works/{workId}/repair',
      action: 'application.repair',
      tag: 'Queue',
      summary: 'Retry from a step, correct a field and go on, or give up with a clean estate',
      params: workParam,
      body: repairRequest,
      reply: workView,
      status: 202,
      handle: (context) => repair(control, context),
    }),
    route({
      method: 'post',
      path: '/api/aws-organizations/{id}/sweep',
      action: 'estate.change',
      tag: 'Drift',
      summary: 'Compares the AWS organisation with the register now',
      params: idParam,
      reply: sweepReply,
      handle: ({ params, services }) => sweep(sweepStore(services.on), control.estate(params.id)),
    }),
    route({
      method: 'post',
      path: '/api/drift/{id}/apply',
      action: 'drift.resolve',
      tag: 'Drift',
      summary: 'Carries out what a person decided about a drift',
      params: idParam,
      body: driftApply,
      reply: driftRow,
      handle: (context) => applyDrift(control, context),
    }),
  ]
}

async function repair(
  control: EstateControl,
  { params, body, actor, services, authorise }: RouteContext<{ workId: string }, undefined, RepairRequest>,
) {
  const { workId } = params
  const owner = await read(services.on, actor, (tx) => workOwner(tx, workId))
  authorise({ organisationId: owner.organisationId })
  if (owner.state !== 'needs_repair')
    throw conflict(
      'not_in_repair',
      `The work \`${workId}\` is ${owner.state}; only work that needs repair is repaired.`,
    )
  await transact(services.on, actor, (tx) =>
    tx.record({
      kind: `work.${body.action}`,
      organisationId: owner.organisationId,
      subject: workId,
      data: 'reason' in body ? { reason: body.reason } : { fromStep: body.fromStep ?? null },
    }),
  )
  if (body.action === 'give_up') await control.engine.abandon(workId, body.reason)
  else {
    if (body.action === 'correct')
      await correctOrder(services.on, actor, workId, body.field, body.value, body.reason)
    await control.engine.retry(
      workId,
      body.action === 'retry' && body.fromStep ? { fromStep: body.fromStep } : {},
    )
  }
  const timeline = await read(services.on, actor, (tx) => applicationTimeline(tx, owner.applicationId))
  const work = timeline.works.find((one) => one.workId === workId)
  if (!work) throw notFound('work', workId)
  return work
}

type ApplyContext = RouteContext<{ id: string }, undefined, DriftApply>

/** Decision first, effect second, result third: what happened is in the ledger even if AWS refuses. */
async function applyDrift(control: EstateControl, context: ApplyContext) {
  const { params, body, actor, services } = context
  const drift = await transact(services.on, actor, (tx) => beginApplying(tx, params.id, body))
  try {
    const effect = await effectOf(control, drift, body)
    await transact(services.on, actor, async (tx) => {
      await effect(tx, context)
      await resolve(tx, drift, body)
    })
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    await transact(services.on, actor, (tx) => reopen(tx, drift.id, because))
    throw error
  }
  return read(services.on, actor, (tx) => findDrift(tx, drift.id))
}

type Effect = (tx: Tx, context: ApplyContext) => Promise<void>

async function effectOf(control: EstateControl, drift: DriftCase, body: DriftApply): Promise<Effect> {
  if (body.action === 'ignore') return async () => {}
  const estate = control.estate(drift.awsOrganizationId)
  if (body.action === 'move_back' || body.action === 'rename_back') {
    await putRight(estate, drift, body.action)
    return async () => {}
  }
  const shown = await lookAt(estate, drift.accountId)
  if (body.action === 'record') return (tx) => recordAsShown(tx, drift, shown)
  return async (tx, { ids }) => {
    const organisation = body.organisationId ? await organisationById(tx, body.organisationId) : null
    if (body.organisationId && !organisation) throw notFound('organisation', body.organisationId)
    await adopt(tx, drift, shown, {
      id: ids('acc'),
      organisationId: organisation?.id ?? null,
      organisationCode: organisation?.code ?? null,
      organisationName: organisation && { ja: organisation.nameJa, en: organisation.nameEn },
      environment: body.environment ?? null,
    })
  }
}

async function lookAt(estate: Estate, accountId: string): Promise<Shown> {
  const account = await estate.organization.account(accountId)
  if (account === null) return { account, ou: null }
  const ouId = await estate.organization.parentOf(accountId)
  for await (const ou of estate.organization.ous())
    if (ou.id === ouId) return { account, ou: { id: ouId, name: ou.name } }
  return { account, ou: { id: ouId, name: 'Root' } }
}
