import type { Carrier, KeptCarrier } from '../../domain/controls/kept.ts'
import type { DocumentSight } from '../../domain/controls/world.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Bilingual } from '../../kernel/text.ts'
import type { Chosen } from './choose.ts'
import type { Hash } from './documents.ts'
import { NO_PART, type PartPlan, type PlanInput } from './input.ts'
import { type Change, sameText, textHash } from './policy-steps.ts'
import { AGREED, isRepairSet, repairSetPlan } from './repair-sets.ts'
import { type StackSetDrift, stackSetDrift } from './stack-sets.ts'

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
 * Responsive forms: the documents are offered to the accounts, and nothing runs them before a tenant agrees (D6). They
 * come by stack sets, which reach every account; what was shared before goes then.
 */
export function documentPlan(forms: readonly Chosen[], input: PlanInput): PartPlan {
  const { documents } = input.world
  if (documents === null) return NO_PART
  const { stackSets } = documents
  if (stackSets?.trusted === true) {
    const plan = repairSetPlan(forms.filter(isDocument), input, stackSets.sets)
    const shared = goneFrom(input, new Set()).flatMap((one) => deleting(one, documents))
    return { ...plan, changes: [...plan.changes, ...shared] }
  }
  const stays = input.kept.carriers.filter(
    (one) => one.part === 'documents' && one.target === input.target && isRepairSet(one.name),
  )
  if (stays.length === 0) return sharedPlan(forms, documents, input)
  const carriers = stays.map(({ part, name, ref, controls }) => ({ part, name, ref, controls }))
  return { ...NO_PART, carriers, notes: [NOT_TRUSTED] }
}

const NOT_TRUSTED: Bilingual = {
  ja: 'SSM ドキュメントはスタックセットで配られていますが、`member.org.stacksets.cloudformation.amazonaws.com` の信頼されたアクセスが無効か、読めません。有効にしてから計画を立て直してください。',
  en: 'The SSM documents came by stack sets, but trusted access of `member.org.stacksets.cloudformation.amazonaws.com` is off or cannot be read. Switch it on and plan again.',
}
const SHARED: Bilingual = {
  ja: '`member.org.stacksets.cloudformation.amazonaws.com` の信頼されたアクセスが無効か、読めないため、SSM ドキュメントは管理アカウントから共有します。AWS が許すのは 1,000 アカウントまでで、それを超える組織では共有されません。有効にして計画を立て直すと、全アカウントに届きます。',
  en: 'Trusted access of `member.org.stacksets.cloudformation.amazonaws.com` is off or cannot be read, so SSM documents are shared from the management account. AWS allows 1,000 accounts; in a larger organisation nothing is shared. Switch it on and plan again to reach every account.',
}

/** A document of the management account for the whole organisation stays as long as any target has the control. */
function sharedPlan(forms: readonly Chosen[], documents: DocumentSight, input: PlanInput): PartPlan {
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
      why: AGREED,
    })),
    carriers: wanted.map(({ control, name, content }) => ({
      part: 'documents',
      name,
      ref: textHash(content, input.hash),
      controls: [control],
    })),
    quotas: [],
    notes: wanted.length === 0 ? [] : [SHARED],
  }
}

function wantedOf({ control, form }: Chosen): readonly Wanted[] {
  if (form.kind !== 'ssm-automation') return []
  const { id } = control.record
  return [{ control: id, name: documentName(id), content: canonicalJson(control.documents[form.file]) }]
}

/** Documents that this target had and no target has any more. */
function goneFrom({ kept, target }: PlanInput, wanted: ReadonlySet<string>): readonly Carrier[] {
  const documents = kept.carriers.filter(({ part, name }) => part === 'documents' && !isRepairSet(name))
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

/** What happened to documents of ours since they were applied. */
export function documentDrift(
  one: KeptCarrier,
  kept: readonly KeptCarrier[],
  sight: DocumentSight,
  hash: Hash,
): readonly StackSetDrift[] {
  if (!isRepairSet(one.name)) return sharedDrift(one.name, kept, sight, hash)
  return sight.stackSets === null ? [] : stackSetDrift(one, sight.stackSets.sets, hash)
}

/**
 * A shared document is one for all targets, so any of their applies may have written it last. An apply of before hashes
 * were kept has null there: of what it wrote nothing can be said.
 */
function sharedDrift(
  name: string,
  kept: readonly KeptCarrier[],
  { documents }: DocumentSight,
  hash: Hash,
): readonly StackSetDrift[] {
  const found = documents.find((one) => one.name === name)
  if (found === undefined) return ['deleted']
  const ours = kept.filter((one) => one.part === 'documents' && one.name === name)
  if (ours.some(({ ref }) => ref === null)) return []
  const now = textHash(found.content, hash)
  return ours.some(({ ref }) => ref === now) ? [] : ['changed']
}
