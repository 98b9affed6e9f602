import { z } from 'zod'
import { CODE_FORMATS } from '../codes.ts'
import { ORGANISATION_KINDS } from '../kinds.ts'

const column = z.string().trim().min(1).max(100)

/** How the columns of a list are read. Saved by name, so that next year's list needs no thought. */
export const profileSchema = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use small letters, digits and hyphens, at most 40 characters.'),
  titleJa: z.string().trim().min(1).max(100),
  titleEn: z.string().trim().min(1).max(100),
  /** Kinds that the list is about: an organisation of another kind is never taken for gone. */
  covers: z.array(z.enum(ORGANISATION_KINDS)).min(1),
  /** A complete list names every organisation of those kinds; what it leaves out is gone. */
  complete: z.boolean(),
  /** The first column that the file has and that is filled gives the code; the others must agree with it. */
  code: z
    .array(z.object({ column, format: z.enum(CODE_FORMATS) }))
    .min(1)
    .max(4),
  nameJa: column,
  nameEn: column.nullable().default(null),
  kana: column.nullable().default(null),
  kind: z.discriminatedUnion('from', [
    z.object({ from: z.literal('name') }),
    z.object({ from: z.literal('fixed'), kind: z.enum(ORGANISATION_KINDS) }),
    z.object({ from: z.literal('column'), column, values: z.record(z.string(), z.enum(ORGANISATION_KINDS)) }),
  ]),
  /** Column with the code of the organisation it belongs to; without it the code's prefecture and the name's city count. */
  parent: column.nullable().default(null),
  /** Column with the codes that were merged into, or became, the row's organisation; separated by `;` or a space. */
  predecessors: column.nullable().default(null),
})
export type ImportProfile = z.infer<typeof profileSchema>

const MUNICIPALITIES = ['city', 'town', 'village', 'special_ward', 'ward'] as const

export const BUILT_IN_PROFILES: readonly ImportProfile[] = [
  {
    name: 'localgovjp',
    titleJa: '全国の市区町村(code4fukui/localgovjp)',
    titleEn: 'Municipalities and wards (code4fukui/localgovjp)',
    covers: [...MUNICIPALITIES],
    complete: true,
    code: [
      { column: 'lgcode', format: 'with_check_digit' },
      { column: 'cid', format: 'without_check_digit' },
    ],
    nameJa: 'city',
    nameEn: null,
    kana: 'citykana',
    kind: { from: 'name' },
    parent: null,
    predecessors: 'predecessors',
  },
  {
    name: 'prefjp',
    titleJa: '都道府県(code4fukui/localgovjp)',
    titleEn: 'Prefectures (code4fukui/localgovjp)',
    covers: ['prefecture'],
    complete: true,
    code: [{ column: 'lgcode', format: 'with_check_digit' }],
    nameJa: 'pref',
    nameEn: 'pref_en',
    kana: 'prefkana',
    kind: { from: 'fixed', kind: 'prefecture' },
    parent: null,
    predecessors: null,
  },
  {
    name: 'soumu',
    titleJa: '総務省 都道府県コード及び市区町村コード(見出しを1行にしたもの)',
    titleEn: 'Codes of the Ministry of Internal Affairs (headings on one line)',
    covers: [...MUNICIPALITIES],
    complete: false,
    code: [{ column: '団体コード', format: 'with_check_digit' }],
    nameJa: '市区町村名(漢字)',
    nameEn: null,
    kana: '市区町村名(カナ)',
    kind: { from: 'name' },
    parent: null,
    predecessors: null,
  },
  {
    name: 'enterprise',
    titleJa: '企業の事業部門',
    titleEn: 'Divisions of an enterprise',
    covers: ['division'],
    complete: true,
    code: [{ column: 'code', format: 'free' }],
    nameJa: 'name',
    nameEn: 'name_en',
    kana: 'kana',
    kind: { from: 'fixed', kind: 'division' },
    parent: 'parent_code',
    predecessors: 'predecessors',
  },
]

export const builtInProfile = (name: string): ImportProfile | null =>
  BUILT_IN_PROFILES.find((profile) => profile.name === name) ?? null

/** Which of the profiles can read a file with these headings: all its obligatory columns are there. */
export function matchingProfile(
  headings: readonly string[],
  profiles: readonly ImportProfile[],
): ImportProfile | null {
  const has = new Set(headings)
  return profiles.find((p) => has.has(p.nameJa) && p.code.some((c) => has.has(c.column))) ?? null
}
