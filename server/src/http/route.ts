import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Action } from '../domain/access/table.ts'
import type { Actor } from '../domain/people/roles.ts'
import type { Authorise, Resource } from '../identity/authorise.ts'
import type { IdSource } from '../kernel/ids.ts'
import type { Services } from './services.ts'

type Shape = z.ZodType | undefined
type Out<S> = S extends z.ZodType ? z.output<S> : undefined

/** What a handler gets: checked input, who asks, and what the server is made of. */
export interface RouteContext<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly actor: Actor
  readonly services: Services
  readonly ids: IdSource
  readonly requestId: string
  /** Asks Cedar again with what is now known of the resource; throws `denied` when it says no. */
  authorise(resource: Resource, action?: Action): void
  /** Hono's context, for streams and downloads: a handler may return a `Response` of its own. */
  readonly raw: Context
}

export interface RouteDefinition<P extends Shape, Q extends Shape, B extends Shape, R extends Shape> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** OpenAPI path: `/api/applications/{id}`. */
  readonly path: string
  /** Row of the access table that guards it. */
  readonly action: Action
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Largest JSON body in bytes, where files travel in it; otherwise that of every route. */
  readonly maxBytes?: number
  /** Body that is not JSON (a file): its media types; the handler reads `raw.req`. Size limit in bytes. */
  readonly upload?: { readonly types: readonly string[]; readonly maxBytes: number }
  readonly reply?: R
  /** Media type of a reply that is not JSON. */
  readonly replyType?: string
  readonly status?: 200 | 201 | 202 | 204
  readonly handle: (context: RouteContext<Out<P>, Out<Q>, Out<B>>) => Promise<Out<R> | Response>
}

// The registry holds routes of every shape; each was checked against its own shape by `route`.
export interface Route {
  readonly definition: Omit<RouteDefinition<Shape, Shape, Shape, Shape>, 'handle'>
  run(context: RouteContext<unknown, unknown, unknown>): Promise<unknown>
}

/** Declares a route: one schema validates, documents in OpenAPI and types the handler. */
export function route<
  P extends Shape = undefined,
  Q extends Shape = undefined,
  B extends Shape = undefined,
  R extends Shape = undefined,
>(definition: RouteDefinition<P, Q, B, R>): Route {
  return {
    definition,
    run: (context) => definition.handle(context as RouteContext<Out<P>, Out<Q>, Out<B>>),
  }
}

/** `?limit=&cursor=` of every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
})

/** `{items, nextCursor}`: `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().optional() })

/** An opaque cursor out of the last row's sort key, and back. A cursor that was tampered with is refused by the caller's schema. */
export const encodeCursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')
export function decodeCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    value = undefined
  }
  return schema.parse(value, {
    error: () => 'The cursor is not one that this list gave. Begin again without it.',
  })
}

export type { Authorise }
