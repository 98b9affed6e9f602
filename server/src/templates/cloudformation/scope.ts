import { type GuardMap, type GuardValue, isMap, memberOf } from '../../guard/document/value.ts'
import { RankanError } from '../../kernel/errors.ts'
import type { Maybe } from '../choices.ts'
import { TEMPLATE_LIMITS } from '../document.ts'
import type { Place, Places } from '../source.ts'

/** What functions of a template can ask for. */
export interface Scope {
  /** Values of parameters, pseudo parameters and the names of `Fn::ForEach`. */
  readonly values: ReadonlyMap<string, Maybe>
  readonly resources: GuardMap
  readonly mappings: GuardMap
  /** Null: not known. */
  condition(name: string): boolean | null
  readonly places: Places
  /** Counts down the values that are made. */
  readonly budget: { left: number }
}

export function spend({ budget }: Scope): void {
  budget.left -= 1
  if (budget.left < 0)
    throw new RankanError(
      'invalid',
      'template_too_large',
      `The template grows beyond ${TEMPLATE_LIMITS.values} values when its loops are written out.`,
    )
}

/** Remembers where a list or a map was written. */
export function placed<T extends object>(scope: Scope, value: T, place: Place | null): T {
  if (place !== null) scope.places.set(value, place)
  return value
}

export const mapAt = (value: GuardValue | undefined): GuardMap =>
  value !== undefined && isMap(value) ? value : {}

export const sectionOf = (template: GuardMap, name: string): GuardMap => mapAt(memberOf(template, name))
