import { ROLES } from '@rankan/server/domain/people/roles.ts'
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { del, get, post } from './client.ts'
import { ApiError } from './problem.ts'

const bilingual = z.object({ ja: z.string(), en: z.string() })
const named = z.union([bilingual, z.string().transform((text) => ({ ja: text, en: text }))])

const persona = z.object({
  id: z.string(),
  name: named,
  role: z.enum(ROLES),
  organisationIds: z.array(z.string()).default([]),
  organisationName: named.nullish(),
})
export type Persona = z.infer<typeof persona>

const signedIn = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  organisationIds: z.array(z.string()),
})
export type SignedIn = z.infer<typeof signedIn>

export const sessionView = z.object({
  /** null: nobody is signed in. */
  actor: signedIn.nullish().transform((actor) => actor ?? null),
  estateIsSandbox: z.boolean(),
  /** Named demo personas; only while the estate is the sandbox. */
  personas: z.array(persona).default([]),
})

export const SESSION_PATH = '/api/session'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => get(SESSION_PATH, sessionView, {}, signal),
  staleTime: 60_000,
  // A server that is starting up answers 503 for a moment.
  retry: (failures, error) => error instanceof ApiError && error.kind === 'unavailable' && failures < 5,
})

export const signIn = (personaId: string) => post(SESSION_PATH, { personaId })
export const signOut = () => del(SESSION_PATH)
