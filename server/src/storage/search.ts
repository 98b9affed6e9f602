import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isCentral } from '../domain/people/roles.ts'
import type { Tx } from './transact.ts'

/** Where the words of the rows of a table stand, see migrations/0051 and 0066. */
interface Words {
  readonly table: 'application_token' | 'account_token'
  /** Names the row that has the word. */
  readonly of: string
}

export const APPLICATION_WORDS: Words = { table: 'application_token', of: 'application_id' }
export const ACCOUNT_WORDS: Words = { table: 'account_token', of: 'account_key' }

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

/**
 * The rows that have every word of the text, each at the beginning of a Latin word, of a number, or anywhere in Japanese.
 * @param id the column that names the row.
 */
export function matchesText(tx: Tx, words: Words, id: string, text: string): RawBuilder<SqlBool> {
  const terms = searchTerms(text)
  if (terms.length === 0) return sql`false`
  const has = terms.map(
    (term) => sql`${sql.ref(id)} in (select ${sql.ref(words.of)} from ${tokens(tx, words, term)})`,
  )
  return sql`(${sql.join(has, sql` and `)})`
}

/** A tenant's own are said once more, because row-level security by itself uses no index. */
function tokens({ actor }: Tx, words: Words, term: string): RawBuilder<unknown> {
  const range = sql`token >= ${term} and token < ${term + LAST} collate "C"`
  const found = sql`${sql.table(words.table)} where ${range}`
  return isCentral(actor) ? found : sql`${found} and organisation_id = any(${[...actor.organisationIds]})`
}

/**
 * The planner takes the policy of row-level security for a filter that leaves hardly a row, and would then read and
 * sort the whole table for one page. In this transaction it walks the index of the order instead. Only a search for
 * words that few rows have begins at the index of words, and sorts those few.
 */
export async function preferIndexes(tx: Tx, words: Words, text: string | undefined): Promise<void> {
  const sort = text !== undefined && (await isRare(tx, words, text)) ? 'on' : 'off'
  await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_sort', ${sort}, true)`.execute(
    tx.sql,
  )
}

/** So many tokens are read and their rows sorted in some milliseconds. */
const FEW = 500

/** Whether some word of the text is had by few of the rows that the actor may see. */
async function isRare(tx: Tx, words: Words, text: string): Promise<boolean> {
  for (const term of searchTerms(text)) {
    const some = sql`select token from ${tokens(tx, words, term)} limit ${FEW + 1}`
    if ((await some.execute(tx.sql)).rows.length <= FEW) return true
  }
  return false
}
