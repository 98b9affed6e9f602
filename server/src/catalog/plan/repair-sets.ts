import type { PlanQuota } from '../../domain/controls/plans.ts'
import { REPAIR_SETS, type SeenStackSet } from '../../domain/controls/world.ts'
import { invalid } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Bilingual } from '../../kernel/text.ts'
import type { Chosen } from './choose.ts'
import type { PartPlan, PlanInput } from './input.ts'
import data from './limits.json' with { type: 'json' }
import { textHash } from './policy-steps.ts'
import { bringing, type OurStackSet, removal } from './stack-sets.ts'

const LIMITS = data.stackSets

/** Whether a stack set of ours has documents of Systems Manager. */
export const isRepairSet = (name: string): boolean => name.startsWith(REPAIR_SETS)
const nameOf = (target: string, half: string): string => `${REPAIR_SETS}${target}-${half}`

/** In every account below the target; an account below two targets has two. */
const documentName = (control: string, target: string): string => `Rankan-${control}-${target}`

interface Wanted {
  readonly name: string
  readonly template: string
  readonly controls: readonly string[]
}

/**
 * Responsive forms as documents in every account below the target, also in later ones, by stack sets: sharing ends at
 * 1,000 accounts, and an account that comes later would have nothing.
 */
export function repairSetPlan(
  forms: readonly Chosen[],
  input: PlanInput,
  sets: readonly SeenStackSet[],
): PartPlan {
  const wanted = wantedSets(forms, input)
  const names = new Set(wanted.map(({ name }) => name))
  const gone = input.kept.carriers.filter(
    (one) =>
      one.part === 'documents' &&
      one.target === input.target &&
      isRepairSet(one.name) &&
      !names.has(one.name),
  )
  const changesOf = new Map(
    wanted.map(({ name, template, controls }) => [
      name,
      bringing(ofRepairs(name, controls, sets, input), template, input.hash),
    ]),
  )
  const setOf = (control: string) => wanted.find(({ controls }) => controls.includes(control))
  return {
    changes: [
      ...[...changesOf.values()].flat(),
      ...gone.flatMap(({ name, controls }) => removal(ofRepairs(name, controls, sets, input))),
    ],
    mechanisms: forms.map(({ control: { record } }) => ({
      control: record.id,
      type: 'responsive',
      form: 'ssm-automation',
      part: 'documents',
      by: documentName(record.id, input.target),
      state: changesOf.get(setOf(record.id)?.name ?? '')?.length === 0 ? 'in_force' : 'to_do',
      why: AGREED,
    })),
    carriers: wanted.map(({ name, template, controls }) => ({
      part: 'documents',
      name,
      ref: textHash(template, input.hash),
      controls: [...controls],
    })),
    quotas: wanted.map(templateQuota),
    notes: wanted.length === 0 ? [] : [NO_MANAGEMENT_ACCOUNT],
  }
}

export const AGREED: Bilingual = {
  ja: 'ドキュメントは各アカウントから使えます。テナントが同意するまで自動では動きません。',
  en: 'The accounts can use the document; it does not run by itself before the tenant agreed.',
}
const NO_MANAGEMENT_ACCOUNT: Bilingual = {
  ja: 'SSM ドキュメントはホームリージョンに置かれ、管理アカウントには届きません(AWS のスタックセットの決まり)。',
  en: 'The SSM documents are in the home Region, and do not reach the management account: stack sets of AWS leave it out.',
}

/**
 * Two sets for each target, since all documents together are longer than a template may be. A control is always in the
 * same one: a document that moved would be made in one stack while it is still in the other.
 */
function wantedSets(forms: readonly Chosen[], { target, hash }: PlanInput): readonly Wanted[] {
  const halves = new Map<string, Chosen[]>()
  for (const one of forms) {
    const half = Number.parseInt(hash(one.control.record.id).slice(0, 2), 16) % 2 === 0 ? 'a' : 'b'
    halves.set(half, [...(halves.get(half) ?? []), one])
  }
  return [...halves]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([half, own]) => setFrom(nameOf(target, half), own, target))
}

function setFrom(name: string, forms: readonly Chosen[], target: string): Wanted {
  const template = canonicalJson({
    Resources: Object.fromEntries(forms.map((one) => resourceOf(one, target))),
  })
  const controls = forms.map(({ control }) => control.record.id).sort()
  const bytes = bytesOf(template)
  if (bytes > LIMITS.maxBytes)
    throw invalid(
      'does_not_fit',
      `The SSM documents of ${controls.length} controls are a template of ${bytes} bytes; AWS CloudFormation takes ${LIMITS.maxBytes}. Leave responsive forms out of the set.`,
    )
  return { name, template, controls }
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

/**
 * Another content becomes another version, which AWS makes the default one (CloudFormation Template Reference,
 * `UpdateMethod` of AWS::SSM::Document); otherwise a document with a name could not change.
 */
function resourceOf({ control, form }: Chosen, target: string): readonly [string, object] {
  const { id } = control.record
  const logicalId = id.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())
  const Properties = {
    Name: documentName(id, target),
    DocumentType: 'Automation',
    DocumentFormat: 'JSON',
    UpdateMethod: 'NewVersion',
    Content: form.kind === 'ssm-automation' ? control.documents[form.file] : {},
  }
  return [logicalId, { Type: 'AWS::SSM::Document', Properties }]
}

const ofRepairs = (
  name: string,
  controls: readonly string[],
  sets: readonly SeenStackSet[],
  { target }: PlanInput,
): OurStackSet => ({
  kind: 'repairs',
  name,
  target,
  seen: sets.find((one) => one.name === name),
  controls,
  put: (template) => ({ do: 'put_repairs', name, template }),
})

function templateQuota({ name, template }: Wanted): PlanQuota {
  const { maxBytes: limit, source, asOf } = LIMITS
  const after = bytesOf(template)
  return { what: 'template_bytes', of: name, used: 0, after, limit, left: limit - after, source, asOf }
}
