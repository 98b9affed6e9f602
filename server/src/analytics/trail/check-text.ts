import type { KeyFacts, TrailCheck } from '../../policy/trail/facts.ts'

/** A check's resource with its owner. Quoted texts have no control characters. */
export const resourceText = ({ resource, account, assumed }: TrailCheck): string =>
  `{"account":${quoted(account)},"arn":${quoted(resource)},"assumed":${quoted(assumed)}}`

const quoted = (text: string | null) => (text === null ? 'null' : JSON.stringify(text))

/** `canonicalJson` of keys. */
export function keysText(keys: KeyFacts): string {
  const names = Object.keys(keys)
  if (names.length > 1) names.sort()
  let text = '{'
  for (const key of names) {
    const values = keys[key] as readonly string[] | null
    text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${values === null ? 'null' : JSON.stringify(values)}`
  }
  return `${text}}`
}
