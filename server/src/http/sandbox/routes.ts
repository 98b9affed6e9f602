import { z } from '@hono/zod-openapi'
import {
  faultRequest,
  faultRuleView,
  sandboxLoadRequest,
  sandboxStateView,
  sandboxTimeRequest,
} from '../../domain/sandbox/view.ts'
import { notFound, RankanError } from '../../kernel/errors.ts'
import { transact } from '../../storage/transact.ts'
import { type RouteContext, route } from '../route.ts'
import type { Services } from '../services.ts'

const TAG = 'Sandbox'
type AnyContext = Pick<RouteContext<unknown, unknown, unknown>, 'services' | 'actor'>

/** The sandbox's control API for the people who may use it; on real AWS these routes answer `not_found`. */
export const sandboxRoutes = [
  route({
    method: 'get',
    path: '/api/sandbox/state',
    action: 'sandbox.read',
    tag: TAG,
    summary: 'Virtual time, organisations, timers and faults of the sandbox estate',
    reply: sandboxStateView,
    handle: ({ services }) => ask(services, 'GET', 'state', sandboxStateView),
  }),
  route({
    method: 'post',
    path: '/api/sandbox/time',
    action: 'sandbox.change',
    tag: TAG,
    summary: 'Jump ahead in virtual time, or change its scale',
    body: sandboxTimeRequest,
    status: 204,
    handle: async (context) => change(context, 'POST', 'time', context.body),
  }),
  route({
    method: 'post',
    path: '/api/sandbox/faults',
    action: 'sandbox.change',
    tag: TAG,
    summary: 'Let calls, operations or events go wrong on purpose',
    body: faultRequest,
    reply: faultRuleView,
    status: 201,
    handle: async (context) => {
      const rule = await ask(context.services, 'POST', 'faults', faultRuleView, context.body)
      await record(context, 'faults', context.body)
      return rule
    },
  }),
  route({
    method: 'delete',
    path: '/api/sandbox/faults/{id}',
    action: 'sandbox.change',
    tag: TAG,
    summary: 'Remove one fault',
    params: z.object({ id: z.string().regex(/^[\w-]{1,60}$/) }),
    status: 204,
    handle: async (context) => change(context, 'DELETE', `faults/${context.params.id}`),
  }),
  route({
    method: 'delete',
    path: '/api/sandbox/faults',
    action: 'sandbox.change',
    tag: TAG,
    summary: 'Remove all faults',
    status: 204,
    handle: async (context) => change(context, 'DELETE', 'faults'),
  }),
  route({
    method: 'post',
    path: '/api/sandbox/fast-load',
    action: 'sandbox.change',
    tag: TAG,
    summary: 'Make accounts at once that no application explains',
    body: sandboxLoadRequest,
    status: 204,
    handle: async (context) => change(context, 'POST', 'fast-load', context.body),
  }),
  route({
    method: 'post',
    path: '/api/sandbox/reset',
    action: 'sandbox.change',
    tag: TAG,
    summary: 'Throw the estate away and make the demo estate anew',
    status: 204,
    handle: async (context) => change(context, 'POST', 'reset'),
  }),
]

async function change(context: AnyContext, method: string, path: string, body?: unknown): Promise<undefined> {
  await ask(context.services, method, path, z.unknown(), body)
  await record(context, path, body)
}

const record = ({ services, actor }: AnyContext, path: string, body: unknown) =>
  transact(services.on, actor, async (tx) => {
    await tx.record({ kind: 'sandbox.changed', organisationId: null, subject: path, data: body ?? null })
    await tx.notify('sandbox', path, null)
  })

async function ask<T>(
  services: Services,
  method: string,
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
): Promise<T> {
  const base = services.sandboxControlUrl
  if (base === null) throw notFound('sandbox', 'this estate')
  const response = await fetch(`${base}/_sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause) => {
    throw new RankanError('unavailable', 'sandbox_unavailable', 'The sandbox estate does not answer.', {
      cause,
    })
  })
  const answer = (await response.json()) as { error?: string; message?: string }
  if (!response.ok)
    throw new RankanError(
      response.status === 404 ? 'not_found' : 'invalid',
      answer.error ?? 'sandbox_refused',
      answer.message ?? 'The sandbox refused.',
    )
  return schema.parse(answer)
}
