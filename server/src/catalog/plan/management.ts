import type { Issue } from '../../kernel/errors.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'

/** A management policy of one control. */
export interface Part {
  readonly control: string
  readonly document: Json
}

export interface Joined {
  readonly text: string
  readonly controls: readonly string[]
}

/**
 * Management policies of one kind in as few documents as the simple rule finds: the settings of several controls side by
 * side. Two that set one thing differently are a fault of the sets, told with both names and the place.
 */
export function joinManagement(
  parts: readonly Part[],
  maxCharacters: number,
): { readonly documents: readonly Joined[]; readonly issues: readonly Issue[] } {
  const documents: { document: Json; controls: string[] }[] = []
  const issues: Issue[] = []
  for (const part of [...parts].sort((a, b) => (a.control < b.control ? -1 : 1))) {
    for (const other of documents)
      issues.push(...clashes(other.document, part.document, [], part.control, other.controls))
    const place = documents.find(
      ({ document }) => canonicalJson(merge(document, part.document)).length <= maxCharacters,
    )
    if (place === undefined) documents.push({ document: part.document, controls: [part.control] })
    else {
      place.document = merge(place.document, part.document)
      if (!place.controls.includes(part.control)) place.controls.push(part.control)
    }
  }
  return {
    documents: documents.map(({ document, controls }) => ({ text: canonicalJson(document), controls })),
    issues,
  }
}

type JsonObject = { readonly [key: string]: Json }
const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Lists under `@@append` grow; everything else that stands in both is equal, or `clashes` tells. */
function merge(a: Json, b: Json): Json {
  if (!isObject(a) || !isObject(b)) return b
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return Object.fromEntries(
    keys.map((key) => {
      const [x, y] = [own(a, key), own(b, key)]
      if (x === undefined || y === undefined) return [key, (x ?? y) as Json]
      return [key, isAppend(key, x, y) ? union(x, y) : merge(x, y)]
    }),
  )
}

const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined

const isAppend = (key: string, x: Json, y: Json): x is readonly Json[] =>
  key === '@@append' && Array.isArray(x) && Array.isArray(y)

const union = (x: readonly Json[], y: Json): Json => {
  const all = new Map([...x, ...(y as readonly Json[])].map((one) => [canonicalJson(one), one]))
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

function clashes(
  a: Json,
  b: Json,
  path: readonly string[],
  control: string,
  others: readonly string[],
): readonly Issue[] {
  if (isObject(a) && isObject(b))
    return Object.keys(a).flatMap((key) => {
      const [x, y] = [own(a, key), own(b, key)]
      if (x === undefined || y === undefined || isAppend(key, x, y)) return []
      return clashes(x, y, [...path, key], control, others)
    })
  if (canonicalJson(a) === canonicalJson(b)) return []
  return [
    {
      path: [control, ...path],
      code: 'policies_clash',
      message: `\`${control}\` and ${others.map((one) => `\`${one}\``).join(', ')} set \`${path.join('.')}\` differently.`,
    },
  ]
}
