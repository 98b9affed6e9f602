import type { Bilingual } from '../../kernel/text.ts'

/** What an organisation of the real world is. 市, 町, 村 and 特別区 are kinds of their own because a change between them is an event. */
export const ORGANISATION_KINDS = [
  'ministry',
  'prefecture',
  'city',
  'town',
  'village',
  'special_ward',
  'ward',
  'public_body',
  'division',
  'company',
] as const
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number]

export const KIND_LABELS: Readonly<Record<OrganisationKind, Bilingual>> = {
  ministry: { ja: '府省庁', en: 'Ministry' },
  prefecture: { ja: '都道府県', en: 'Prefecture' },
  city: { ja: '市', en: 'City' },
  town: { ja: '町', en: 'Town' },
  village: { ja: '村', en: 'Village' },
  special_ward: { ja: '特別区', en: 'Special ward' },
  ward: { ja: '行政区', en: 'Ward of a designated city' },
  public_body: { ja: 'その他の公的団体', en: 'Other public body' },
  division: { ja: '事業部門', en: 'Division' },
  company: { ja: '事業者', en: 'Company' },
}

const MUNICIPAL: readonly OrganisationKind[] = ['city', 'town', 'village', 'special_ward']

/** 基礎自治体: a body with a government of its own, which a ward of a designated city is not. */
export const isMunicipality = (kind: OrganisationKind): boolean => MUNICIPAL.includes(kind)

/** Kinds whose code is a local-government code with a check digit. */
export const hasLocalGovernmentCode = (kind: OrganisationKind): boolean =>
  isMunicipality(kind) || kind === 'ward' || kind === 'prefecture'

const BY_SUFFIX: Readonly<Record<string, OrganisationKind>> = {
  市: 'city',
  町: 'town',
  村: 'village',
}

/**
 * The kind that a municipality's own name tells. 区 is a ward when a city of the same list and prefecture carries
 * the first part of the name (札幌市中央区), else a special ward (千代田区).
 */
export function kindOfName(name: string, isWard: boolean): OrganisationKind | null {
  const last = name.at(-1) ?? ''
  if (last === '区') return isWard ? 'ward' : 'special_ward'
  return BY_SUFFIX[last] ?? null
}
