/**
 * The few kinds of error that Rankan knows. The edge (`http/problems.ts`, `cli/`) maps each kind to a
 * problem document or an exit code in one place; nothing else decides how an error looks.
 */
export type ErrorKind =
  | 'invalid' // the request is wrong; `issues` says where
  | 'not_found'
  | 'conflict' // the world moved, or the thing exists already
  | 'denied'
  | 'throttled' // try again later; `retryAfterMs` if known
  | 'unavailable' // a dependency does not answer
  | 'bug' // ours

/** One thing that is wrong, with the path of the field (`['environments', 0, 'region']`). */
export interface Issue {
  readonly path: readonly (string | number)[]
  /** Stable machine-readable reason, e.g. `region_not_allowed`. */
  readonly code: string
  /** Values that the text of the message needs; user's words among them are shown in backticks. */
  readonly params?: Readonly<Record<string, string | number>>
  /** English text for logs and API users: what is wrong and what to do. */
  readonly message: string
}

export class RankanError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly issues: readonly Issue[]
  readonly retryAfterMs: number | undefined

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    options: { issues?: readonly Issue[]; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RankanError'
    this.kind = kind
    this.code = code
    this.issues = options.issues ?? []
    this.retryAfterMs = options.retryAfterMs
  }
}

export const invalid = (code: string, message: string, issues: readonly Issue[] = []) =>
  new RankanError('invalid', code, message, { issues })
export const notFound = (what: string, id: string) =>
  new RankanError('not_found', `${what}_not_found`, `There is no ${what.replaceAll('_', ' ')} \`${id}\`.`)
export const conflict = (code: string, message: string) => new RankanError('conflict', code, message)
export const denied = (code: string, message: string) => new RankanError('denied', code, message)
export const bug = (message: string, cause?: unknown) => new RankanError('bug', 'bug', message, { cause })

/** Asserts an invariant of our own code; a failure is our bug, never the user's. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw bug(message)
}
