import { readFile } from 'node:fs/promises'
import type { Json } from '../../kernel/json.ts'

/** Tables of `deploy/athena` for DuckDB's reader of JSON, for the tests of this folder. */

/** Columns of a DDL file as `read_json` takes them. */
export async function columnsOf(file: string): Promise<string> {
  const ddl = await readFile(new URL(`../../../../deploy/athena/${file}`, import.meta.url), 'utf8')
  const body = ddl.slice(ddl.indexOf('(\n') + 2, ddl.search(/\n\)\n(PARTITIONED|ROW)/))
  return duckColumns(
    body.split(/,\n {2}(?=`)/).map((line) => {
      const [, name = '', type = ''] = /^\s*`(\w+)` ([\s\S]+)$/.exec(line) ?? []
      return [name, type] as const
    }),
  )
}

export const duckColumns = (columns: readonly (readonly [string, string])[]): string =>
  columns.map(([name, type]) => `'${name}': '${duckType(type)}'`).join(', ')

/** Athena's `array<struct<a:string>>` in DuckDB's words: `STRUCT("a" varchar)[]`. */
function duckType(type: string): string {
  const flat = type.replace(/\s+/g, '')
  const inner = /^array<(.*)>$/.exec(flat)?.[1]
  if (inner !== undefined) return `${duckType(inner)}[]`
  const members = /^struct<(.*)>$/.exec(flat)?.[1]
  if (members === undefined) return flat === 'string' ? 'varchar' : flat
  const parts = topLevel(members).map((part) => {
    const at = part.indexOf(':')
    return `"${part.slice(0, at)}" ${duckType(part.slice(at + 1))}`
  })
  return `STRUCT(${parts.join(', ')})`
}

/** Splits at the commas that lie in no brackets. */
function topLevel(text: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const character of text) {
    depth += character === '<' ? 1 : character === '>' ? -1 : 0
    if (character === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

const AS_TEXT = new Set([
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
])

/** As Athena's reader sees a record: names without regard to case, and JSON as text where the table says text. */
export const rowOf = (record: Record<string, Json>): Json =>
  lowered(
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        AS_TEXT.has(name) && value !== null ? JSON.stringify(value) : value,
      ]),
    ),
  )

function lowered(value: Json): Json {
  if (Array.isArray(value)) return value.map(lowered)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), lowered(one)]))
}
