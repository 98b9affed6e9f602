import { MANAGEMENT_TYPES, type ManagementType } from '@rankan/server/src/policy/management/types.ts'
import type { PolicyKind } from '@rankan/server/src/policy/policies.ts'
import { useCallback, useState } from 'react'
import { z } from 'zod'
import { exampleText } from './engine/examples.ts'

/** What is being written; it stays in this window until it is closed, so that no page change loses it. */
export interface Draft {
  readonly name: string
  readonly kind: DraftKind
  readonly text: string
}

const POLICY_KINDS = [
  'scp',
  'rcp',
  'identity',
  'resource',
  'boundary',
] as const satisfies readonly PolicyKind[]

/** Kinds that the editor knows: those that decide calls, and those that AWS Organizations merges down the tree. */
export const DRAFT_KINDS: readonly DraftKind[] = [...POLICY_KINDS, ...MANAGEMENT_TYPES]
export type DraftKind = (typeof POLICY_KINDS)[number] | ManagementType

export const isManagement = (kind: DraftKind): kind is ManagementType =>
  MANAGEMENT_TYPES.some((one) => one === kind)

const draftShape = z.object({
  name: z.string(),
  kind: z.enum(DRAFT_KINDS),
  text: z.string(),
})

const STORED = 'rankan.policy.draft'

export const firstDraft = (): Draft => ({
  name: 'draft',
  kind: 'scp',
  text: exampleText('regions'),
})

/** The draft as it was stored, or a first one. */
export function storedDraft(stored: string | null): Draft {
  try {
    const read = draftShape.safeParse(JSON.parse(stored ?? 'null'))
    return read.success ? read.data : firstDraft()
  } catch {
    return firstDraft()
  }
}

export const loadDraft = (): Draft => storedDraft(sessionStorage.getItem(STORED))
export const hasDraft = (): boolean => sessionStorage.getItem(STORED) !== null
export const saveDraft = (draft: Draft): void => sessionStorage.setItem(STORED, JSON.stringify(draft))

export function useDraft(): readonly [Draft, (change: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(loadDraft)
  const change = useCallback((part: Partial<Draft>) => {
    setDraft((before) => {
      const after = { ...before, ...part }
      saveDraft(after)
      return after
    })
  }, [])
  return [draft, change]
}
