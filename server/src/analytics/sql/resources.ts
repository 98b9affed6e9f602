import { type Dialect, literal } from './dialect.ts'
import { firstValues, partitionSql, UNSURE } from './parameters.ts'

/** Most placeholders before the last one; a test holds the tables to it. */
export const MOST_HEADS = 5

/**
 * The resources of one check as a list of texts `type owner arn` with tabs between; owner and ARN are empty when they are not known.
 * `policy/trail/resources.ts` in SQL, over the columns `types` and `several` of `rankan_events`, and of the record
 * `params`, `resources`, `region`, `account` and `blind`. Never empty: a resource that is not known is one, too.
 */
export function resourcesSql(dialect: Dialect): string {
  const found = dialect.flat(dialect.each('types', 'ty', ofType(dialect)))
  const isUnsure = `${dialect.length(dialect.keep('f', 'u', `u = ${UNSURE}`))} > 0`
  const list = dialect.let(
    found,
    'f',
    `(case when ${isUnsure} or ${dialect.length('f')} = 0 then ${UNKNOWN_LIST(dialect)} else ${kept(dialect)} end)`,
  )
  return `(case when whole = 1 then ${dialect.one(ANY_ENTRY)} when blind or ${dialect.length('types')} = 0 then ${UNKNOWN_LIST(dialect)} else ${list} end)`
}

/** Neither type nor owner nor ARN; and what actions without resources are asked on. */
export const UNKNOWN_ENTRY = "'\t\t'"
export const ANY_ENTRY = "'\t\t*'"
const UNKNOWN_LIST = (dialect: Dialect) => dialect.one(UNKNOWN_ENTRY)

export const typeOf = (entry: string) => `split_part(${entry}, '\t', 1)`
export const ownerOf = (entry: string) => `nullif(split_part(${entry}, '\t', 2), '')`
export const arnOf = (entry: string) =>
  `nullif(regexp_extract(${entry}, '(?s)^[^\t]*\t[^\t]*\t(.*)\\z', 1), '')`

const entry = (arn: string, owner: string) => `(ty.name || '\t' || coalesce(${owner}, '') || '\t' || ${arn})`

/** Account part of an ARN when it is one. */
const accountIn = (arn: string) =>
  `nullif(coalesce(regexp_extract(${arn}, '^(?:[^:]*:){4}([0-9]{12})(?::|\\z)', 1), ''), '')`

const fits = (dialect: Dialect, arn: string) => `(ty.fits = '' or ${dialect.matchesColumn(arn, 'ty.fits')})`

/** Named in the record's own `resources`, else built of parameters, else what the action makes. */
function ofType(dialect: Dialect): string {
  const named = dialect.each(
    dialect.keep(
      `coalesce(resources, ${dialect.noResources})`,
      'r',
      `(coalesce(r.arn, '') like 'arn:%' and ty.fits <> '' and ${dialect.matchesColumn('r.arn', 'ty.fits')} and not (ty.bucket = 1 and position('/' in r.arn) > 0))`,
    ),
    'r',
    entry(
      'r.arn',
      `coalesce(${accountIn('r.arn')}, (case when ${dialect.matches("coalesce(r.accountid, '')", '[0-9]{12}')} then r.accountid end))`,
    ),
  )
  const built = dialect.first(
    dialect.keep(
      dialect.each(
        'ty.templates',
        't',
        dialect.keep(arnsOf(dialect), 'n', `(n = ${UNSURE} or ${fits(dialect, 'n')})`),
      ),
      'b',
      `${dialect.length('b')} > 0`,
    ),
  )
  // Whether the last placeholder is a name without a path is the same in all templates of a type.
  const short = `(${dialect.length(dialect.keep('ty.templates', 't', 't.short = 1'))} > 0)`
  const put = dialect.each('b', 'n', `(case when n = ${UNSURE} then n else ${whole(dialect, short)} end)`)
  const made = `(case when account = '' or region = '' then ${UNSURE} else ${entry(placed('ty.made'), accountIn(placed('ty.made')))} end)`
  const otherwise = `(case when ty.always = 0 then ${dialect.empty} when ty.made <> '' then ${dialect.one(made)}
      when several = 1 then ${dialect.one("(ty.name || '\t\t')")} else ${dialect.empty} end)`
  return dialect.let(
    named,
    'm',
    `(case when ${dialect.length('m')} > 0 then m else ${dialect.let(built, 'b', `(case when b is not null then ${put} else ${otherwise} end)`)} end)`,
  )
}

/** IAM's ARN with the path of the request, where the name alone was there. */
function whole(dialect: Dialect, short: string): string {
  const path = `coalesce(${dialect.jsonAt('params', dialect.path("'path'"))}, '')`
  const cut = "position('/' in n)"
  const withPath = `(case when ${short} and ${cut} > 0 and ${dialect.matches(path, '/.+/')}
      then substr(n, 1, ${cut} - 1) || ${path} || substr(n, ${cut} + 1) else n end)`
  return dialect.let(withPath, 'w', entry('w', accountIn('w')))
}

/** ARNs of one template; each value of the last placeholder gives one, and whole ARNs stand as they are. */
function arnsOf(dialect: Dialect): string {
  const heads = dialect.each('t.heads', 'ps', dialect.first(firstValues(dialect, 'params', 'ps')))
  const open = `${dialect.length(dialect.keep('h', 'g', "(g is null or g like 'arn:%')"))} > 0`
  const unsure = `${dialect.length(dialect.keep('h', 'g', `coalesce(g = ${UNSURE}, false)`))} > 0`
  const parts = Array.from({ length: MOST_HEADS + 1 }, (_, n) => {
    const text = placed(`coalesce(${dialect.at('t.literals', n + 1)}, '')`)
    const value = (index: number) => `coalesce(${dialect.at('h', index)}, '')`
    return [
      text,
      `(case when ${dialect.length('h')} = ${n} then v when ${dialect.length('h')} > ${n} then ${value(n + 1)} else '' end)`,
    ]
  })
  const tail = placed(`coalesce(${dialect.at('t.literals', MOST_HEADS + 2)}, '')`)
  const filled = dialect.concat([...parts.flat(), tail])
  const each = dialect.each('l', 'v', `(case when v = ${UNSURE} or v like 'arn:%' then v else ${filled} end)`)
  const found = dialect.let(
    firstValues(dialect, 'params', 't.tail'),
    'l',
    `(case when l is null then ${dialect.empty} when account = '' or region = '' then ${dialect.one(UNSURE)} else ${dialect.let(
      heads,
      'h',
      `(case when ${unsure} then ${dialect.one(UNSURE)} when ${open} then ${dialect.keep('l', 'v', `(v = ${UNSURE} or v like 'arn:%')`)} else ${each} end)`,
    )} end)`,
  )
  const fixed = `(case when account = '' or region = '' then ${UNSURE} else ${placed(dialect.at('t.literals', 1))} end)`
  return `(case when ${dialect.length('t.literals')} = 1 then ${dialect.one(fixed)} else ${found} end)`
}

const placed = (text: string) => {
  const replaced = (inner: string, name: string, by: string) =>
    `replace(${inner}, ${literal(`\${${name}}`)}, ${by})`
  return replaced(
    replaced(replaced(text, 'Partition', partitionSql('region')), 'Region', 'region'),
    'Account',
    'account',
  )
}

/** Each once; what lies within another is not asked of the outer one, but where every type is a check of its own. */
function kept(dialect: Dialect): string {
  const same = `${dialect.length(dialect.keep('f', 'o', `(o <> e and ${arnOf('o')} = ${arnOf('e')})`))} > 0`
  // Which of two types an ARN is found for first decides the engine's keys; here neither tells any.
  const typed = dialect.each(
    'f',
    'e',
    `(case when ${same} then '?' || substr(e, position('\t' in e)) else e end)`,
  )
  const inner = `${dialect.length(dialect.keep('d', 'o', `coalesce(substr(${arnOf('o')}, 1, length(${arnOf('e')}) + 1) in (${arnOf('e')} || '/', ${arnOf('e')} || ':'), false)`))} > 0`
  return dialect.let(
    dialect.distinct(typed),
    'd',
    `(case when several = 1 then d else ${dialect.keep('d', 'e', `(not ${inner})`)} end)`,
  )
}
