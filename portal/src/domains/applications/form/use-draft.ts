import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { createDraft, type FormState, saveDraft } from '../api.ts'

export interface Saved {
  readonly id: string
  readonly version: number
}

export interface Draft {
  /** null: the server has none yet. */
  readonly id: string | null
  /** Keeps the form on the server if it is not there already. */
  readonly keep: (form: FormState) => Promise<Saved>
}

/**
 * The draft on the server. What is kept goes one after the other: two requests at once would both make a draft, or
 * both build on the same version, and the second would fail although nobody else touched it.
 */
export function useDraft(initial: FormState, savedBefore: Saved | null): Draft {
  const client = useQueryClient()
  const [id, setId] = useState(savedBefore?.id ?? null)
  const latest = useRef({ saved: savedBefore, form: initial })
  const line = useRef<Promise<unknown>>(Promise.resolve())

  const store = async (form: FormState): Promise<Saved> => {
    const before = latest.current.saved
    if (before !== null && latest.current.form === form) return before
    const view = before === null ? await createDraft(form) : await saveDraft(before.id, before.version, form)
    const saved = { id: view.id, version: view.version }
    latest.current = { saved, form }
    setId(saved.id)
    void client.invalidateQueries({ queryKey: ['applications'] })
    return saved
  }
  const keep = (form: FormState): Promise<Saved> => {
    const kept = line.current.then(() => store(form))
    line.current = kept.catch(() => null)
    return kept
  }
  return { id, keep }
}
