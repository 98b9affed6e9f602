import { createHash, randomUUID } from 'node:crypto'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { secureHeaders } from 'hono/secure-headers'
import { RankanError } from '../kernel/errors.ts'
import { answerKey, claimKey, releaseKey } from '../storage/idempotency/keys.ts'
import { demand, refuseForgery, signedIn } from './guard.ts'
import { fromUnknown, fromZod, problemSchema, toProblem } from './problems.ts'
import type { Route, RouteContext } from './route.ts'
import type { Services } from './services.ts'
import { refuseUnstorable } from './unstorable.ts'

/** JSON bodies: the largest is an application with all its tenants. */
const MAX_JSON_BYTES = 1_048_576

export type App = OpenAPIHono

export interface RequestTimer {
  observe(method: string, path: string, status: number, seconds: number): void
}

/** The API as Hono knows it: each route validated, guarded by Cedar, documented in OpenAPI. */
export function createApp(services: Services, routes: readonly Route[], timer: RequestTimer): App {
  const app = new OpenAPIHono()
  app.use('*', secureHeaders({ contentSecurityPolicy: CONTENT_SECURITY_POLICY }))
  app.use('*', compress())
  app.onError((error, c) => problemReply(c, services, error, requestIdOf(c)))
  app.notFound((c) =>
    problemReply(
      c,
      services,
      new RankanError('not_found', 'route_not_found', `There is nothing at \`${c.req.path}\`.`),
      requestIdOf(c),
    ),
  )
  for (const route of routes) mount(app, services, route, timer)
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Rankan',
      version: '0.1.0',
      description:
        'Governance portal for very large AWS estates. Errors are problem documents (RFC 9457); lists page by `cursor`; POST takes an `Idempotency-Key`.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  })
  return app
}

const CONTENT_SECURITY_POLICY = {
  defaultSrc: ["'self'"],
  // React Aria and the virtual table set inline styles for positions.
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
}

function mount(app: App, services: Services, route: Route, timer: RequestTimer): void {
  const { definition } = route
  app.openAPIRegistry.registerPath(describe(route))
  const maxSize = definition.upload?.maxBytes ?? definition.maxBytes ?? MAX_JSON_BYTES
  const limit = bodyLimit({
    maxSize,
    onError: () => {
      throw new RankanError('invalid', 'body_too_large', `The body is larger than ${maxSize} bytes.`)
    },
  })
  const path = definition.path.replaceAll(/\{(\w+)\}/g, ':$1')
  app.on(definition.method.toUpperCase(), path, limit, async (c) => {
    const started = performance.now()
    const response = await answer(c, services, route)
    timer.observe(definition.method, definition.path, response.status, (performance.now() - started) / 1000)
    return response
  })
}

async function answer(c: Context, services: Services, route: Route): Promise<Response> {
  const requestId = requestIdOf(c)
  try {
    refuseForgery(c)
    const { actor } = await signedIn(c, services)
    demand(services, actor, route.definition.action)
    const text = await bodyText(c, route)
    const context = await makeContext(c, services, route, actor, text, requestId)
    const key = c.req.method === 'GET' ? undefined : c.req.header('idempotency-key')
    if (key === undefined) return await reply(c, route, context)
    return await once(c, services, context, key, text ?? '', () => reply(c, route, context))
  } catch (error) {
    return problemReply(c, services, error, requestId)
  }
}

async function bodyText(c: Context, route: Route): Promise<string | null> {
  return route.definition.body === undefined ? null : await c.req.text()
}

async function makeContext(
  c: Context,
  services: Services,
  route: Route,
  actor: RouteContext<unknown, unknown, unknown>['actor'],
  text: string | null,
  requestId: string,
): Promise<RouteContext<unknown, unknown, unknown>> {
  const { definition } = route
  return {
    params: check(definition.params, c.req.param(), 'params'),
    query: check(definition.query, c.req.query(), 'query'),
    body: definition.body === undefined ? undefined : check(definition.body, parseJson(text ?? ''), 'body'),
    actor,
    services,
    ids: services.ids,
    requestId,
    raw: c,
    authorise: (resource, action) => demand(services, actor, action ?? definition.action, resource),
  }
}

function check(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined
  refuseUnstorable(value, where)
  const result = schema.safeParse(value)
  if (!result.success) throw fromZod(result.error, where)
  return result.data
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw new RankanError('invalid', 'body_missing', 'The request needs a JSON body.')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RankanError('invalid', 'body_not_json', `The body is not JSON: ${(error as Error).message}.`)
  }
}

async function reply(
  c: Context,
  route: Route,
  context: RouteContext<unknown, unknown, unknown>,
): Promise<Response> {
  const value = await route.run(context)
  if (value instanceof Response) return value
  const status = route.definition.status ?? 200
  return status === 204 ? c.body(null, 204) : c.json(value as object, status)
}

/** The same key with the same request is answered once; again it gets the first answer. */
async function once(
  c: Context,
  services: Services,
  context: RouteContext<unknown, unknown, unknown>,
  key: string,
  text: string,
  run: () => Promise<Response>,
): Promise<Response> {
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new RankanError(
      'invalid',
      'idempotency_key_invalid',
      'The `Idempotency-Key` must be 1 to 200 visible ASCII characters.',
    )
  const requestHash = createHash('sha256').update(`${c.req.method} ${c.req.path}\n${text}`).digest('hex')
  const claim = await claimKey(services.on, context.actor.id, key, requestHash)
  if (claim.state === 'answered')
    return new Response(claim.status === 204 ? null : claim.body, {
      status: claim.status,
      headers: { 'content-type': 'application/json', 'idempotent-replayed': 'true' },
    })
  if (claim.state === 'running')
    throw new RankanError(
      'conflict',
      'request_running',
      'The first request with this `Idempotency-Key` is still running.',
    )
  if (claim.state === 'other_request')
    throw new RankanError(
      'invalid',
      'idempotency_key_reused',
      'This `Idempotency-Key` was used for another request.',
    )
  try {
    const response = await run()
    await answerKey(services.on, context.actor.id, key, response.status, await response.clone().text())
    return response
  } catch (error) {
    await releaseKey(services.on, context.actor.id, key)
    throw error
  }
}

function problemReply(c: Context, services: Services, thrown: unknown, requestId: string): Response {
  const error = thrown instanceof z.ZodError ? fromZod(thrown, 'body') : fromUnknown(thrown)
  const problem = toProblem(error, requestId)
  if (error.kind === 'bug')
    services.log.error({ requestId, path: c.req.path, err: error.cause ?? error }, error.message)
  const status = error.code === 'not_signed_in' ? 401 : problem.status
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  return new Response(JSON.stringify({ ...problem, status }), { status, headers })
}

function requestIdOf(c: Context): string {
  const known = c.res.headers.get('x-request-id')
  if (known !== null) return known
  const id = randomUUID()
  c.header('x-request-id', id)
  return id
}

type PathConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0]

function describe({ definition }: Route): PathConfig {
  const request: Record<string, unknown> = {}
  if (definition.params !== undefined) request.params = definition.params
  if (definition.query !== undefined) request.query = definition.query
  if (definition.body !== undefined)
    request.body = { content: { 'application/json': { schema: definition.body } }, required: true }
  if (definition.upload !== undefined) {
    const schema = z.string().openapi({ format: 'binary' })
    request.body = {
      content: Object.fromEntries(definition.upload.types.map((type) => [type, { schema }])),
      required: true,
    }
  }
  const problem = {
    description: 'Problem document',
    content: { 'application/problem+json': { schema: problemSchema } },
  }
  const status = definition.status ?? 200
  const content =
    definition.reply === undefined
      ? undefined
      : { [definition.replyType ?? 'application/json']: { schema: definition.reply } }
  return createRoute({
    method: definition.method,
    path: definition.path,
    tags: [definition.tag],
    summary: definition.summary,
    description: `${definition.description ?? ''}\n\nGuarded by \`${definition.action}\`.`.trim(),
    request,
    responses: {
      [status]: { description: 'Done', ...(content === undefined ? {} : { content }) },
      default: problem,
    },
  } as Parameters<typeof createRoute>[0])
}
