import { holdsUnknown, Unknown } from '../document/value.ts'
import { Found, inPlaceOf, isMaybe, Missing, perhaps, type Result, root } from '../evaluate/result.ts'
import type { Run } from '../evaluate/scope.ts'
import { unsure } from '../evaluate/unsure.ts'
import type { GuardFunction } from './functions.ts'

/** These make one value of all that they are given; the others make one of each. */
const OF_ALL: ReadonlySet<string> = new Set(['count', 'join'])

/** A function of values of which some are not known: so is what it makes of them. */
export function unsureCall(
  name: string,
  wanted: GuardFunction,
  [values = [], ...others]: readonly (readonly Result[])[],
  run: Run,
): readonly Result[] {
  const unknown = new Unknown({ reason: `\`${name}\` was given a value that is not known` })
  if (OF_ALL.has(name)) {
    const first = values.find((v) => v instanceof Found)
    return [first === undefined ? root(unknown) : perhapsNot(inPlaceOf(first, unknown))]
  }
  return values.flatMap((value): readonly Result[] => {
    if (value instanceof Missing) return []
    if (holdsUnknown(value.value) || others.some(unsure)) return [perhaps(value, unknown)]
    const made = wanted.run([[value], ...others], run)
    return isMaybe(value) ? made.map((one) => (one instanceof Found ? perhaps(one) : one)) : made
  })
}

/** `count` and `join` always give something. */
const perhapsNot = (found: Found): Found => new Found(found.value, found.parent, found.key, false, false)
