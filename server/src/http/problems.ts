import { z } from '@hono/zod-openapi'
import { type ErrorKind, type Issue, RankanError } from '../kernel/errors.ts'

/** The one map from error kinds to HTTP. */
const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  denied: 403,
  throttled: 429,
  unavailable: 503,
  bug: 500,
}

const TITLES: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is not valid',
  not_found: 'Not found',
  conflict: 'The state of the world does not allow this',
  denied: 'Not allowed',
  throttled: 'Too many requests',
  unavailable: 'Not available for the moment',
  bug: 'An error of Rankan itself',
}

/** Problem document (RFC 9457) with what was wrong field by field. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    issues: z.array(
      z.object({
        path: z.array(z.union([z.string(), z.number()])),
        code: z.string(),
        message: z.string(),
        params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      }),
    ),
  })
  .openapi('Problem')

export type Problem = z.infer<typeof problemSchema>

export function toProblem(error: RankanError, requestId: string): Problem {
  return {
    type: `/docs/errors#${error.code}`,
    title: TITLES[error.kind],
    status: STATUS[error.kind],
    detail:
      error.kind === 'bug'
        ? 'Something went wrong in Rankan. The log has the details under this request id.'
        : error.message,
    code: error.code,
    requestId,
    issues: error.issues.map((issue) => ({ ...issue, path: [...issue.path] })),
  }
}

/** Zod's issues as ours; `where` is `body`, `query` or `params`, and is left out of body paths, as forms expect. */
export function fromZod(error: z.ZodError, where: string): RankanError {
  const issues: Issue[] = error.issues.map((issue) => ({
    path: where === 'body' ? issue.path.map(pathPart) : [where, ...issue.path.map(pathPart)],
    code: issue.code,
    message: issue.message,
  }))
  const first = issues[0]
  const place = first === undefined || first.path.length === 0 ? where : first.path.join('.')
  return new RankanError('invalid', 'request_invalid', `\`${place}\`: ${first?.message ?? 'not valid'}`, {
    issues,
  })
}

const pathPart = (part: PropertyKey): string | number => (typeof part === 'symbol' ? String(part) : part)

/** PostgreSQL's own refusals, where they have a meaning for the caller. */
export function fromUnknown(error: unknown): RankanError {
  if (error instanceof RankanError) return error
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  if (code === '40001' || code === '40P01')
    return new RankanError(
      'conflict',
      'concurrent_change',
      'Somebody changed the same thing at the same moment. Try again.',
      { cause: error },
    )
  if (code === '42501')
    return new RankanError('denied', 'outside_scope', 'This belongs to another organisation.', {
      cause: error,
    })
  if (code === '53100')
    return new RankanError('unavailable', 'disk_full', 'The disk of the database is full.', { cause: error })
  if (code.startsWith('08') || code.startsWith('57P') || code === 'ECONNREFUSED' || code === 'ECONNRESET')
    return new RankanError(
      'unavailable',
      'database_unavailable',
      'The database does not answer. Try again in a moment.',
      { cause: error },
    )
  return new RankanError('bug', 'bug', message, { cause: error })
}
