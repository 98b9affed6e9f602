import type { FormType } from '../../domain/controls/kinds.ts'
import { FORM_TYPES } from '../../domain/controls/kinds.ts'
import type { ControlChoice, ControlSetBody, SetRef } from '../../domain/controls/sets.ts'
import { type Issue, invalid } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { defaultsOf, type Values } from '../fill.ts'
import type { Control, Form } from '../record.ts'

/** One form of one control that a target is to have, with every parameter's value. */
export interface Chosen {
  readonly control: Control
  readonly type: FormType
  readonly form: Form
  readonly values: Values
}

export interface NamedSet extends SetRef {
  readonly body: ControlSetBody
}

/** What is wrong with a set: controls, forms and parameters that the library does not have. */
export function checkSet(body: ControlSetBody, library: readonly Control[]): readonly Issue[] {
  const known = new Map(library.map((control) => [control.record.id, control]))
  const seen = new Set<string>()
  return body.controls.flatMap((choice, index) => {
    const path = ['controls', index]
    const control = known.get(choice.control)
    if (control === undefined)
      return [fault([...path, 'control'], 'unknown_control', `There is no control \`${choice.control}\`.`)]
    if (seen.has(choice.control))
      return [fault([...path, 'control'], 'same_control', `\`${choice.control}\` stands twice in this set.`)]
    seen.add(choice.control)
    return choiceIssues(choice, control, path)
  })
}

const fault = (path: Issue['path'], code: string, message: string): Issue => ({ path, code, message })

function choiceIssues(choice: ControlChoice, { record }: Control, path: Issue['path']): readonly Issue[] {
  const noForm = (choice.forms ?? []).flatMap((type, at) =>
    record.forms[type] === undefined
      ? [fault([...path, 'forms', at], 'no_such_form', `\`${record.id}\` has no ${type} form.`)]
      : [],
  )
  const values = Object.entries(choice.values ?? {}).flatMap(([name, value]) => {
    const parameter = Object.hasOwn(record.parameters, name) ? record.parameters[name] : undefined
    const at = [...path, 'values', name]
    if (parameter === undefined)
      return [fault(at, 'unknown_parameter', `\`${record.id}\` has no parameter \`${name}\`.`)]
    const right = Array.isArray(value)
      ? parameter.type === 'list' && value.length > 0
      : parameter.type === 'text'
    return right
      ? []
      : [
          fault(
            at,
            'wrong_value',
            `\`${name}\` of \`${record.id}\` is a ${parameter.type}${parameter.type === 'list' ? ' with at least one entry' : ''}.`,
          ),
        ]
  })
  return [...noForm, ...values]
}

/**
 * The forms of all sets together, by control and type; two sets may name one control only with the same values.
 * @param here values of parameters of that name wherever a set gives none, such as the id of the AWS organisation.
 */
export function chosenForms(
  sets: readonly NamedSet[],
  library: readonly Control[],
  here: Values,
): readonly Chosen[] {
  const known = new Map(library.map((control) => [control.record.id, control]))
  const wanted = new Map<string, { control: Control; values: Values; types: Set<FormType>; set: string }>()
  const issues: Issue[] = []
  for (const { name, body } of sets)
    for (const choice of body.controls) {
      const control = known.get(choice.control)
      if (control === undefined) {
        issues.push(
          fault(
            [name, choice.control],
            'unknown_control',
            `There is no control \`${choice.control}\` any more; change the set \`${name}\`.`,
          ),
        )
        continue
      }
      const values = valuesOf(control, here, choice)
      const types = choice.forms ?? FORM_TYPES
      const before = wanted.get(choice.control)
      if (before === undefined)
        wanted.set(choice.control, { control, values, types: new Set(types), set: name })
      else if (canonicalJson(before.values) !== canonicalJson(values))
        issues.push(
          fault(
            [name, choice.control],
            'other_values',
            `The sets \`${before.set}\` and \`${name}\` give \`${choice.control}\` other values on one target.`,
          ),
        )
      else for (const type of types) before.types.add(type)
    }
  if (issues.length > 0)
    throw invalid('bad_control_set', `The control sets have ${issues.length} fault(s).`, issues)
  return [...wanted.values()].sort(byId).flatMap(formsOf)
}

function valuesOf({ record }: Control, here: Values, choice: ControlChoice): Values {
  const known = Object.entries(here).filter(([name]) => Object.hasOwn(record.parameters, name))
  return { ...defaultsOf(record.parameters), ...Object.fromEntries(known), ...choice.values }
}

const byId = (a: { control: Control }, b: { control: Control }): number =>
  a.control.record.id < b.control.record.id ? -1 : 1

const formsOf = (one: {
  control: Control
  values: Values
  types: ReadonlySet<FormType>
}): readonly Chosen[] =>
  FORM_TYPES.filter((type) => one.types.has(type)).flatMap((type) =>
    (one.control.record.forms[type] ?? []).map((form) => ({
      control: one.control,
      type,
      form,
      values: one.values,
    })),
  )
