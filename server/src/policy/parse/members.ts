import type { JsonObject } from './json-node.ts'
import { nearest } from './nearest.ts'
import { describe, memberOf, type Report } from './report.ts'

/**
 * Element names are case-sensitive, and AWS refuses what it does not know. A misspelt element is read as what was meant, so
 * that it is not missed as well.
 */
export function checkElements(
  object: JsonObject,
  known: readonly string[],
  where: string,
  report: Report,
): JsonObject {
  const there = new Set(object.members.map(({ key }) => key))
  const members = object.members.map((member) => {
    const { key, place } = member
    if (known.includes(key)) return member
    const meant = nearest(key, known)
    const list = `Known are ${known.map((k) => `\`${k}\``).join(', ')}.`
    const hint = meant === null ? list : `Did you mean \`${meant}\`?`
    report.error(place, 'unknown_element', `\`${key}\` is no element of ${where}.`, hint)
    if (meant === null || there.has(meant)) return member
    there.add(meant)
    return { ...member, key: meant }
  })
  return { ...object, members }
}

export function readText(object: JsonObject, key: string, report: Report): string | null {
  const node = memberOf(object, key)
  if (node === undefined) return null
  if (node.kind === 'scalar' && typeof node.value === 'string') return node.value
  report.error(node, 'not_text', `\`${key}\` is ${describe(node)}.`, 'Write a text in quotes.')
  return null
}
