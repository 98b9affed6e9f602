import { giveBack } from './garbage.ts'
import type { Handed } from './hand-over.ts'
import { type MergeLimits, merger } from './merge.ts'
import { writePart } from './part-files.ts'
import { serve } from './thread.ts'

/** `finish` writes the files of a part into a folder and begins the next one. */
export type MergeAsk =
  | { readonly kind: 'add'; readonly found: Handed }
  | { readonly kind: 'finish'; readonly out: string }
export type MergeAnswer =
  /** `isFull`: the part is to end. */
  { readonly kind: 'added'; readonly isFull: boolean } | { readonly kind: 'finished' }

/** Puts together what reading threads found while they read on. */
export function partMaker(limits: MergeLimits) {
  const into = merger(limits)
  return async (ask: MergeAsk): Promise<MergeAnswer> => {
    if (ask.kind === 'add') {
      into.add(ask.found)
      return { kind: 'added', isFull: into.isFull() }
    }
    await writePart(ask.out, into.drain())
    giveBack()
    return { kind: 'finished' }
  }
}

serve<MergeLimits, MergeAsk, MergeAnswer>('merge', partMaker, () => [])
