import type { missingView } from '@rankan/server/domain/policies/report.ts'
import type { Bilingual } from '@rankan/server/kernel/text.ts'
import { KIND_NAMES } from '@rankan/server/src/policy/explain/sentences.ts'
import type { z } from 'zod'
import { keyWords } from '../engine/key-words.ts'
import { FACT_WORDS } from '../engine/reason-words.ts'

/** What would decide, as the report sends it; a fact that this portal does not know yet is shown by its name. */
export function missingText({ what, key, kind }: z.infer<typeof missingView>): Bilingual {
  if (what === 'context') return keyWords(key ?? '')
  if (what === 'policies') return named(KIND_NAMES, kind ?? '')
  return named(FACT_WORDS, what)
}

const named = (texts: Readonly<Record<string, Bilingual>>, name: string): Bilingual =>
  texts[name] ?? { ja: name, en: name }
