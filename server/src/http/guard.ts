import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { Action } from '../domain/access/table.ts'
import type { Actor } from '../domain/people/roles.ts'
import type { Resource } from '../identity/authorise.ts'
import { RankanError } from '../kernel/errors.ts'
import { findSession, type Session } from '../storage/sessions/sessions.ts'
import type { Services } from './services.ts'

export const SESSION_COOKIE = 'rankan_session'
/** A page of another site cannot set this header, so a change that carries it was made by our own page or by a program. */
export const CSRF_HEADER = 'x-rankan-request'

export function sessionToken(c: Context): string | null {
  const bearer = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(c.req.header('authorization') ?? '')?.[1]
  return bearer ?? getCookie(c, SESSION_COOKIE) ?? null
}

export async function signedIn(c: Context, services: Services): Promise<Session> {
  const token = sessionToken(c)
  const session = token === null ? null : await findSession(services.on, token)
  if (session === null) throw new RankanError('denied', 'not_signed_in', 'Sign in first.')
  return session
}

/** Cookies travel by themselves; so a change asked with a cookie must show that our page asked it. */
export function refuseForgery(c: Context): void {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  if (c.req.header('authorization') !== undefined || c.req.header(CSRF_HEADER) !== undefined) return
  throw new RankanError('denied', 'cross_site_request', `A change needs the header \`${CSRF_HEADER}: 1\`.`)
}

export function demand(services: Services, actor: Actor, action: Action, resource: Resource = {}): void {
  const decision = services.authorise(actor, action, resource)
  if (decision.allowed) return
  const reason = decision.because[0]
  throw new RankanError(
    'denied',
    reason ?? 'role_not_allowed',
    reason === undefined
      ? `The role \`${actor.role}\` may not do \`${action}\`.`
      : `\`${action}\` is forbidden here by the rule \`${reason}\`.`,
  )
}
