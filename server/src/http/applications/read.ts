import { z } from '@hono/zod-openapi'
import { batchTemplate } from '../../domain/applications/batch-columns.ts'
import { applicationForm } from '../../domain/applications/form.ts'
import { rulebookSchema } from '../../domain/applications/rules/rulebook.ts'
import {
  applicationPage,
  applicationView,
  listQuery,
  notificationView,
} from '../../domain/applications/view.ts'
import { countWaiting, listApplications } from '../../storage/applications/list.ts'
import { markRead, notificationsOf } from '../../storage/applications/notifications.ts'
import type { ApplicationSetup } from '../../storage/applications/setup.ts'
import { showApplication } from '../../storage/applications/show.ts'
import type { EstimateReader } from '../../storage/queue/estimates.ts'
import { read, transact } from '../../storage/transact.ts'
import { decodeCursor, encodeCursor, type Route, route } from '../route.ts'

/** What these routes need beside the services. */
export interface ApplicationDeps {
  readonly setup: ApplicationSetup
  /** The queue's own estimates. */
  readonly estimates: EstimateReader
}

export const TAG = 'Applications'
const listKey = z.object({ since: z.iso.datetime(), id: z.string().max(60) })
export const idParam = z.object({ id: z.string().max(60) })

const rulesView = z.object({
  rulebook: rulebookSchema,
  naming: z.object({
    nameMax: z.number(),
    emailMax: z.number(),
    mailbox: z.string(),
    environments: z.record(z.string(), z.string()),
  }),
  mailDomain: z.string(),
})

export const applicationReadRoutes = (deps: ApplicationDeps): readonly Route[] => [
  ...listRoutes(),
  ...dataRoutes(deps),
  ...oneRoutes(deps),
  ...notificationRoutes(),
]

function listRoutes(): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/applications',
      action: 'application.read',
      tag: TAG,
      summary: 'Applications, last change of state first',
      query: listQuery,
      reply: applicationPage,
      handle: async ({ query, actor, services }) => {
        const after = decodeCursor(query.cursor, listKey)
        const { items, next } = await read(services.on, actor, (tx) =>
          listApplications(tx, query, { limit: query.limit, after }),
        )
        return { items: [...items], nextCursor: next && encodeCursor(next) }
      },
    }),
    route({
      method: 'get',
      path: '/api/applications/counts',
      action: 'application.read',
      tag: TAG,
      summary: 'How many applications wait for the caller',
      reply: z.object({ waiting: z.number().int() }),
      handle: ({ actor, services }) =>
        read(services.on, actor, async (tx) => ({ waiting: await countWaiting(tx) })),
    }),
  ]
}

/** What a client needs to fill in a form. */
function dataRoutes({ setup }: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/applications/rules',
      action: 'application.read',
      tag: TAG,
      summary:
        'The rules and the naming, as dated data: a browser can evaluate them while somebody fills in the form',
      reply: rulesView,
      handle: async () => ({ rulebook: setup.rulebook, naming: setup.naming, mailDomain: setup.mailDomain }),
    }),
    route({
      method: 'get',
      path: '/api/applications/schema',
      action: 'application.read',
      tag: TAG,
      summary: 'JSON Schema of the form of every kind of application',
      reply: z.record(z.string(), z.unknown()),
      handle: async () =>
        z.toJSONSchema(applicationForm, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>,
    }),
    route({
      method: 'get',
      path: '/api/applications/template',
      action: 'application.read',
      tag: TAG,
      summary: 'Template of a batch file with an example',
      query: z.object({ language: z.enum(['ja', 'en']).default('ja') }),
      replyType: 'text/csv',
      handle: async ({ query }) =>
        new Response(batchTemplate(query.language), {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': 'attachment; filename="rankan-applications.csv"',
          },
        }),
    }),
  ]
}

function oneRoutes(deps: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/applications/{id}',
      action: 'application.read',
      tag: TAG,
      summary:
        'One application with its form, verdicts, approvals, history, whose turn it is and when it will be done',
      params: idParam,
      reply: applicationView,
      handle: async ({ params, actor, services, authorise }) => {
        const view = await show(deps, services, actor, params.id)
        authorise({ organisationId: view.organisationId })
        return view
      },
    }),
  ]
}

function notificationRoutes(): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/notifications',
      action: 'session.read',
      tag: 'Notifications',
      summary: 'What happened that concerns the caller, newest first',
      reply: z.object({ items: z.array(notificationView) }),
      handle: ({ actor, services }) =>
        read(services.on, actor, async (tx) => ({ items: await notificationsOf(tx, 100) })),
    }),
    route({
      method: 'post',
      path: '/api/notifications/read',
      action: 'session.change',
      tag: 'Notifications',
      summary: 'Marks all as read',
      status: 204,
      handle: async ({ actor, services }) => {
        await transact(services.on, actor, markRead)
        return undefined
      },
    }),
  ]
}

type Services = Parameters<Parameters<typeof route>[0]['handle']>[0]['services']

/** The view of one application; a queue that cannot be estimated just now leaves the page without an estimate. */
export async function show(
  deps: ApplicationDeps,
  services: Services,
  actor: Parameters<typeof read>[1],
  id: string,
) {
  const estimates = await deps.estimates.all().catch((error: unknown) => {
    services.log.warn({ err: error }, 'the queue could not be estimated')
    return new Map<string, never>()
  })
  return read(services.on, actor, (tx) => showApplication(tx, deps.setup, id, estimates))
}
