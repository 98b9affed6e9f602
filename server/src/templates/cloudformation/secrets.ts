import { type GuardMap, type GuardValue, isList, isMap, memberOf } from '../../guard/document/value.ts'
import { type Places, sourcePath } from '../source.ts'

/**
 * Finds values that come from parameters with `NoEcho`: a path is sensitive when its source, or what is around it up to
 * the property, refers to such a parameter.
 */
export function secretPaths(
  template: GuardMap,
  secrets: ReadonlySet<string>,
): (made: GuardValue, places: Places) => (path: readonly string[]) => boolean {
  if (secrets.size === 0) return () => () => false
  return (made, places) => (path) => {
    let at: GuardValue | undefined = template
    for (const key of sourcePath(made, path, places)) {
      const next: GuardValue | undefined = at === undefined ? undefined : stepInto(at, key)
      if (next === undefined) break
      at = next
    }
    return at !== undefined && refers(at, secrets)
  }
}

const stepInto = (value: GuardValue, key: string): GuardValue | undefined =>
  isList(value) ? value[Number(key)] : isMap(value) ? memberOf(value, key) : undefined

function refers(value: GuardValue, secrets: ReadonlySet<string>): boolean {
  if (typeof value === 'string')
    return [...value.matchAll(/\$\{([^}]*)\}/g)].some(([, name]) => name !== undefined && secrets.has(name))
  if (isList(value)) return value.some((one) => refers(one, secrets))
  if (!isMap(value)) return false
  const name = memberOf(value, 'Ref')
  if (typeof name === 'string' && secrets.has(name)) return true
  return Object.values(value).some((one) => refers(one, secrets))
}
