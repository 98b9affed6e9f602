import { ABSENT, type GuardValue, isList, isMap, Unknown } from '../../guard/document/value.ts'
import { alternatives, type Maybe } from '../choices.ts'
import { type Place, within } from '../source.ts'
import type { Scope } from './scope.ts'

/** `Fn::ForEach::Name` writes members out; source: AWS CloudFormation user guide, `Fn::ForEach` (asOf 2026-11-22). */
export const isLoop = (name: string): boolean => name.startsWith('Fn::ForEach::')

/** How values of the loop's collection are worked out; handed in because values may hold loops. */
export type Resolve = (value: GuardValue, scope: Scope, place: Place | null) => Maybe

/** A member that a loop makes; of a collection that is not known, one member that nobody knows. */
export type LoopMember =
  | { readonly key: string; readonly value: GuardValue; readonly scope: Scope; readonly place: Place | null }
  | { readonly key: string; readonly unknown: Unknown }

export function loopMembers(
  key: string,
  loop: GuardValue,
  scope: Scope,
  place: Place | null,
  resolve: Resolve,
): readonly LoopMember[] {
  const [identifier, collection, body] = isList(loop) ? loop : []
  if (typeof identifier !== 'string' || collection === undefined || body === undefined || !isMap(body))
    return [
      { key, unknown: new Unknown({ reason: `\`${key}\` is no list of a name, a collection and a body` }) },
    ]
  const items = collectionOf(resolve(collection, scope, within(place, 1)))
  if (items === null)
    return [{ key, unknown: new Unknown({ reason: `\`${key}\` goes over values that are not known` }) }]
  return items.flatMap((item) => {
    const inner = { ...scope, values: new Map(scope.values).set(identifier, item) }
    return Object.entries(body).flatMap(([name, value]): readonly LoopMember[] => {
      const inside = within(place, 2, name)
      if (isLoop(name)) return loopMembers(named(name, identifier, item), value, inner, inside, resolve)
      return [
        {
          key: named(name, identifier, item),
          value: inKeys(value, identifier, item),
          scope: inner,
          place: inside,
        },
      ]
    })
  })
}

/** `${Name}` as it is, `&{Name}` without what is no letter or digit. */
const named = (text: string, identifier: string, item: string): string =>
  text.replaceAll(`\${${identifier}}`, item).replaceAll(`&{${identifier}}`, item.replace(/[^A-Za-z0-9]/g, ''))

/** Names of resources inside of `DependsOn`, `Fn::GetAtt` and the like carry the identifier, too. */
function inKeys(value: GuardValue, identifier: string, item: string): GuardValue {
  if (typeof value === 'string') return value.includes('{') ? named(value, identifier, item) : value
  if (isList(value)) return value.map((one) => inKeys(one, identifier, item))
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [named(key, identifier, item), inKeys(one, identifier, item)]),
  )
}

function collectionOf(resolved: Maybe): readonly string[] | null {
  const options = resolved === ABSENT ? null : alternatives(resolved)
  const [only] = options ?? []
  if (options?.length !== 1 || only === undefined || only === ABSENT || !isList(only)) return null
  const flat = only.flatMap((item) => (isList(item) ? item : [item]))
  return flat.every((item) => typeof item === 'string' || typeof item === 'number') ? flat.map(String) : null
}
