import { type Control, formsOf, isFileForm } from '../catalog/record.ts'
import { type CompiledRules, compileRules } from '../guard/guard.ts'
import { RankanError } from '../kernel/errors.ts'
import { type ControlWords, wordsOf } from './finding.ts'
import type { Input } from './inputs.ts'

/** The rules of a control for one kind of input, compiled when a document of that kind is met first. */
export interface ControlRules {
  readonly control: ControlWords
  rulesFor(
    kind: Input['kind'],
  ): { readonly file: string; readonly text: string; readonly rules: CompiledRules } | null
}

const FORM = { cloudformation: 'cfn-guard', 'terraform-plan': 'terraform-guard' } as const

/** The controls that have a proactive form. */
export const checkable = (controls: readonly Control[]): readonly ControlRules[] =>
  controls
    .filter(({ record }) =>
      formsOf(record).some(({ kind }) => kind === 'cfn-guard' || kind === 'terraform-guard'),
    )
    .map(controlRules)

function controlRules(control: Control): ControlRules {
  const known = new Map<string, ReturnType<ControlRules['rulesFor']>>()
  return {
    control: wordsOf(control.record),
    rulesFor(kind) {
      const before = known.get(kind)
      if (before !== undefined) return before
      const made = compiled(control, FORM[kind])
      known.set(kind, made)
      return made
    },
  }
}

function compiled({ record, documents }: Control, kind: string): ReturnType<ControlRules['rulesFor']> {
  const form = formsOf(record)
    .filter(isFileForm)
    .find((one) => one.kind === kind)
  const text = form === undefined ? undefined : documents[form.file]
  if (form === undefined || typeof text !== 'string') return null
  const rules = compileRules(text)
  return rules === null ? null : { file: `${record.id}/${form.file}`, text, rules }
}

/** The controls with these ids, in their order. @throws {RankanError} for an id that no control has, or that has no rules */
export function chosen(all: readonly ControlRules[], ids: readonly string[]): readonly ControlRules[] {
  const byId = new Map(all.map((one) => [one.control.id, one]))
  return ids.map((id) => {
    const found = byId.get(id)
    if (found === undefined)
      throw new RankanError(
        'invalid',
        'control_unknown',
        `\`${id}\` is no control with rules for templates. There are ${[...byId.keys()].sort().join(', ')}.`,
      )
    return found
  })
}
