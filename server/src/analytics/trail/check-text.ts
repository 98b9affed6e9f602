import type { KeyFacts, TrailCheck } from '../../policy/trail/facts.ts'

/** Of a call that was skipped: its reason is in the line of the call. */
export const NO_CHECK = '\\N\t\\N\t\\N\t\\N'

/** Kind, action, resource and context of a check. Quoted texts have no control characters, and names of the tables neither. */
export const checkText = ({ kind, action, resource, account, assumed, keys }: TrailCheck): string =>
  `${kind}\t${action}\t{"account":${quoted(account)},"arn":${quoted(resource)},"assumed":${quoted(assumed)}}\t${keysText(keys)}`

const quoted = (text: string | null) => (text === null ? 'null' : JSON.stringify(text))

/** `canonicalJson` of keys. */
function keysText(keys: KeyFacts): string {
  let text = '{'
  for (const key of Object.keys(keys).sort()) {
    const values = keys[key] as readonly string[] | null
    text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${values === null ? 'null' : JSON.stringify(values)}`
  }
  return `${text}}`
}
