import type { ControlEffect } from '../../domain/controls/effects.ts'
import type { Carrier } from '../../domain/controls/kept.ts'
import type { SeenStackSet } from '../../domain/controls/world.ts'
import type { Hash } from './documents.ts'
import { type Change, textHash } from './policy-steps.ts'

/** A stack set of ours for one target: hooks and documents come into the accounts in the same way. */
export interface OurStackSet {
  readonly kind: 'hook' | 'repairs'
  readonly name: string
  readonly target: string
  readonly seen: SeenStackSet | undefined
  readonly controls: readonly string[]
  /** Writes a template; also the one that was there, to undo. */
  readonly put: (template: string) => ControlEffect
}

const leaves = ({ kind, name, target }: OurStackSet): ControlEffect => ({
  do: `withdraw_${kind}`,
  name,
  target,
})
const comes = ({ kind, name, target }: OurStackSet): ControlEffect => ({ do: `deploy_${kind}`, name, target })
const ends = ({ kind, name }: OurStackSet): ControlEffect => ({ do: `delete_${kind}`, name })

export function bringing(set: OurStackSet, template: string, hash: Hash): readonly Change[] {
  const { seen, target, controls, put } = set
  const same = seen !== undefined && textHash(seen.template, hash) === textHash(template, hash)
  const undo = seen === undefined ? ends(set) : put(seen.template)
  return [
    ...(same ? [] : [{ effect: put(template), undo, controls }]),
    ...(seen?.targets.includes(target) === true ? [] : [{ effect: comes(set), undo: leaves(set), controls }]),
  ]
}

/** A set that somebody also brought to another target stays there. */
export function removal(set: OurStackSet): readonly Change[] {
  const { seen, target, controls, put } = set
  if (seen === undefined) return []
  return [
    ...(seen.targets.includes(target) ? [{ effect: leaves(set), undo: comes(set), controls }] : []),
    ...(seen.targets.some((one) => one !== target)
      ? []
      : [{ effect: ends(set), undo: put(seen.template), controls }]),
  ]
}

export type StackSetDrift = 'deleted' | 'changed' | 'detached'

/** What happened to a stack set of ours since it was applied. */
export function stackSetDrift(
  { name, ref, target }: Carrier & { readonly target: string },
  sets: readonly SeenStackSet[],
  hash: Hash,
): readonly StackSetDrift[] {
  const found = sets.find((one) => one.name === name)
  if (found === undefined) return ['deleted']
  return [
    ...(textHash(found.template, hash) === ref ? [] : ['changed' as const]),
    ...(found.targets.includes(target) ? [] : ['detached' as const]),
  ]
}
