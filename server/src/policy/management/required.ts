import type { EffectivePolicy } from './effective.ts'
import type { ManagementRules } from './types.ts'

/** A setting that AWS needs and that no level gives: the effective policy is invalid, and AWS carries none of it out. */
export interface MissingSetting {
  readonly path: readonly string[]
}

/** Source: Organizations User Guide, "Backup policy syntax and examples" (required elements), "Invalid policy alerts". */
export function missingSettings(
  { settings }: EffectivePolicy,
  rules: ManagementRules,
): readonly MissingSetting[] {
  const paths = settings.map(({ path }) => path.map((name) => name.toLowerCase()))
  return rules.required.flatMap(({ of, names }) => {
    const holders = new Map(
      settings
        .filter(
          ({ path }) => path.length > of.length && of.every((name, i) => name === '*' || name === path[i]),
        )
        .map(({ path }) => [path.slice(0, of.length).join('\u0000').toLowerCase(), path.slice(0, of.length)]),
    )
    return [...holders.values()].flatMap((holder) =>
      names
        .filter(
          (name) =>
            !paths.some((path) => [...holder, name].every((part, i) => part.toLowerCase() === path[i])),
        )
        .map((name) => ({ path: [...holder, name] })),
    )
  })
}
