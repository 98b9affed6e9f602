import type { ErrorKind } from '@rankan/server/kernel/errors.ts'
import { z } from 'zod'

const issue = z.object({
  path: z.array(z.union([z.string(), z.number()])).default([]),
  code: z.string().default('invalid'),
  message: z.string().default(''),
})

/** RFC 9457 problem document as our API sends it. Unknown members are dropped. */
export const problemDocument = z.object({
  type: z.string().default('about:blank'),
  title: z.string().default(''),
  status: z.number().optional(),
  detail: z.string().default(''),
  code: z.string().default('unknown'),
  issues: z.array(issue).default([]),
})
export type ProblemDocument = z.infer<typeof problemDocument>

/** What every call of the API client throws when the answer is not a success. `status` 0: no answer at all. */
export class ApiError extends Error {
  readonly status: number
  readonly kind: ErrorKind
  readonly problem: ProblemDocument

  constructor(status: number, problem: ProblemDocument, cause?: unknown) {
    super(problem.detail || problem.title || `HTTP ${status}`, { cause })
    this.name = 'ApiError'
    this.status = status
    this.kind = kindOf(status)
    this.problem = problem
  }
}

const KINDS: Readonly<Record<number, ErrorKind>> = {
  0: 'unavailable',
  400: 'invalid',
  401: 'denied',
  403: 'denied',
  404: 'not_found',
  409: 'conflict',
  412: 'conflict',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'throttled',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
}
const kindOf = (status: number): ErrorKind => KINDS[status] ?? 'bug'

/** The problem in a failed answer; a proxy's HTML page becomes an empty problem with its status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => ({}))
  const parsed = problemDocument.safeParse(body)
  const problem = parsed.success ? parsed.data : problemDocument.parse({})
  return new ApiError(response.status, { ...problem, title: problem.title || response.statusText })
}
