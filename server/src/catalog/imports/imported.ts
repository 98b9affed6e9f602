import { z } from 'zod'
import { type Control, formsOf, SEVERITIES } from '../record.ts'
import { CONTROL_TYPES } from '../types.ts'

export const IMPORT_KINDS = ['security-hub', 'control-tower', 'conformance-pack'] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]

/** A control that somebody else wrote, as far as its source tells of it. */
export const importedControl = z.strictObject({
  /** As its source names it: `S3.8`, `CT.S3.PR.1`, the name of a rule in a conformance pack. */
  id: z.string().min(1),
  title: z.string(),
  /** How to mend a finding, where the source says it. */
  remedy: z.string().nullable(),
  type: z.enum(CONTROL_TYPES),
  severity: z.enum(SEVERITIES).nullable(),
  resourceTypes: z.array(z.string()),
  /** What runs it: `config-managed-rule:ACCESS_KEYS_ROTATED`, `security-hub:S3.8`, `cfn-guard:<name of the rule>`. */
  runs: z.array(z.string()),
  parameters: z.record(z.string(), z.string()),
})
export type ImportedControl = z.infer<typeof importedControl>

/** One import: what was read, of which version, from where. */
export const importedLibrary = z.strictObject({
  kind: z.enum(IMPORT_KINDS),
  name: z.string().min(1),
  version: z.string(),
  source: z.string(),
  controls: z.array(importedControl),
  /** What an operator should know before using it: a limit that is passed, a rule that was not understood. */
  notes: z.array(z.string()),
})
export type ImportedLibrary = z.infer<typeof importedLibrary>

export interface Difference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly { readonly id: string; readonly members: readonly (keyof ImportedControl)[] }[]
}

/** What another version of an import has more, less, or otherwise. */
export function differenceOf(before: ImportedLibrary, after: ImportedLibrary): Difference {
  const old = new Map(before.controls.map((control) => [control.id, control]))
  const now = new Map(after.controls.map((control) => [control.id, control]))
  return {
    added: [...now.keys()].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !now.has(id)),
    changed: [...now].flatMap(([id, control]) => {
      const was = old.get(id)
      const members = was === undefined ? [] : MEMBERS.filter((name) => !alike(was[name], control[name]))
      return members.length > 0 ? [{ id, members }] : []
    }),
  }
}

const MEMBERS = importedControl.keyof().options

const alike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Controls of ours that already run what an imported control runs. */
export function oursLike(imported: ImportedControl, library: readonly Control[]): readonly string[] {
  const runs = new Set(imported.runs)
  return library
    .filter(({ record }) =>
      formsOf(record).some(
        (form) =>
          (form.kind === 'config-managed-rule' && runs.has(`${form.kind}:${form.identifier}`)) ||
          (form.kind === 'security-hub' && runs.has(`${form.kind}:${form.control}`)),
      ),
    )
    .map(({ record }) => record.id)
}
