import { z } from 'zod'
import { type Control, formsOf, SEVERITIES } from '../record.ts'
import { CONTROL_TYPES } from '../types.ts'

/** Controls of others that come as files. */
export const IMPORT_KINDS = ['security-hub', 'control-tower', 'conformance-pack'] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]

/** `in-place`: what an AWS organisation has today, read from AWS. */
export const LIBRARY_KINDS = [...IMPORT_KINDS, 'in-place'] as const

/** A control that somebody else wrote, as far as its source tells of it. */
export const importedControl = z.strictObject({
  /** As its source names it: `S3.8`, `CT.S3.PR.1`, the name of a rule in a conformance pack. */
  id: z.string().min(1),
  title: z.string(),
  /** How to mend a finding, where the source says it. */
  remedy: z.string().nullable(),
  /** Null: the source does not say it. */
  type: z.enum(CONTROL_TYPES).nullable(),
  severity: z.enum(SEVERITIES).nullable(),
  resourceTypes: z.array(z.string()),
  /** What runs it: `config-managed-rule:ACCESS_KEYS_ROTATED`, `security-hub:S3.8`, `cfn-guard:<name of the rule>`. */
  runs: z.array(z.string()),
  parameters: z.record(z.string(), z.string()),
  /** Of what is in place: the roots, OUs and accounts where it is on, by id. */
  on: z.array(z.string()).optional(),
  /** Of a policy in place: our controls all of whose denied cases it denies by itself. */
  does: z.array(z.string()).optional(),
})
export type ImportedControl = z.infer<typeof importedControl>

/** One import: what was read, of which version, from where. */
export const importedLibrary = z.strictObject({
  kind: z.enum(LIBRARY_KINDS),
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

/** Controls of ours that run what an imported control runs, or deny what it denies. */
export function oursLike(imported: ImportedControl, library: readonly Control[]): readonly string[] {
  const runs = new Set(imported.runs)
  const does = new Set(imported.does)
  return library
    .filter(
      ({ record }) =>
        does.has(record.id) ||
        formsOf(record).some(
          (form) =>
            (form.kind === 'config-managed-rule' && runs.has(`${form.kind}:${form.identifier}`)) ||
            (form.kind === 'security-hub' && runs.has(`${form.kind}:${form.control}`)),
        ),
    )
    .map(({ record }) => record.id)
}

/** What an import has that our library has too, what only the import has, and what only we have. */
export interface LibraryDifference {
  readonly both: readonly { readonly id: string; readonly ours: readonly string[] }[]
  readonly onlyThere: readonly string[]
  readonly onlyOurs: readonly string[]
}

export function againstLibrary(
  { controls }: Pick<ImportedLibrary, 'controls'>,
  library: readonly Control[],
): LibraryDifference {
  const found = controls.map((one) => ({ id: one.id, ours: oursLike(one, library) }))
  const met = new Set(found.flatMap(({ ours }) => ours))
  return {
    both: found.filter(({ ours }) => ours.length > 0),
    onlyThere: found.filter(({ ours }) => ours.length === 0).map(({ id }) => id),
    onlyOurs: library.map(({ record }) => record.id).filter((id) => !met.has(id)),
  }
}
