import { giveBack } from './give-back.ts'
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
  let into = merger(limits)
  const write = (out: string) => {
    const found = into.done()
    into = merger(limits)
    return writePart(out, found)
  }
  return async (ask: MergeAsk): Promise<MergeAnswer> => {
    if (ask.kind === 'add') {
      into.add(ask.found)
      return { kind: 'added', isFull: into.isFull() }
    }
    await write(ask.out)
    giveBack()
    return { kind: 'finished' }
  }
}

serve<MergeLimits, MergeAsk, MergeAnswer>('merge', partMaker, () => [])
