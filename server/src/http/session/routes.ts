import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { ROLES } from '../../domain/people/roles.ts'
import { RankanError } from '../../kernel/errors.ts'
import {
  closeSession,
  findSession,
  openSession,
  setSessionLanguage,
} from '../../storage/sessions/sessions.ts'
import type { App } from '../app.ts'
import { refuseForgery, SESSION_COOKIE, sessionToken } from '../guard.ts'
import { fromUnknown, fromZod, toProblem } from '../problems.ts'
import type { Services } from '../services.ts'

const actorSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  organisationIds: z.array(z.string()),
})

/** `organisationName`: who employs the person, as it is called today. */
const personaSchema = actorSchema.extend({
  organisationName: z.object({ ja: z.string(), en: z.string() }).nullable(),
})

export const sessionSchema = z
  .object({
    actor: actorSchema.nullable(),
    language: z.enum(['ja', 'en']),
    estateIsSandbox: z.boolean(),
    personas: z.array(personaSchema),
  })
  .openapi('Session')

const signInSchema = z.object({ personaId: z.string().max(100), language: z.enum(['ja', 'en']).optional() })
const languageSchema = z.object({ language: z.enum(['ja', 'en']) })

/** Sign-in stands outside the guarded routes: it is where there is no session yet. */
export function mountSession(app: App, services: Services): void {
  const guarded = (handle: (c: Context) => Promise<Response>) => async (c: Context) => {
    try {
      refuseForgery(c)
      return await handle(c)
    } catch (thrown) {
      const error = thrown instanceof z.ZodError ? fromZod(thrown, 'body') : fromUnknown(thrown)
      const problem = toProblem(error, '')
      return c.json(problem, problem.status as 400, { 'content-type': 'application/problem+json' })
    }
  }
  app.get(
    '/api/session',
    guarded((c) => show(c, services)),
  )
  app.post(
    '/api/session',
    guarded((c) => signIn(c, services)),
  )
  app.put(
    '/api/session',
    guarded((c) => chooseLanguage(c, services)),
  )
  app.delete(
    '/api/session',
    guarded((c) => signOut(c, services)),
  )
}

async function show(c: Context, services: Services): Promise<Response> {
  const token = sessionToken(c)
  const session = token === null ? null : await findSession(services.on, token)
  const language = session?.language ?? (c.req.header('accept-language')?.startsWith('en') ? 'en' : 'ja')
  const personas = session === null && services.personas !== null ? await services.personas() : []
  return c.json({
    actor: session?.actor ?? null,
    language,
    estateIsSandbox: services.personas !== null,
    personas,
  })
}

async function signIn(c: Context, services: Services): Promise<Response> {
  const { personaId, language } = signInSchema.parse(await c.req.json().catch(() => null))
  if (services.personas === null)
    throw new RankanError(
      'denied',
      'no_demo_sign_in',
      'Demo personas exist only while the estate is the sandbox.',
    )
  const persona = (await services.personas()).find((p) => p.id === personaId)
  if (persona === undefined)
    throw new RankanError('not_found', 'persona_not_found', `There is no persona \`${personaId}\`.`)
  // The session keeps who acts, and nothing that the register may call otherwise tomorrow.
  const { organisationName: _, ...actor } = persona
  const chosen = language ?? 'ja'
  const { token, expiresAt } = await openSession(services.on, { actor, language: chosen })
  setCookie(c, SESSION_COOKIE, token, { httpOnly: true, sameSite: 'Strict', path: '/', expires: expiresAt })
  return c.json({ actor, language: chosen, estateIsSandbox: true, personas: [], token }, 201)
}

async function chooseLanguage(c: Context, services: Services): Promise<Response> {
  const { language } = languageSchema.parse(await c.req.json().catch(() => null))
  const token = sessionToken(c)
  if (token !== null) await setSessionLanguage(services.on, token, language)
  return c.body(null, 204)
}

async function signOut(c: Context, services: Services): Promise<Response> {
  const token = sessionToken(c)
  if (token !== null) await closeSession(services.on, token)
  deleteCookie(c, SESSION_COOKIE, { path: '/' })
  return c.body(null, 204)
}
