import type { JsonObject } from './json-node.ts'
import { didYouMean } from './nearest.ts'
import { describe, memberOf, type Report } from './report.ts'

/** Element names are case-sensitive, and AWS refuses what it does not know. */
export function checkElements(
  object: JsonObject,
  known: readonly string[],
  where: string,
  report: Report,
): void {
  for (const { key, place } of object.members) {
    if (known.includes(key)) continue
    report.error(
      place,
      'unknown_element',
      `\`${key}\` is no element of ${where}.`,
      didYouMean(key, known, `Known are ${known.map((k) => `\`${k}\``).join(', ')}.`),
    )
  }
}

export function readText(object: JsonObject, key: string, report: Report): string | null {
  const node = memberOf(object, key)
  if (node === undefined) return null
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value
  report.error(node, 'not_text', `\`${key}\` is ${describe(node)}.`, 'Write a text in quotes.')
  return null
}
