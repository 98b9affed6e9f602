import type { Day } from '../../../kernel/days.ts'
import type { OrganisationKind } from '../kinds.ts'

interface Named {
  readonly code: string
  readonly kind: OrganisationKind
  readonly nameJa: string
  readonly kana: string
}

/** One official change of municipalities or wards, with the day it took effect. */
export type OfficialChange =
  | {
      readonly type: 'becomes'
      readonly day: Day
      readonly from: Named
      readonly to: Named
      readonly source: string
    }
  | {
      readonly type: 'reorganised'
      readonly day: Day
      /** Organisations that begin that day. */
      readonly formed: readonly (Named & { readonly parentCode: string })[]
      /** Organisations that end that day, each with the one that took over (most of) it. */
      readonly ended: readonly { readonly code: string; readonly nameJa: string; readonly into: string }[]
      readonly source: string
    }

export interface OfficialChanges {
  readonly asOf: Day
  readonly coverage: string
  readonly changes: readonly OfficialChange[]
}

const town = (code: string, nameJa: string, kana: string): Named => ({ code, kind: 'town', nameJa, kana })
const city = (code: string, nameJa: string, kana: string): Named => ({ code, kind: 'city', nameJa, kana })
const hamamatsu = (code: string, nameJa: string, kana: string) =>
  ({ code, kind: 'ward', nameJa, kana, parentCode: '221309' }) as const

/**
 * Small on purpose: what changed since 2016 in names, kinds, codes and wards. A list that is imported may bring its
 * own predecessors in a column, and a person may name a successor in the plan, so nothing here is needed to import.
 */
export const OFFICIAL_CHANGES: OfficialChanges = {
  asOf: '2026-11-21',
  coverage: 'Changes of name, kind, code and wards of municipalities that took effect from 2016-10-01 on',
  changes: [
    {
      type: 'becomes',
      day: '2016-10-10',
      from: town('044237', '富谷町', 'とみやまち'),
      to: city('042161', '富谷市', 'とみやし'),
      source: '富谷市: 2016年10月10日市制施行 (https://ja.wikipedia.org/wiki/富谷市)',
    },
    {
      type: 'becomes',
      day: '2018-10-01',
      from: town('403059', '那珂川町', 'なかがわまち'),
      to: city('402311', '那珂川市', 'なかがわし'),
      source: '那珂川市: 2018年10月1日単独市制施行 (https://ja.wikipedia.org/wiki/那珂川市)',
    },
    {
      type: 'becomes',
      day: '2019-05-01',
      from: city('282219', '篠山市', 'ささやまし'),
      to: city('282219', '丹波篠山市', 'たんばささやまし'),
      source: '丹波篠山市: 2019年5月1日市名変更 (https://ja.wikipedia.org/wiki/丹波篠山市)',
    },
    {
      type: 'reorganised',
      day: '2024-01-01',
      formed: [
        hamamatsu('221384', '浜松市中央区', 'はままつし ちゅうおうく'),
        hamamatsu('221392', '浜松市浜名区', 'はままつし はまなく'),
        hamamatsu('221406', '浜松市天竜区', 'はままつし てんりゅうく'),
      ],
      ended: [
        { code: '221317', nameJa: '浜松市中区', into: '221384' },
        { code: '221325', nameJa: '浜松市東区', into: '221384' },
        { code: '221333', nameJa: '浜松市西区', into: '221384' },
        { code: '221341', nameJa: '浜松市南区', into: '221384' },
        // 三方原地区 of the old 北区 went to 中央区; all the rest is 浜名区.
        { code: '221350', nameJa: '浜松市北区', into: '221392' },
        { code: '221368', nameJa: '浜松市浜北区', into: '221392' },
        { code: '221376', nameJa: '浜松市天竜区', into: '221406' },
      ],
      source: '浜松市行政区再編 2024年1月1日 (https://ja.wikinews.org/wiki/浜松市、行政区を再編)',
    },
  ],
}
