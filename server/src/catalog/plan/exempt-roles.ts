import type { Bilingual } from '../../kernel/text.ts'
import { coversPattern } from '../../policy/lint/covers.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import { MEANING_IS_PLAIN } from '../../policy/parse/problem.ts'
import type { Statement } from '../../policy/policies.ts'
import { policyOf } from '../cases.ts'
import { isFileForm } from '../record.ts'
import type { Chosen } from './choose.ts'
import type { PlanInput } from './input.ts'

/** Keeps tenants from making roles of the names that other controls leave out. */
const PROTECTOR = 'central-roles-protected'

/**
 * A statement that leaves out roles by name is got round by whoever may make a role of such a name: said of the names
 * that the control which forbids it does not protect, where it goes on with it, or is in force on the target or above.
 */
export function exemptRoleNotes(preventive: readonly Chosen[], input: PlanInput): readonly Bilingual[] {
  const named = preventive.flatMap((one) =>
    statementsOf(one)
      .flatMap(exemptNames)
      .map((name) => ({ name, control: one.control.record.id })),
  )
  if (named.length === 0) return []
  const here = preventive.filter(({ control }) => control.record.id === PROTECTOR).flatMap(statementsOf)
  const kept = [...here, ...statementsAbove(input)].flatMap(protectedNames)
  const open = named.filter(({ name }) => !isReserved(name) && !kept.some((one) => protects(one, name)))
  if (open.length === 0) return []
  return [noteOf(distinct(open.map(({ control }) => control)), distinct(open.map(({ name }) => name)))]
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

function statementsOf({ control, form, values }: Chosen): readonly Statement[] {
  if (!isFileForm(form) || form.kind !== 'scp') return []
  return parsed(JSON.stringify(policyOf(control, form, values)))
}

const parsed = (document: string): readonly Statement[] =>
  parsePolicy(document, 'scp', { tolerate: MEANING_IS_PLAIN }).policy?.statements ?? []

const exemptNames = ({ effect, conditions }: Statement): readonly string[] =>
  conditions.flatMap(({ key, operator, values }) =>
    effect === 'Deny' &&
    key.toLowerCase() === 'aws:principalarn' &&
    /^(Arn|String)Not(Like|Equals)/.test(operator.name)
      ? values
      : [],
  )

/** Roles that nobody but the exempt may make. */
const protectedNames = ({ effect, action, resource }: Statement): readonly string[] =>
  effect === 'Deny' &&
  !action.negated &&
  action.patterns.some((one) => coversPattern(one, 'iam:CreateRole', true)) &&
  resource !== null &&
  !resource.negated
    ? resource.patterns
    : []

function statementsAbove({ world, kept, target }: PlanInput): readonly Statement[] {
  const parents = new Map(world.places.map(({ id, parentId }) => [id, parentId]))
  const above = new Set<string>()
  for (let at = parents.get(target) ?? null; at !== null; at = parents.get(at) ?? null) above.add(at)
  return kept.policies
    .filter((one) => above.has(one.target) && one.controls.includes(PROTECTOR))
    .flatMap((one) => parsed(one.document))
}

const ROLE = /^arn:[^:]*:iam::([^:]*):role\/(.+)$/

/** Only services make roles under these paths. */
const isReserved = (arn: string): boolean => /^aws-(reserved|service-role)\//.test(ROLE.exec(arn)?.[2] ?? '')

function protects(wide: string, narrow: string): boolean {
  if (wide === '*' || wide === narrow) return true
  const [, account = '', name = ''] = ROLE.exec(wide) ?? []
  const [, inAccount = '', exempt = ''] = ROLE.exec(narrow) ?? []
  return (
    name !== '' &&
    exempt !== '' &&
    (account === '*' || account === inAccount) &&
    coversPattern(name, exempt, false)
  )
}

const noteOf = (controls: readonly string[], names: readonly string[]): Bilingual => ({
  ja: `名前で例外にするロールがあります(${few(controls)})。テナントが同じ名前のロールを作れば避けられるので、次の名前を \`centralRoles\` に含めた統制 \`${PROTECTOR}\` を、この対象かその上に置いてください: ${few(names)}`,
  en: `Some roles are exempt by their names (${few(controls)}). A tenant who can make a role of such a name gets round that: put the control \`${PROTECTOR}\` on this target or above it, with these names in \`centralRoles\`: ${few(names)}`,
})

function few(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).map((one) => `\`${one}\``)
  return shown.join(', ') + (texts.length > shown.length ? ` (+${texts.length - shown.length})` : '')
}
