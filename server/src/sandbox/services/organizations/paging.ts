import { invalidInput } from './errors.ts'

export interface PageInput {
  readonly NextToken?: string
  readonly MaxResults?: number
}

// ListAccounts and its like never give more (API model, MaxResults).
export const PAGE = 20

/**
 * One page of the rows that fit, in the table's order. The token is the key of the last row, so that rows which come or
 * go between two pages neither repeat nor hide others.
 */
export function page<T>(
  rows: Pages<T>,
  fits: (row: T) => boolean,
  { NextToken, MaxResults = PAGE }: PageInput,
): { items: T[]; next: string | undefined } {
  const rest = NextToken === undefined ? rows.entries() : rows.after(keyOf(NextToken))
  if (rest === null) throw badToken()
  const items: T[] = []
  let last = ''
  for (const [key, row] of rest) {
    if (!fits(row)) continue
    if (items.length === MaxResults) return { items, next: tokenOf(last) }
    items.push(row)
    last = key
  }
  return { items, next: undefined }
}

/** What can be paged: a table, or a list of rows with their keys. */
export interface Pages<T> {
  entries(): Iterable<[string, T]>
  after(key: string): Iterable<[string, T]> | null
}

export const listOf = <T>(rows: readonly [string, T][]): Pages<T> => ({
  entries: () => rows,
  after(key) {
    const at = rows.findIndex(([k]) => k === key)
    return at < 0 ? null : rows.slice(at + 1)
  },
})

const tokenOf = (key: string) => Buffer.from(`rankan-page:${key}`).toString('base64')

function keyOf(token: string): string {
  const text = Buffer.from(token, 'base64').toString()
  if (!text.startsWith('rankan-page:')) throw badToken()
  return text.slice('rankan-page:'.length)
}

const badToken = () =>
  invalidInput(
    'INVALID_NEXT_TOKEN',
    'You specified an invalid value for nextToken. You must get the value from the response to a previous call to the API.',
  )
