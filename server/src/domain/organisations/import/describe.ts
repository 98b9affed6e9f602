import type { Language } from '../../../kernel/text.ts'
import { KIND_LABELS } from '../kinds.ts'
import type { OrganisationFacts } from '../timeline.ts'
import type { PlanItem } from './plan.ts'

/** An item of the plan in words. */
export function describeItem(item: PlanItem, language: Language): string {
  const what = language === 'ja' ? inJapanese(item) : inEnglish(item)
  return item.source === null ? what : `${what} [${item.source}]`
}

const named = (facts: OrganisationFacts | null): string =>
  facts === null ? '?' : `${facts.nameJa} (${facts.code})`

function inJapanese(item: PlanItem): string {
  const { before, after, effective } = item
  switch (item.change) {
    case 'new':
      return `${named(after)} を ${effective} から登録`
    case 'kind_changed':
      return `${named(before)} が ${effective} に ${named(after)} になる(${label(before, 'ja')}→${label(after, 'ja')})`
    case 'renamed':
      return `${named(before)} が ${effective} に ${after?.nameJa} に名称変更`
    case 'code_changed':
      return `${before?.nameJa} のコードが ${effective} に ${before?.code} から ${after?.code} に変わる`
    case 'moved':
      return `${named(after)} の所属が ${effective} に ${before?.parentCode ?? 'なし'} から ${after?.parentCode ?? 'なし'} に変わる`
    case 'merged_into':
      return `${named(before)} が ${effective} に ${item.successorCode} に編入・合併`
    case 'gone':
      return `${named(before)} が一覧にない(${effective} に消滅として記録)`
    case 'respelled':
      return `${named(before)} の表記を ${after?.nameJa} に訂正`
    case 'kana_changed':
      return `${named(before)} の読みを ${before?.kana ?? 'なし'} から ${after?.kana ?? 'なし'} に訂正`
  }
}

function inEnglish(item: PlanItem): string {
  const { before, after, effective } = item
  switch (item.change) {
    case 'new':
      return `${named(after)} is registered from ${effective}`
    case 'kind_changed':
      return `${named(before)} becomes ${named(after)} on ${effective} (${label(before, 'en')} → ${label(after, 'en')})`
    case 'renamed':
      return `${named(before)} is renamed ${after?.nameJa} on ${effective}`
    case 'code_changed':
      return `The code of ${before?.nameJa} changes from ${before?.code} to ${after?.code} on ${effective}`
    case 'moved':
      return `${named(after)} moves from ${before?.parentCode ?? 'nowhere'} to ${after?.parentCode ?? 'nowhere'} on ${effective}`
    case 'merged_into':
      return `${named(before)} is merged into ${item.successorCode} on ${effective}`
    case 'gone':
      return `${named(before)} is not in the list (recorded as gone from ${effective})`
    case 'respelled':
      return `The spelling of ${named(before)} is corrected to ${after?.nameJa}`
    case 'kana_changed':
      return `The reading of ${named(before)} is corrected from ${before?.kana ?? 'none'} to ${after?.kana ?? 'none'}`
  }
}

const label = (facts: OrganisationFacts | null, language: Language): string =>
  facts === null ? '?' : KIND_LABELS[facts.kind][language]
