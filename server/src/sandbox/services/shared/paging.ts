import { AwsError } from '../../core/contract.ts'

export interface Page<T> {
  readonly items: T[]
  readonly next: string | undefined
}

interface PageRequest {
  readonly token: string | undefined
  readonly size: number
  /** Error code of a token that this service did not give, e.g. `ValidationException`. */
  readonly badToken: string
}

/** One page; the token is opaque to clients: the number of items before the next page, with a mark. */
export function pageOf<T>(items: readonly T[], { token, size, badToken }: PageRequest): Page<T> {
  const start = token === undefined || token === '' ? 0 : offsetOf(token, badToken)
  const end = start + size
  return { items: items.slice(start, end), next: end < items.length ? tokenOf(end) : undefined }
}

const tokenOf = (offset: number) => Buffer.from(`rankan:${offset}`).toString('base64url')

function offsetOf(token: string, badToken: string): number {
  const match = /^rankan:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())
  if (!match) throw new AwsError(badToken, 'The pagination token is invalid.')
  return Number(match[1])
}
