import { prefectureDigits } from './codes.ts'
import { prefectureFacts } from './data/prefectures.ts'
import { fold } from './fold.ts'
import { hasLocalGovernmentCode } from './kinds.ts'
import { latinName } from './romanise.ts'
import type { OrganisationFacts } from './timeline.ts'

/** What is stored beside a version so that it is found as one types. */
export interface SearchKeys {
  readonly name: string
  readonly kana: string
  /** Everything that a term may be part of: name, reading, Latin reading, English name, code, prefecture. */
  readonly all: string
}

export function searchKeys(facts: OrganisationFacts): SearchKeys {
  const prefecture = hasLocalGovernmentCode(facts.kind) ? prefectureFacts(prefectureDigits(facts.code)) : null
  const name = fold(facts.nameJa)
  const kana = fold(facts.kana ?? '')
  const latin = fold(latinName(facts.kana, facts.kind) ?? '')
  const parts = [
    name,
    kana,
    latin,
    fold(facts.nameEn ?? ''),
    fold(facts.code),
    fold(prefecture?.nameJa ?? ''),
  ]
  return { name, kana, all: [...new Set(parts)].filter((part) => part !== '').join(' ') }
}
