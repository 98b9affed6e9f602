import { z } from 'zod'
import type { Issue } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { err, ok, type Result } from '../../kernel/result.ts'
import { type VendForm, vendForm } from './form.ts'
import { issueOf } from './issues.ts'
import { APPLICATION_KINDS, type ApplicationKind } from './kinds.ts'
import { APPLICATION_LIMITS as L } from './limits.ts'

/** A form that is still being filled in: any part may be missing. */
export type DeepPartial<T> = T extends readonly (infer U)[]
  ? DeepPartial<U>[]
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T
export type PartialVendForm = DeepPartial<VendForm>

export type DraftForm = { readonly kind: ApplicationKind } & { readonly [key: string]: Json }

/** What may be kept as a draft: a JSON object of a known kind, of bounded size and depth. Nothing else is demanded. */
export function readDraft(input: unknown): Result<DraftForm, readonly Issue[]> {
  if (!isRecord(input)) return err([issueOf([], 'wrong_type', { expected: 'object' })])
  if (!APPLICATION_KINDS.includes(input.kind as ApplicationKind))
    return err([issueOf(['kind'], 'not_in_list', { options: APPLICATION_KINDS.join(', ') })])
  const path = firstBad(input, 0)
  if (path) return err([issueOf(path.path, path.code)])
  if (new TextEncoder().encode(JSON.stringify(input)).length > L.draftBytes)
    return err([issueOf([], 'too_large', { maximum: L.draftBytes })])
  return ok(input as DraftForm)
}

interface Bad {
  readonly path: readonly (string | number)[]
  readonly code: string
}

/** NUL and lone surrogates cannot be stored as JSONB; both are refused with their place. */
function firstBad(value: unknown, depth: number): Bad | null {
  if (depth > L.draftDepth) return { path: [], code: 'too_deep' }
  if (typeof value === 'string')
    return value.includes('\u0000') || /\p{Surrogate}/u.test(value)
      ? { path: [], code: 'forbidden_character' }
      : null
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const bad = firstBad(key, depth) ?? firstBad(inner, depth + 1)
    if (bad)
      return { path: [Array.isArray(value) ? Number(key) : key.slice(0, 40), ...bad.path], code: bad.code }
  }
  return null
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return unwrap(schema.unwrap())
  return schema
}

/** Keeps of an unfinished document what the schema accepts, so that rules can look at it while it is filled in. */
function keepValid(schema: unknown, value: unknown): unknown {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject && isRecord(value)) {
    const members = Object.entries(inner.shape)
      .map(([key, part]) => [key, keepValid(part, value[key])] as const)
      .filter(([, kept]) => kept !== undefined)
    return Object.fromEntries(members)
  }
  if (inner instanceof z.ZodArray && Array.isArray(value))
    return value
      .slice(0, L.tenants)
      .map((item) => keepValid(inner.element, item))
      .filter((item) => item !== undefined)
  if (value === undefined || !(schema instanceof z.ZodType)) return undefined
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

export const partialVendForm = (draft: unknown): PartialVendForm =>
  (keepValid(vendForm, draft) ?? {}) as PartialVendForm
