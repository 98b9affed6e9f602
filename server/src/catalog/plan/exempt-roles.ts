import type { Bilingual } from '../../kernel/text.ts'
import { policyOf } from '../cases.ts'
import { isFileForm } from '../record.ts'
import type { Chosen } from './choose.ts'
import type { PlanInput } from './input.ts'

/** Keeps tenants from making roles of the names that other controls leave out. */
const PROTECTOR = 'central-roles-protected'

/**
 * A statement that leaves out roles by name is got round by whoever may make a role of such a name: said unless the
 * control that forbids it goes on with it, or is in force on the target or above.
 */
export function exemptRoleNotes(preventive: readonly Chosen[], input: PlanInput): readonly Bilingual[] {
  const exempting = [...new Set(preventive.filter(leavesOutRoles).map(({ control }) => control.record.id))]
  const isThere = preventive.some(({ control }) => control.record.id === PROTECTOR)
  if (exempting.length === 0 || isThere || isKeptAbove(input)) return []
  return [noteOf(exempting)]
}

/** In words of the document: the condition that leaves out, and the key that it compares. */
function leavesOutRoles({ control, form, values }: Chosen): boolean {
  if (!isFileForm(form) || form.kind !== 'scp') return false
  return /"(?:Arn|String)Not(?:Like|Equals)":\{[^}]*"aws:PrincipalArn"/i.test(
    JSON.stringify(policyOf(control, form, values)),
  )
}

function isKeptAbove({ world, kept, target }: PlanInput): boolean {
  const parents = new Map(world.places.map(({ id, parentId }) => [id, parentId]))
  for (let at: string | null = parents.get(target) ?? null; at !== null; at = parents.get(at) ?? null)
    if (kept.policies.some((one) => one.target === at && one.controls.includes(PROTECTOR))) return true
  return false
}

const noteOf = (controls: readonly string[]): Bilingual => ({
  ja: `名前で例外にするロールがあります(${few(controls)})。同じ名前のロールをテナントが作れると避けられるので、統制 \`${PROTECTOR}\` も、この対象かその上に置いてください。`,
  en: `Some roles are exempt by their names (${few(controls)}). A tenant who can make a role of such a name gets round that: put the control \`${PROTECTOR}\` on this target or above it as well.`,
})

function few(controls: readonly string[]): string {
  const shown = controls.slice(0, 3).map((id) => `\`${id}\``)
  return shown.join(', ') + (controls.length > shown.length ? ` (+${controls.length - shown.length})` : '')
}
