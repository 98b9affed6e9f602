import type { ReplayKind } from '@rankan/server/domain/policies/kinds.ts'
import type { ReplayRequestInput } from '@rankan/server/domain/policies/replays.ts'
import { checkDraft } from '../engine/check.ts'

/** A policy of the form. `target` null: the root. */
export interface DraftPolicy {
  readonly key: string
  readonly name: string
  readonly kind: ReplayKind
  readonly document: string
  readonly targets: readonly string[]
}

export interface StartForm {
  readonly awsOrganizationId: string | null
  readonly title: string
  readonly policies: readonly DraftPolicy[]
  readonly withInForce: boolean
  readonly compare: boolean
  readonly since: string
  readonly until: string
}

export type StartFault = 'organization' | 'title' | 'policies' | 'document' | 'period'

/** What keeps the form from being sent; the server checks all of it again. */
export function faultsOf(form: StartForm): ReadonlySet<StartFault> {
  const faults = new Set<StartFault>()
  if (form.awsOrganizationId === null) faults.add('organization')
  if (form.title.trim() === '') faults.add('title')
  if (form.policies.length === 0) faults.add('policies')
  if (form.policies.some(isBroken)) faults.add('document')
  if (form.since !== '' && form.until !== '' && form.until < form.since) faults.add('period')
  return faults
}

export const isBroken = ({ name, kind, document }: DraftPolicy): boolean =>
  name.trim() === '' || checkDraft(document, kind, name, undefined).policy === null

export function requestOf(form: StartForm, awsOrganizationId: string): ReplayRequestInput {
  return {
    awsOrganizationId,
    title: form.title.trim(),
    policies: form.policies.map(({ name, kind, document, targets }) => ({
      name: name.trim(),
      kind,
      document,
      targets: [...targets],
    })),
    withInForce: form.withInForce,
    against: form.compare ? { what: 'in_force' } : null,
    since: form.since === '' ? null : form.since,
    until: form.until === '' ? null : form.until,
  }
}
