/**
 * Everything in which Athena (engine version 3, which is Trino) and DuckDB differ, and nothing else. The generator is
 * the same for both, so that what is proved on DuckDB is proved of the query that Athena runs, but for this file.
 * Sources: Athena user guide, "Functions in Amazon Athena"; Trino 4xx functions; DuckDB 1.5 functions.
 */
export interface Dialect {
  readonly name: 'athena' | 'duckdb'
  /** Text out of a column of JSON by a path of plain names; `null` for JSON's null and for nothing. */
  readonly jsonText: (column: string, path: readonly string[]) => string
  /** `map(varchar, array(varchar))` out of a column of JSON, at a path; JSON's null in it stays a `null` entry. */
  readonly jsonMap: (column: string, path: readonly string[]) => string
  readonly mapHas: (map: string, key: string) => string
  readonly mapGet: (map: string, key: string) => string
  readonly noTexts: string
  /** A list of one text. */
  readonly one: (text: string) => string
  readonly length: (list: string) => string
  /** Kleene: true when one holds, else unknown when one is unknown; the body sees each text as `x`. */
  readonly some: (list: string, body: string) => string
  readonly every: (list: string, body: string) => string
  /** Whether the whole text matches; patterns are of RE2 and Joni alike. */
  readonly matches: (text: string, pattern: string) => string
  readonly tryNumber: (text: string) => string
  /** Milliseconds since 1970 of `2026-10-01T00:00:00Z`, null when it is no time. */
  readonly tryIsoMs: (text: string) => string
  readonly splitPart: (text: string, by: string, index: number) => string
  /** `a:b` → `['a', 'b']`. */
  readonly split: (text: string, by: string) => string
  /** Each hexadecimal group with leading zeros, as one text. */
  readonly joinedGroups: (groups: string) => string
  /** Texts one after the other; none is null. */
  readonly concat: (texts: readonly string[]) => string
  /** Each text or struct of a list, under a name, as the body; null of null. */
  readonly each: (list: string, name: string, body: string) => string
  /** Those of which the body is true. */
  readonly keep: (list: string, name: string, body: string) => string
  /** The first of a list, null of an empty one; `at` counts from 1. */
  readonly first: (list: string) => string
  readonly at: (list: string, index: number) => string
  readonly flat: (lists: string) => string
  readonly distinct: (list: string) => string
  readonly has: (list: string, text: string) => string
  /** A value under a name, so that it is computed once. */
  readonly let: (value: string, name: string, body: string) => string
  readonly list: (values: readonly string[]) => string
  /** A list of no texts. */
  readonly empty: string
  /** No `resources` of a record. */
  readonly noResources: string
  /** Path of JSON out of an expression `a.b`; empty: the value itself. */
  readonly path: (plain: string) => string
  /** The text when it is JSON, else null. */
  readonly json: (text: string) => string
  /** Text of a text, number or boolean at a path, else null. */
  readonly jsonAt: (json: string, path: string) => string
  /** Items of a list, names of members; null when there is no such list or object. */
  readonly jsonItems: (json: string, path: string) => string
  readonly jsonNames: (json: string, path: string) => string
  /** Whether something other than JSON's null is there; whether that is a text. Never null. */
  readonly jsonThere: (json: string, path: string) => string
  /** Whether anything is there, be it JSON's null. Never null. */
  readonly jsonHas: (json: string, path: string) => string
  readonly jsonIsText: (json: string, path: string) => string
  /** Whether the text matches an expression that stands in a column and names its own ends. */
  readonly matchesColumn: (text: string, pattern: string) => string
  /** One step of a query. DuckDB would join the steps into one expression that repeats every column it uses. */
  readonly step: (name: string, sql: string) => string
  /** A relation of constant rows. */
  readonly values: (rows: readonly string[], alias: string, columns: readonly string[]) => string
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** DuckDB's way of quoting members; Trino's path has no quotes after a dot. */
const list = (values: readonly string[]) => values.map((value) => `"${value}"`).join('.')

/** A regular expression that must take all of the text, line ends included. */
const whole = (pattern: string) => literal(`(?s)\\A(?:${pattern})\\z`)

/** Athena's `concat` takes at most 127 texts, `||` any number. */
const concat = (texts: readonly string[]) => (texts.length === 0 ? "''" : `(${texts.join(' || ')})`)

export const DUCKDB: Dialect = {
  name: 'duckdb',
  jsonText: (column, path) => `json_extract_string(${column}, ${literal(`$.${list(path)}`)})`,
  jsonMap: (column, path) =>
    `cast(${path.length === 0 ? `cast(${column} as json)` : `json_extract(${column}, ${literal(`$.${list(path)}`)})`} as map(varchar, varchar[]))`,
  mapHas: (map, key) => `coalesce(map_contains(${map}, ${literal(key)}), false)`,
  mapGet: (map, key) => `${map}[${literal(key)}]`,
  noTexts: 'cast(null as varchar[])',
  one: (text) => `[${text}]`,
  length: (one) => `len(${one})`,
  some: (one, body) =>
    `(case when len(list_filter(${one}, lambda x: ${body})) > 0 then true when len(list_filter(${one}, lambda x: (${body}) is null)) > 0 then null else false end)`,
  every: (one, body) =>
    `(case when len(list_filter(${one}, lambda x: not (${body}))) > 0 then false when len(list_filter(${one}, lambda x: (${body}) is null)) > 0 then null else true end)`,
  matches: (text, pattern) => `regexp_matches(${text}, ${whole(pattern)})`,
  tryNumber: (text) => `try_cast(${text} as double)`,
  tryIsoMs: (text) => `epoch_ms(try_strptime(${text}, '%Y-%m-%dT%H:%M:%SZ'))`,
  splitPart: (text, by, index) => `split_part(${text}, ${literal(by)}, ${index})`,
  split: (text, by) => `string_split(${text}, ${literal(by)})`,
  joinedGroups: (groups) =>
    `coalesce(array_to_string(list_transform(${groups}, lambda g: lpad(lower(g), 4, '0')), ''), '')`,
  concat,
  each: (one, name, body) => `list_transform(${one}, lambda ${name}: ${body})`,
  keep: (one, name, body) => `list_filter(${one}, lambda ${name}: ${body})`,
  first: (one) => `(${one})[1]`,
  at: (one, index) => `(${one})[${index}]`,
  flat: (lists) => `flatten(${lists})`,
  distinct: (one) => `list_distinct(${one})`,
  has: (one, text) => `list_contains(${one}, ${text})`,
  let: (value, name, body) => `(list_transform([${value}], lambda ${name}: ${body}))[1]`,
  list: (values) => `[${values.join(', ')}]`,
  empty: 'cast([] as varchar[])',
  noResources: 'cast([] as struct(arn varchar, accountid varchar, type varchar)[])',
  path: (plain) =>
    `(case when ${plain} = '' then '$' else '$."' || replace(${plain}, '.', '"."') || '"' end)`,
  json: (text) => `(case when json_valid(${text}) then ${text} end)`,
  jsonAt: (json, at) =>
    `(case when json_type(${json}, ${at}) not in ('ARRAY', 'OBJECT') then json_extract_string(${json}, ${at}) end)`,
  jsonItems: (json, at) =>
    `(case when json_type(${json}, ${at}) = 'ARRAY' then cast(json_extract(${json}, ${at}) as json[]) end)`,
  jsonNames: (json, at) =>
    `(case when json_type(${json}, ${at}) = 'OBJECT' then json_keys(${json}, ${at}) end)`,
  jsonThere: (json, at) => `coalesce(json_type(${json}, ${at}) <> 'NULL', false)`,
  jsonHas: (json, at) => `(json_type(${json}, ${at}) is not null)`,
  jsonIsText: (json, at) => `coalesce(json_type(${json}, ${at}) = 'VARCHAR', false)`,
  matchesColumn: (text, pattern) => `regexp_matches(${text}, ${pattern})`,
  step: (name, sql) => `${name} as materialized (\n  ${sql}\n)`,
  values: (rows, alias, columns) =>
    `(values ${rows.map((row) => `(${row})`).join(', ')}) ${alias} (${columns.join(', ')})`,
}

export const ATHENA: Dialect = {
  name: 'athena',
  jsonText: (column, path) => `json_extract_scalar(${column}, ${literal(`$.${path.join('.')}`)})`,
  jsonMap: (column, path) =>
    `cast(${path.length === 0 ? `json_parse(${column})` : `json_extract(${column}, ${literal(`$.${path.join('.')}`)})`} as map(varchar, array(varchar)))`,
  mapHas: (map, key) => `coalesce(contains(map_keys(${map}), ${literal(key)}), false)`,
  mapGet: (map, key) => `element_at(${map}, ${literal(key)})`,
  noTexts: 'cast(null as array(varchar))',
  one: (text) => `array[${text}]`,
  length: (one) => `cardinality(${one})`,
  some: (one, body) => `any_match(${one}, x -> ${body})`,
  every: (one, body) => `all_match(${one}, x -> ${body})`,
  matches: (text, pattern) => `regexp_like(${text}, ${whole(pattern)})`,
  tryNumber: (text) => `try_cast(${text} as double)`,
  tryIsoMs: (text) => `cast(to_unixtime(try(date_parse(${text}, '%Y-%m-%dT%H:%i:%sZ'))) * 1000 as bigint)`,
  splitPart: (text, by, index) => `split_part(${text}, ${literal(by)}, ${index})`,
  split: (text, by) => `split(${text}, ${literal(by)})`,
  joinedGroups: (groups) => `array_join(transform(${groups}, g -> lpad(lower(g), 4, '0')), '')`,
  concat,
  each: (one, name, body) => `transform(${one}, ${name} -> ${body})`,
  keep: (one, name, body) => `filter(${one}, ${name} -> ${body})`,
  first: (one) => `element_at(${one}, 1)`,
  at: (one, index) => `element_at(${one}, ${index})`,
  flat: (lists) => `flatten(${lists})`,
  distinct: (one) => `array_distinct(${one})`,
  has: (one, text) => `contains(${one}, ${text})`,
  let: (value, name, body) => `element_at(transform(array[${value}], ${name} -> ${body}), 1)`,
  list: (values) => `array[${values.join(', ')}]`,
  empty: 'cast(array[] as array(varchar))',
  noResources: 'cast(array[] as array(row(arn varchar, accountid varchar, type varchar)))',
  path: (plain) =>
    `(case when ${plain} = '' then '$' else '$["' || replace(${plain}, '.', '"]["') || '"]' end)`,
  json: (text) => `(case when json_extract(${text}, '$') is not null then ${text} end)`,
  jsonAt: (json, at) => `json_extract_scalar(${json}, ${at})`,
  jsonItems: (json, at) => `try(cast(json_extract(${json}, ${at}) as array(json)))`,
  jsonNames: (json, at) => `map_keys(try(cast(json_extract(${json}, ${at}) as map(varchar, json))))`,
  jsonThere: (json, at) => `coalesce(json_format(json_extract(${json}, ${at})) <> 'null', false)`,
  jsonHas: (json, at) => `(json_extract(${json}, ${at}) is not null)`,
  jsonIsText: (json, at) => `coalesce(json_format(json_extract(${json}, ${at})) like '"%', false)`,
  matchesColumn: (text, pattern) => `regexp_like(${text}, ${pattern})`,
  step: (name, sql) => `${name} as (\n  ${sql}\n)`,
  values: (rows, alias, columns) =>
    `(values ${rows.map((row) => `(${row})`).join(', ')}) ${alias} (${columns.join(', ')})`,
}

export const DIALECTS = { athena: ATHENA, duckdb: DUCKDB } as const
