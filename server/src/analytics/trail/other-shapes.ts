import type { Json } from '../../kernel/json.ts'
import { member, members } from '../../policy/trail/event.ts'
import { cellLine } from './csv.ts'

const SPACE = new Set([0x09, 0x0a, 0x0d, 0x20])
const LIST = 0x5b

/** A list of records (`jq -s`, data sets for training) as CloudTrail writes it, or `null` when the file begins otherwise. */
export function listAsRecords(bytes: Uint8Array): Uint8Array | null {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (SPACE.has(bytes[start] ?? 0)) start++
  if (bytes[start] !== LIST) return null
  return Buffer.concat([Buffer.from('{"Records":'), bytes.subarray(start), Buffer.from('}')])
}

/** Answers of AWS's own commands are small pages; what is larger is another thing. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/** Whether a list in which no objects are holds numbers, texts or lists: it is none of records, which may be empty. */
export function listsOtherThings(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_ANSWER_BYTES) return true
  const document = parsed(bytes)
  return list(Array.isArray(document) ? document : member(members(document), 'Records')).length > 0
}

/**
 * Records within an answer of `aws cloudtrail lookup-events` (each as text in `CloudTrailEvent`) or of
 * `get-query-results` (rows of `{column: text}`), as lines; `null` when it is neither.
 */
export function recordsOfAnswer(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length > MAX_ANSWER_BYTES) return null
  const answer = members(parsed(bytes))
  const lines = [
    ...list(member(answer, 'Events')).flatMap(lookedUp),
    ...list(member(answer, 'QueryResultRows')).flatMap(queried),
  ]
  return lines.length === 0 ? null : Buffer.from(lines.join('\n'))
}

function lookedUp(event: Json): readonly string[] {
  const text = member(members(event), 'CloudTrailEvent')
  return typeof text === 'string' && parsed(Buffer.from(text)) !== null ? [text] : []
}

function queried(row: Json): readonly string[] {
  const cells = list(row).flatMap((cell) => Object.entries(members(cell)))
  const texts = cells.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  const line = cellLine(texts)
  return line === null ? [] : [line]
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

function parsed(bytes: Uint8Array): Json {
  try {
    return JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    ) as Json
  } catch {
    return null
  }
}
