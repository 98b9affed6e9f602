import { type GuardMap, type GuardValue, memberOf, Unknown } from '../../guard/document/value.ts'
import type { Maybe } from '../choices.ts'
import type { Scope } from './scope.ts'

/** `Ref`: a parameter has its value; what a resource is called is known after it was made. */
export function referenced(name: string, written: GuardMap, { values, resources }: Scope): Maybe {
  const value = values.get(name)
  if (value !== undefined) return value
  if (memberOf(resources, name) !== undefined)
    return new Unknown({ reason: `\`${name}\` has no name before it is deployed`, text: true, written })
  return new Unknown({
    reason: `\`${name}\` is neither a parameter nor a resource of this template`,
    written,
  })
}

/** Attributes that are texts for certain; others may be lists or structs. */
const TEXT_ATTRIBUTE = /(?:Arn|ARN|Id|Name|Url|URL|Endpoint|Address|Uri|Version|Alias)$/

export function attribute(name: string, written: GuardMap): Maybe {
  return new Unknown({
    reason: `\`${name}\` is known after deployment`,
    exists: true,
    text: TEXT_ATTRIBUTE.test(name),
    written,
  })
}

/** `a.b.c` or `["a", "b.c"]` of `Fn::GetAtt`. */
export function attributeName(operand: GuardValue): string | null {
  if (typeof operand === 'string') return operand
  if (!Array.isArray(operand)) return null
  const parts = (operand as readonly GuardValue[]).map((part) => (typeof part === 'string' ? part : '?'))
  return parts.length < 2 ? null : parts.join('.')
}
