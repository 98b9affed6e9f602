import type { Carrier, KeptCarrier } from '../../domain/controls/kept.ts'
import type { DocumentSight } from '../../domain/controls/world.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Chosen } from './choose.ts'
import type { Hash } from './documents.ts'
import { NO_PART, type PartPlan, type PlanInput } from './input.ts'
import { type Change, sameText, textHash } from './policy-steps.ts'

/** Whether a form is a document of Systems Manager. */
export const isDocument = ({ form }: Chosen): boolean => form.kind === 'ssm-automation'

/** Documents of ours: one for each control, for the whole organisation. */
export const documentName = (control: string): string => `Rankan-${control}`
export const OUR_DOCUMENT = /^Rankan-[a-z0-9-]+$/

interface Wanted {
  readonly control: string
  readonly name: string
  readonly content: string
}

/**
 * Responsive forms: the documents are offered to the accounts, and nothing runs them before a tenant agrees (D6). A
 * document stays as long as any target has the control.
 */
export function documentPlan(forms: readonly Chosen[], input: PlanInput): PartPlan {
  const { documents } = input.world
  if (documents === null) return NO_PART
  const wanted = forms.flatMap(wantedOf)
  const names = new Set(wanted.map(({ name }) => name))
  const isThere = ({ name, content }: Wanted) =>
    documents.documents.some((one) => one.name === name && sameText(one.content, content))
  return {
    changes: [
      ...wanted.filter((one) => !isThere(one)).map((one) => putting(one, documents)),
      ...goneFrom(input, names).flatMap((one) => deleting(one, documents)),
    ],
    mechanisms: wanted.map((one) => ({
      control: one.control,
      type: 'responsive',
      form: 'ssm-automation',
      part: 'documents',
      by: one.name,
      state: isThere(one) ? 'in_force' : 'to_do',
      why: {
        ja: 'ドキュメントは各アカウントから使えます。テナントが同意するまで自動では動きません。',
        en: 'The accounts can use the document; it does not run by itself before the tenant agreed.',
      },
    })),
    carriers: wanted.map(({ control, name, content }) => ({
      part: 'documents',
      name,
      ref: textHash(content, input.hash),
      controls: [control],
    })),
    quotas: [],
    notes: [],
  }
}

function wantedOf({ control, form }: Chosen): readonly Wanted[] {
  if (form.kind !== 'ssm-automation') return []
  const { id } = control.record
  return [{ control: id, name: documentName(id), content: canonicalJson(control.documents[form.file]) }]
}

/** Documents that this target had and no target has any more. */
function goneFrom({ kept, target }: PlanInput, wanted: ReadonlySet<string>): readonly Carrier[] {
  const documents = kept.carriers.filter(({ part }) => part === 'documents')
  const elsewhere = new Set(documents.filter((one) => one.target !== target).map(({ name }) => name))
  return documents.filter((one) => one.target === target && !wanted.has(one.name) && !elsewhere.has(one.name))
}

function putting({ control, name, content }: Wanted, { documents }: DocumentSight): Change {
  const before = documents.find((one) => one.name === name)
  const effect = { do: 'put_document' as const, name, type: 'Automation' as const, content }
  return {
    effect,
    undo: before === undefined ? { do: 'delete_document', name } : { ...effect, content: before.content },
    controls: [control],
  }
}

function deleting({ name, controls }: Carrier, { documents }: DocumentSight): readonly Change[] {
  const before = documents.find((one) => one.name === name)
  if (before === undefined) return []
  const undo = { do: 'put_document' as const, name, type: 'Automation' as const, content: before.content }
  return [{ effect: { do: 'delete_document', name }, undo, controls: [...controls] }]
}

export type DocumentDrift = 'deleted' | 'changed'

/**
 * What happened to a document of ours since it was applied. It is one for all targets, so any of their applies may have
 * written it last. An apply of before hashes were kept has null there: of what it wrote nothing can be said.
 */
export function documentDrift(
  name: string,
  kept: readonly KeptCarrier[],
  { documents }: DocumentSight,
  hash: Hash,
): readonly DocumentDrift[] {
  const found = documents.find((one) => one.name === name)
  if (found === undefined) return ['deleted']
  const ours = kept.filter((one) => one.part === 'documents' && one.name === name)
  if (ours.some(({ ref }) => ref === null)) return []
  const now = textHash(found.content, hash)
  return ours.some(({ ref }) => ref === now) ? [] : ['changed']
}
