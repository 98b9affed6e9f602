import type { PartialVendForm } from '../draft.ts'
import type { Environment } from '../kinds.ts'
import { type AccountNames, accountNames, firstFree, type NameParts } from '../naming.ts'
import { type Evaluator, fail, missing, pass, type RuleContext, unknown, warn } from './types.ts'

const environmentsOf = (form: PartialVendForm): readonly Environment[] =>
  (form.environments ?? []).flatMap((e) => (e.environment ? [e.environment] : []))

export const environmentsSeparate: Evaluator = (form) => {
  const wanted = environmentsOf(form)
  const path = ['environments']
  if (wanted.length === 0) return missing(path)
  if (wanted.includes('production') && !wanted.includes('staging')) return warn('no_staging', path)
  if (!wanted.includes('production')) return warn('no_production', path)
  return pass('separate', path, { count: wanted.length })
}

export const developmentNeedsCicd: Evaluator = (form) => {
  const wanted = environmentsOf(form)
  if (wanted.length === 0) return missing(['environments'])
  if (!wanted.includes('development')) return pass('no_development', ['environments'])
  if (!form.cicd?.declared) return fail('not_declared', ['cicd', 'declared'])
  if (!form.cicd.tools) return fail('no_tools', ['cicd', 'tools'])
  return pass('declared', ['cicd', 'tools'], { tools: form.cicd.tools })
}

function partsOf(form: PartialVendForm): readonly NameParts[] {
  const organisationCode = form.organisation?.code
  const systemCode = form.system?.code
  if (!organisationCode || !systemCode) return []
  return environmentsOf(form).map((environment) => ({ organisationCode, systemCode, environment }))
}

const shown = (names: readonly AccountNames[]) => names.map((n) => `${n.name} <${n.email}>`).join(', ')

export const accountNamesRule: Evaluator = (form, { mailDomain, naming }) => {
  const parts = partsOf(form)
  if (parts.length === 0) return missing(['system', 'code'])
  const made: AccountNames[] = []
  for (const part of parts) {
    const names = accountNames(part, 1, mailDomain, naming)
    if (!names.ok) return fail(names.error, ['system', 'code'])
    made.push(names.value)
  }
  return pass('named', ['system', 'code'], { names: shown(made) })
}

/** The names that vending would reserve now, one for each environment; null when one cannot be made. */
export function plannedNames(form: PartialVendForm, context: RuleContext): readonly AccountNames[] | null {
  const taken = context.register?.takenNames ?? new Set<string>()
  const names = partsOf(form).map((part) => firstFree(part, context.mailDomain, context.naming, taken))
  return names.every((n) => n.ok) ? names.flatMap((n) => (n.ok ? [n.value] : [])) : null
}

export const accountNamesUnique: Evaluator = (form, context) => {
  const path = ['system', 'code']
  if (partsOf(form).length === 0) return missing(path)
  if (!context.register) return unknown('needs_register', path)
  const names = plannedNames(form, context)
  if (!names) return fail('no_number_left', path)
  return names.every((n) => n.name.endsWith('-01'))
    ? pass('free', path)
    : pass('numbered', path, { names: names.map((n) => n.name).join(', ') })
}
