import type { ReplayKind } from '@rankan/server/domain/policies/kinds.ts'
import type { ReplayDetail, ReplayRequestInput } from '@rankan/server/domain/policies/replays.ts'
import { checkDraft } from '../engine/check.ts'

/** A policy of the form. */
export interface DraftPolicy {
  readonly key: string
  readonly name: string
  readonly kind: ReplayKind
  readonly document: string
  /** Root, OUs and accounts; empty: the root. */
  readonly targets: readonly string[]
}

/** What a replay is compared with: nothing, what is in force, or any other set of policies. */
export const COMPARISONS = ['nothing', 'in_force', 'policies'] as const
export type Comparison = (typeof COMPARISONS)[number]

export interface StartForm {
  readonly awsOrganizationId: string | null
  readonly title: string
  readonly policies: readonly DraftPolicy[]
  readonly withInForce: boolean
  readonly compare: Comparison
  /** With `compare: 'policies'`: the other set. */
  readonly against: readonly DraftPolicy[]
  readonly since: string
  readonly until: string
}

export type StartFault =
  | 'organization'
  | 'title'
  | 'policies'
  | 'document'
  | 'names'
  | 'against'
  | 'againstDocument'
  | 'againstNames'
  | 'period'

/** What keeps the form from being sent; the server checks all of it again. */
export function faultsOf(form: StartForm): ReadonlySet<StartFault> {
  const faults = new Set<StartFault>()
  if (form.awsOrganizationId === null) faults.add('organization')
  if (form.title.trim() === '') faults.add('title')
  if (form.policies.length === 0) faults.add('policies')
  if (form.policies.some(isBroken)) faults.add('document')
  if (sameNames(form.policies).size > 0) faults.add('names')
  if (form.compare === 'policies') {
    if (form.against.length === 0) faults.add('against')
    if (form.against.some(isBroken)) faults.add('againstDocument')
    if (sameNames(form.against).size > 0) faults.add('againstNames')
  }
  if (form.since !== '' && form.until !== '' && form.until < form.since) faults.add('period')
  return faults
}

export const isBroken = ({ name, kind, document }: DraftPolicy): boolean =>
  name.trim() === '' || checkDraft(document, kind, name, undefined).policy === null

/** Names that stand twice in a set: a report could not tell their policies apart. */
export function sameNames(policies: readonly DraftPolicy[]): ReadonlySet<string> {
  const names = policies.map(({ name }) => name.trim())
  return new Set(names.filter((name, index) => names.indexOf(name) !== index))
}

/** A name that no policy of the set has yet. */
export function freeName(policies: readonly DraftPolicy[], wanted: string): string {
  const names = new Set(policies.map(({ name }) => name.trim()))
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`
    if (!names.has(name)) return name
  }
}

type AskedReplay = Pick<
  ReplayDetail,
  | 'awsOrganizationId'
  | 'title'
  | 'withInForce'
  | 'since'
  | 'until'
  | 'against'
  | 'documents'
  | 'againstDocuments'
>

/** What a replay was asked, to ask it again as it was or with changes. */
export function formOf(replay: AskedReplay): StartForm {
  const drafts = (documents: ReplayDetail['documents']): readonly DraftPolicy[] =>
    documents.map((one, index) => ({ ...one, key: `${index} ${one.name}` }))
  return {
    awsOrganizationId: replay.awsOrganizationId,
    title: replay.title,
    policies: drafts(replay.documents),
    withInForce: replay.withInForce,
    compare: replay.against ?? 'nothing',
    against: replay.against === 'policies' ? drafts(replay.againstDocuments) : [],
    since: replay.since ?? '',
    until: replay.until ?? '',
  }
}

export function requestOf(form: StartForm, awsOrganizationId: string): ReplayRequestInput {
  return {
    awsOrganizationId,
    title: form.title.trim(),
    policies: form.policies.map(policyOf),
    withInForce: form.withInForce,
    against: againstOf(form),
    since: form.since === '' ? null : form.since,
    until: form.until === '' ? null : form.until,
  }
}

const policyOf = ({ name, kind, document, targets }: DraftPolicy) => ({
  name: name.trim(),
  kind,
  document,
  targets: [...targets],
})

function againstOf({ compare, against }: StartForm): ReplayRequestInput['against'] {
  if (compare === 'nothing') return null
  return compare === 'in_force' ? { what: 'in_force' } : { what: 'policies', policies: against.map(policyOf) }
}
