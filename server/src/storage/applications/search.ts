import { type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { isCentral } from '../../domain/people/roles.ts'
import type { Schema } from '../schema.ts'
import type { Tx } from '../transact.ts'

/** Tokens are cut here; so is what is looked for. */
const TOKEN_LENGTH = 32
/** After every character that a token can hold, in the order of bytes. */
const LAST = '\u{10FFFF}'
/** More words do not make a search more precise. */
const MOST_TERMS = 8

/**
 * The words that a search must find, as `rankan_search_tokens` in migrations/0051 cuts them: NFKC, lower case, and from
 * the first letter or digit on. Empty when the text has none.
 */
export const searchTerms = (text: string): readonly string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .flatMap((word) => /[a-z0-9\u0080-\u{10FFFF}].*/u.exec(word)?.[0] ?? [])
    .map((word) => [...word].slice(0, TOKEN_LENGTH).join(''))
    .slice(0, MOST_TERMS)

/** Applications that have every word of the text, each at the beginning of a Latin word, of a number, or anywhere in Japanese. */
export function matchesText(tx: Tx, eb: ExpressionBuilder<Schema, 'application'>, text: string) {
  const terms = searchTerms(text)
  if (terms.length === 0) return eb.val(false)
  return eb.and(terms.map((term) => eb('id', 'in', tokens(tx, term).select('application_id'))))
}

/** A tenant's own are said once more, because row-level security by itself uses no index. */
function tokens({ sql: trx, actor }: Tx, term: string) {
  const range = sql<SqlBool>`token >= ${term} and token < ${term + LAST} collate "C"`
  const found = trx.selectFrom('application_token').where(range)
  return isCentral(actor) ? found : found.where('organisation_id', 'in', [...actor.organisationIds, ''])
}

/** So many tokens are read and their applications sorted in some milliseconds. */
const FEW = 500

/** Whether some word of the text is had by few of the applications that the actor may see. */
export async function isRare(tx: Tx, text: string): Promise<boolean> {
  for (const term of searchTerms(text)) {
    const some = tokens(tx, term)
      .select('token')
      .limit(FEW + 1)
    if ((await some.execute()).length <= FEW) return true
  }
  return false
}
