import type { PolicyKind } from '@rankan/server/src/policy/policies.ts'
import { useCallback, useState } from 'react'
import { z } from 'zod'
import { exampleText } from './engine/examples.ts'

/** What is being written; it stays in this window until it is closed, so that no page change loses it. */
export interface Draft {
  readonly name: string
  readonly kind: PolicyKind
  readonly text: string
}

export const DRAFT_KINDS = [
  'scp',
  'rcp',
  'identity',
  'resource',
  'boundary',
] as const satisfies readonly PolicyKind[]

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
