import { pageOf } from '../shared/paging.ts'

/** A filter that was left out lets everything through. */
export const holds = (wanted: readonly string[] | undefined, value: string | null): boolean =>
  !wanted || wanted.includes(value ?? '')

/** One page of what fits, as every list of Control Tower gives it. */
export const listed = <T>(
  fits: readonly T[],
  input: { readonly nextToken?: string; readonly maxResults?: number },
  usualSize: number,
) =>
  pageOf(fits, {
    token: input.nextToken,
    size: input.maxResults ?? usualSize,
    badToken: 'ValidationException',
  })
