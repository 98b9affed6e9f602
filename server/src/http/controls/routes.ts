import { z } from '@hono/zod-openapi'
import { checkSet } from '../../catalog/plan/choose.ts'
import type { Control } from '../../catalog/record.ts'
import {
  applyDetail,
  applyListQuery,
  applyPage,
  applyRequest,
  applyView,
  controlStatus,
  giveUpRequest,
} from '../../domain/controls/applies.ts'
import { planDetail, planListQuery, planPage, planRequest, planView } from '../../domain/controls/plans.ts'
import { controlSetBody, controlSetList, controlSetName, controlSetView } from '../../domain/controls/sets.ts'
import { invalid } from '../../kernel/errors.ts'
import {
  askApply,
  applyDetail as findApply,
  giveUpApply,
  listApplies,
  retryApply,
} from '../../storage/controls/applies.ts'
import { askPlan, planDetail as findPlan, listPlans } from '../../storage/controls/plans.ts'
import { findSet, listSets, type ShippedSets, saveSet } from '../../storage/controls/sets.ts'
import { controlStatusOf } from '../../storage/controls/status.ts'
import { read, transact } from '../../storage/transact.ts'
import { decodeCursor, encodeCursor, type Route, route } from '../route.ts'

const TAG = 'Controls'
const idParam = z.object({ id: z.string().max(60) })
const cursor = z.string().regex(/^\d{1,18}$/)

/** What the routes of control sets, plans and applies need beside the services. */
export interface ControlParts {
  readonly library: readonly Control[]
  /** Sets that come with Rankan. */
  readonly sets: ShippedSets
}

export const controlRoutes = (parts: ControlParts): readonly Route[] => [
  ...setRoutes(parts),
  ...planRoutes(parts),
  ...applyRoutes,
  route({
    method: 'get',
    path: '/api/aws-organizations/{id}/controls',
    action: 'control_plan.read',
    tag: TAG,
    summary:
      'Control sets that are applied in an AWS organisation, what carries them, and what was changed by hand',
    description:
      'Drift is what differs from the last complete sweep, if that was after the last apply; `POST /api/aws-organizations/{id}/sweep` reads now.',
    params: idParam,
    reply: controlStatus,
    handle: ({ params, actor, services }) => read(services.on, actor, (tx) => controlStatusOf(tx, params.id)),
  }),
]

const setRoutes = ({ library, sets }: ControlParts): readonly Route[] => [
  route({
    method: 'get',
    path: '/api/control-sets',
    action: 'control_set.read',
    tag: TAG,
    summary: 'Control sets, the latest version of each',
    reply: controlSetList,
    handle: async ({ actor, services }) => ({
      items: [...(await read(services.on, actor, (tx) => listSets(tx, sets)))],
    }),
  }),
  route({
    method: 'get',
    path: '/api/control-sets/{name}',
    action: 'control_set.read',
    tag: TAG,
    summary: 'One control set',
    params: z.object({ name: z.string().max(60) }),
    query: z.object({ version: z.coerce.number().int().min(1).optional() }),
    reply: controlSetView,
    handle: ({ params, query, actor, services }) =>
      read(services.on, actor, (tx) => findSet(tx, sets, params.name, query.version)),
  }),
  route({
    method: 'put',
    path: '/api/control-sets/{name}',
    action: 'control_set.change',
    tag: TAG,
    summary: 'Saves the next version of a control set; the same body as the latest changes nothing',
    description:
      '`base` is the version that was edited, 0 for a set that is new: 409 `control_set_moved` when the latest is another.',
    params: z.object({ name: controlSetName }),
    query: z.object({ base: z.coerce.number().int().min(0).optional() }),
    body: controlSetBody,
    reply: controlSetView,
    handle: ({ params, query, body, actor, services }) => {
      const issues = checkSet(body, library)
      if (issues.length > 0)
        throw invalid('bad_control_set', `The control set has ${issues.length} fault(s).`, issues)
      return transact(services.on, actor, (tx) => saveSet(tx, sets, params.name, body, query.base))
    },
  }),
]

const planRoutes = ({ sets }: ControlParts): readonly Route[] => [
  route({
    method: 'post',
    path: '/api/control-plans',
    action: 'control_plan.make',
    tag: TAG,
    summary: 'Plans what would change if an OU or the root had a control set; changes nothing',
    description: 'A worker reads AWS and makes the plan; ask for it until it is `ready` or `failed`.',
    body: planRequest,
    reply: planView,
    status: 202,
    handle: ({ body, actor, services, ids }) =>
      transact(services.on, actor, (tx) => askPlan(tx, sets, ids('cpl'), body)),
  }),
  route({
    method: 'get',
    path: '/api/control-plans',
    action: 'control_plan.read',
    tag: TAG,
    summary: 'Plans, newest first',
    query: planListQuery,
    reply: planPage,
    handle: async ({ query, actor, services }) => {
      const after = decodeCursor(query.cursor, cursor)
      const { items, next } = await read(services.on, actor, (tx) => listPlans(tx, query, after))
      return { items, nextCursor: next && encodeCursor(next) }
    },
  }),
  route({
    method: 'get',
    path: '/api/control-plans/{id}',
    action: 'control_plan.read',
    tag: TAG,
    summary: 'One plan: changes in words and as data, policies with their controls, quotas, drift',
    params: idParam,
    reply: planDetail,
    handle: ({ params, actor, services }) => read(services.on, actor, (tx) => findPlan(tx, params.id)),
  }),
  route({
    method: 'post',
    path: '/api/control-plans/{id}/apply',
    action: 'control_plan.apply',
    tag: TAG,
    summary: 'Does exactly what the plan says; refused when the world has moved since',
    description:
      'A plan that puts a preventive control on needs a `reason`, which the ledger keeps. One apply of an AWS organisation goes on at a time.',
    params: idParam,
    body: applyRequest,
    reply: applyView,
    status: 202,
    handle: ({ params, body, actor, services, ids }) =>
      transact(services.on, actor, (tx) => askApply(tx, ids('cap'), params.id, body)),
  }),
]

const applyRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/control-applies',
    action: 'control_plan.read',
    tag: TAG,
    summary: 'Applies, newest first',
    query: applyListQuery,
    reply: applyPage,
    handle: async ({ query, actor, services }) => {
      const after = decodeCursor(query.cursor, cursor)
      const { items, next } = await read(services.on, actor, (tx) => listApplies(tx, query, after))
      return { items, nextCursor: next && encodeCursor(next) }
    },
  }),
  route({
    method: 'get',
    path: '/api/control-applies/{id}',
    action: 'control_plan.read',
    tag: TAG,
    summary: 'One apply with every step: attempts, errors, times',
    params: idParam,
    reply: applyDetail,
    handle: ({ params, actor, services }) => read(services.on, actor, (tx) => findApply(tx, params.id)),
  }),
  route({
    method: 'post',
    path: '/api/control-applies/{id}/retry',
    action: 'control_plan.apply',
    tag: TAG,
    summary: 'Goes on at the step that failed',
    params: idParam,
    reply: applyView,
    status: 202,
    handle: ({ params, actor, services }) => transact(services.on, actor, (tx) => retryApply(tx, params.id)),
  }),
  route({
    method: 'post',
    path: '/api/control-applies/{id}/give-up',
    action: 'control_plan.apply',
    tag: TAG,
    summary: 'Undoes what was done, in reverse; what cannot be undone is shown',
    params: idParam,
    body: giveUpRequest,
    reply: applyView,
    status: 202,
    handle: ({ params, body, actor, services }) =>
      transact(services.on, actor, (tx) => giveUpApply(tx, params.id, body.reason)),
  }),
]
