import { z } from '@hono/zod-openapi'
import { type DraftForm, readDraft } from '../../domain/applications/draft.ts'
import { lines } from '../../domain/applications/fields.ts'
import { APPLICATION_LIMITS as L } from '../../domain/applications/limits.ts'
import { applicationView, batchView, checkView, DECISIONS } from '../../domain/applications/view.ts'
import { invalid } from '../../kernel/errors.ts'
import { takeBatch } from '../../storage/applications/batches.ts'
import { checkApplication } from '../../storage/applications/check.ts'
import { addComment } from '../../storage/applications/comments.ts'
import {
  decideApplication,
  submitApplication,
  withdrawApplication,
} from '../../storage/applications/decide.ts'
import { createDraft, saveDraft } from '../../storage/applications/drafts.ts'
import { read, type Tx, transact } from '../../storage/transact.ts'
import { fromUnknown } from '../problems.ts'
import { type Route, type RouteContext, route } from '../route.ts'
import { type ApplicationDeps, idParam, show, TAG } from './read.ts'

const formBody = z.record(z.string(), z.unknown())
const version = z.number().int().positive()
const comment = z.string().max(L.commentText).default('')
const decision = z.enum(DECISIONS)

/** A draft out of the request, or `invalid` with the places that are wrong. */
function demandDraft(form: unknown): DraftForm {
  const draft = readDraft(form)
  if (draft.ok) return draft.value
  throw invalid('draft_invalid', 'The form cannot be kept: see the fields below.', draft.error)
}

/** Changes the application of the path, and answers how it is then. */
async function change(
  deps: ApplicationDeps,
  {
    params,
    actor,
    services,
  }: Pick<RouteContext<{ id: string }, undefined, unknown>, 'params' | 'actor' | 'services'>,
  act: (tx: Tx, id: string) => Promise<unknown>,
) {
  await transact(services.on, actor, (tx) => act(tx, params.id))
  return show(deps, services, actor, params.id)
}

export const applicationWriteRoutes = (deps: ApplicationDeps): readonly Route[] => [
  ...beginRoutes(deps),
  ...batchRoutes(deps),
  ...bulkRoutes(deps),
  ...draftRoutes(deps),
  ...decisionRoutes(deps),
  ...commentRoutes(deps),
]

function beginRoutes(deps: ApplicationDeps): readonly Route[] {
  const { setup } = deps
  return [
    route({
      method: 'post',
      path: '/api/applications',
      action: 'application.apply',
      tag: TAG,
      summary:
        'Begins an application as a draft, or with `submit` hands it in at once: then nothing is kept unless it is sound',
      body: z.object({ form: formBody, submit: z.boolean().default(false) }),
      reply: applicationView,
      status: 201,
      handle: async ({ body, actor, services, ids }) => {
        const draft = demandDraft(body.form)
        const id = ids('app')
        await transact(services.on, actor, async (tx) => {
          await createDraft(tx, id, draft)
          if (body.submit) await submitApplication(tx, setup, id, 1)
        })
        return show(deps, services, actor, id)
      },
    }),
    route({
      method: 'post',
      path: '/api/applications/check',
      action: 'application.apply',
      tag: TAG,
      summary: 'What schema, rules and register say of a form, finished or not. Changes nothing',
      body: z.object({ form: formBody, applicationId: z.string().max(60).optional() }),
      reply: checkView,
      handle: async ({ body, actor, services }) => {
        const draft = demandDraft(body.form)
        const checked = await read(services.on, actor, (tx) =>
          checkApplication(tx, setup, draft, body.applicationId ?? null),
        )
        return {
          issues: checked.issues.map((i) => ({ ...i, path: [...i.path], params: { ...i.params } })),
          verdicts: checked.verdicts.map((v) => ({ ...v, path: [...v.path] })),
          plannedNames: [...checked.plannedNames],
          automatic: checked.automatic,
        }
      },
    }),
  ]
}

function batchRoutes({ setup }: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/applications/batch',
      action: 'application.apply',
      tag: TAG,
      summary:
        'Takes a batch file (CSV, UTF-8 or Shift_JIS, one row for each environment): all of it or, with one error, nothing',
      query: z.object({ check: z.stringbool().default(false) }),
      upload: { types: ['text/csv', 'application/octet-stream'], maxBytes: L.batchBytes },
      reply: batchView,
      handle: async ({ query, actor, services, ids, raw }) => {
        const bytes = new Uint8Array(await raw.req.arrayBuffer())
        return takeBatch({ on: services.on, ids, setup }, actor, bytes, query.check)
      },
    }),
  ]
}

function bulkRoutes({ setup }: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/applications/decisions',
      action: 'application.decide',
      tag: TAG,
      summary: 'Decides on several applications, each for itself: one that is refused holds up no other',
      body: z.object({
        items: z
          .array(z.object({ id: z.string().max(60), version }))
          .min(1)
          .max(L.pageSize),
        decision,
        comment,
      }),
      reply: z.object({
        results: z.array(
          z.object({
            id: z.string(),
            state: z.string().nullable(),
            code: z.string().nullable(),
            message: z.string().nullable(),
          }),
        ),
      }),
      handle: async ({ body, actor, services }) => {
        const results = []
        for (const item of body.items) results.push(await decideOne(item, body))
        return { results }

        async function decideOne(item: { id: string; version: number }, request: typeof body) {
          try {
            const row = await transact(services.on, actor, (tx) =>
              decideApplication(tx, setup, item.id, { ...request, version: item.version }),
            )
            return { id: item.id, state: row.state as string | null, code: null, message: null }
          } catch (thrown) {
            const error = fromUnknown(thrown)
            if (error.kind === 'bug') services.log.error({ err: error.cause ?? error }, error.message)
            return { id: item.id, state: null, code: error.code, message: error.message }
          }
        }
      },
    }),
  ]
}

function draftRoutes(deps: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'put',
      path: '/api/applications/{id}',
      action: 'application.apply',
      tag: TAG,
      summary:
        'Saves the form of a draft or of a returned application; `conflict` tells who changed it in between',
      params: idParam,
      body: z.object({ version, form: formBody }),
      reply: applicationView,
      handle: ({ body, ...context }) => {
        const draft = demandDraft(body.form)
        return change(deps, context, (tx, id) => saveDraft(tx, id, body.version, draft))
      },
    }),
    route({
      method: 'post',
      path: '/api/applications/{id}/submit',
      action: 'application.apply',
      tag: TAG,
      summary: 'Hands the application in',
      params: idParam,
      body: z.object({ version }),
      reply: applicationView,
      handle: ({ body, ...context }) =>
        change(deps, context, (tx, id) => submitApplication(tx, deps.setup, id, body.version)),
    }),
  ]
}

function decisionRoutes(deps: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/applications/{id}/decision',
      action: 'application.decide',
      tag: TAG,
      summary: 'Approves, returns with a comment, or rejects, as the one whose turn it is or who stands in',
      params: idParam,
      body: z.object({ version, decision, comment }),
      reply: applicationView,
      handle: async ({ body, authorise, ...context }) => {
        const before = await show(deps, context.services, context.actor, context.params.id)
        authorise({ organisationId: before.organisationId, applicantId: before.applicant.id })
        return change(deps, context, (tx, id) => decideApplication(tx, deps.setup, id, body))
      },
    }),
    route({
      method: 'post',
      path: '/api/applications/{id}/withdraw',
      action: 'application.withdraw',
      tag: TAG,
      summary: 'Takes the application back before it is approved',
      params: idParam,
      body: z.object({ version }),
      reply: applicationView,
      handle: ({ body, ...context }) =>
        change(deps, context, (tx, id) => withdrawApplication(tx, id, body.version)),
    }),
  ]
}

function commentRoutes(deps: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/applications/{id}/comments',
      action: 'application.comment',
      tag: TAG,
      summary: 'Adds a comment to the thread',
      params: idParam,
      body: z.object({ body: lines(L.commentText) }),
      reply: applicationView,
      status: 201,
      handle: ({ body, ids, ...context }) =>
        change(deps, context, (tx, id) => addComment(tx, id, ids('cmt'), body.body)),
    }),
  ]
}
