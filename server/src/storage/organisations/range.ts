import type { Day } from '../../kernel/days.ts'
import { bug } from '../../kernel/errors.ts'

export interface Span {
  readonly from: Day | null
  readonly to: Day | null
}

/** `[2017-04-01,2018-10-01)`; PostgreSQL always gives a daterange in this canonical form. */
export function spanOf(range: string): Span {
  const match = /^[[(]([^,]*),([^)]*)\)$/.exec(range)
  if (match === null) throw bug(`PostgreSQL gave the daterange \`${range}\``)
  return { from: match[1] || null, to: match[2] || null }
}

export const rangeOf = (span: Span): string =>
  `${span.from === null ? '(' : `[${span.from}`},${span.to ?? ''})`
