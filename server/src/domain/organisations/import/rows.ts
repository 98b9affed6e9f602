import type { Issue } from '../../../kernel/errors.ts'
import { err, ok, type Result } from '../../../kernel/result.ts'
import { type CodeFormat, parseCode, prefectureCode, prefectureDigits } from '../codes.ts'
import { tidyKana, tidyName } from '../fold.ts'
import { hasLocalGovernmentCode, kindOfName, type OrganisationKind } from '../kinds.ts'
import type { OrganisationFacts } from '../timeline.ts'
import { IMPORT_LIMITS } from './limits.ts'
import type { ImportProfile } from './profile.ts'

/** A record of the file: `line` is where it begins (1 is the heading), `cells` by heading. */
export interface RawRecord {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

/** A row that was understood. */
export interface ListRow {
  readonly line: number
  readonly facts: OrganisationFacts
  /** Codes that the file says became, or were merged into, this organisation. */
  readonly predecessors: readonly string[]
}

/** Turns records into rows, or says for each wrong cell its line and column. Nothing is guessed and nothing is left out. */
export function readRows(
  headings: readonly string[],
  records: readonly RawRecord[],
  profile: ImportProfile,
): Result<readonly ListRow[], readonly Issue[]> {
  const missing = missingColumns(headings, profile)
  if (missing.length > 0) return err(missing)
  const issues: Issue[] = []
  const wards = wardFinder(records, profile)
  const rows: ListRow[] = []
  for (const record of records) {
    if (issues.length >= IMPORT_LIMITS.issues) break
    const row = readRow(record, profile, wards, issues)
    if (row !== null) rows.push(row)
  }
  issues.push(...duplicates(rows, profile))
  return issues.length > 0 ? err(issues.slice(0, IMPORT_LIMITS.issues)) : ok(rows)
}

function missingColumns(headings: readonly string[], profile: ImportProfile): readonly Issue[] {
  const has = new Set(headings)
  const wanted = [profile.nameJa, ...(profile.kind.from === 'column' ? [profile.kind.column] : [])]
  const issues = wanted.filter((name) => !has.has(name)).map(missingColumn)
  if (!profile.code.some((c) => has.has(c.column)))
    issues.push(missingColumn(profile.code.map((c) => c.column).join('` / `')))
  return issues
}

const missingColumn = (column: string): Issue => ({
  path: [1],
  code: 'column_missing',
  params: { column },
  message: `Line 1: there is no column \`${column}\`. Choose the profile that fits the file, or correct its mapping.`,
})

/** Knows the city that a name of 区 belongs to. */
type WardFinder = (name: string, prefecture: string) => string | null

function wardFinder(records: readonly RawRecord[], profile: ImportProfile): WardFinder {
  const cities = new Map<string, { name: string; code: string }[]>()
  for (const record of records) {
    const name = tidyName(record.cells[profile.nameJa] ?? '')
    const code = name.endsWith('市') ? firstCode(record, profile) : null
    if (code === null) continue
    const digits = prefectureDigits(code)
    cities.set(digits, [...(cities.get(digits) ?? []), { name, code }])
  }
  return (name, prefecture) =>
    cities
      .get(prefecture)
      ?.filter((city) => name.startsWith(city.name) && name.length > city.name.length + 1)
      .sort((a, b) => b.name.length - a.name.length)[0]?.code ?? null
}

function firstCode(record: RawRecord, profile: ImportProfile): string | null {
  const source = profile.code.find((c) => (record.cells[c.column] ?? '').trim() !== '')
  if (source === undefined) return null
  const code = parseCode(record.cells[source.column] ?? '', source.format)
  return code.ok ? code.value : null
}

function readRow(
  record: RawRecord,
  profile: ImportProfile,
  wardOf: WardFinder,
  issues: Issue[],
): ListRow | null {
  const at = reporter(record, issues)
  const before = issues.length
  const code = readCode(record, profile, at)
  const nameJa = readText(record, profile.nameJa, at, tidyName)
  if (nameJa === '') at(profile.nameJa, 'name_missing', 'The name is empty')
  const nameEn = profile.nameEn === null ? '' : readText(record, profile.nameEn, at, (t) => t.trim())
  const kana = readKana(record, profile.kana, at)
  if (code === null || issues.length > before) return null
  const city = nameJa.endsWith('区') ? wardOf(nameJa, prefectureDigits(code)) : null
  const kind = readKind(record, profile, nameJa, city !== null, at)
  if (kind === null) return null
  const format = formatOf(record, profile)
  const parentCode = readParent(record, profile, format, kind, code, city, at)
  const predecessors = readPredecessors(record, profile, format, at)
  if (issues.length > before) return null
  const facts = {
    code,
    kind,
    nameJa,
    nameEn: nameEn === '' ? null : nameEn,
    kana: kana === '' ? null : kana,
    parentCode,
  }
  return { line: record.line, facts, predecessors }
}

type Report = (column: string, code: string, text: string) => void

const reporter =
  (record: RawRecord, issues: Issue[]): Report =>
  (column, code, text) => {
    const value = shown(record.cells[column] ?? '')
    issues.push({
      path: [record.line, column],
      code,
      params: { line: record.line, column, value },
      message: `Line ${record.line}, column \`${column}\`: ${text}: \`${value}\`.`,
    })
  }

/** A cell as it may be shown in a message: short, and without characters that would act on a terminal. */
const shown = (cell: string): string =>
  [...cell.slice(0, 60)].map((c) => (isControl(c) ? '�' : c)).join('') + (cell.length > 60 ? '…' : '')

const isControl = (char: string): boolean => /\p{Cc}|\p{Cf}/u.test(char)

function readCode(record: RawRecord, profile: ImportProfile, report: Report): string | null {
  let found: string | null = null
  for (const { column, format } of profile.code) {
    const text = record.cells[column] ?? ''
    if (text.trim() === '') continue
    const code = parseCode(text, format)
    if (!code.ok) report(column, code.error, CODE_MESSAGES[code.error](format))
    else if (found === null) found = code.value
    else if (found !== code.value)
      report(column, 'codes_differ', `The code differs from the other column's \`${found}\``)
  }
  if (found === null && profile.code.every((c) => (record.cells[c.column] ?? '').trim() === ''))
    report(profile.code[0]?.column ?? '', 'code_missing', 'The code is empty')
  return found
}

const CODE_MESSAGES = {
  code_not_digits: () => 'The code must be digits',
  code_length: (format: CodeFormat) =>
    format === 'with_check_digit' ? 'The code must have six digits' : 'The code must have five digits',
  code_check_digit: () => "The code's check digit is wrong",
  code_not_free_form: () => 'The code must be 2 to 20 letters, digits or hyphens',
} as const

function readText(record: RawRecord, column: string, report: Report, tidy: (text: string) => string): string {
  const text = tidy(record.cells[column] ?? '')
  const reason = hostile(text)
  if (reason !== null) report(column, reason.code, reason.text)
  return text
}

/** Why a text is refused as a name: a spreadsheet would run it, a terminal would obey it, or nobody could read it. */
export function hostile(text: string): { readonly code: string; readonly text: string } | null {
  if (text.length > IMPORT_LIMITS.nameLength)
    return { code: 'text_too_long', text: `The text is longer than ${IMPORT_LIMITS.nameLength} characters` }
  if ([...text].some(isControl))
    return { code: 'control_character', text: 'The text holds control characters' }
  if (text.includes('�'))
    return { code: 'replacement_character', text: 'The text was damaged by a wrong encoding' }
  if (/^[=+\-@|%＝＋－＠]/u.test(text))
    return { code: 'formula', text: 'The text begins like a spreadsheet formula' }
  if (/[<>"`\\{}]/u.test(text)) return { code: 'markup', text: 'The text holds characters that no name has' }
  return null
}

function readKana(record: RawRecord, column: string | null, report: Report): string {
  if (column === null) return ''
  const kana = tidyKana(record.cells[column] ?? '')
  if (kana.length > IMPORT_LIMITS.nameLength) report(column, 'text_too_long', 'The reading is too long')
  else if (!/^[ぁ-ゖー ・]*$/u.test(kana))
    report(column, 'not_kana', 'The reading must be hiragana or katakana')
  return kana
}

function readKind(
  record: RawRecord,
  profile: ImportProfile,
  name: string,
  isWard: boolean,
  report: Report,
): OrganisationKind | null {
  if (profile.kind.from === 'fixed') return profile.kind.kind
  if (profile.kind.from === 'column') {
    const value = (record.cells[profile.kind.column] ?? '').trim()
    const kind = profile.kind.values[value] ?? null
    if (kind === null) report(profile.kind.column, 'kind_unknown', 'The profile gives no kind for this value')
    return kind
  }
  const kind = kindOfName(name, isWard)
  if (kind === null) report(profile.nameJa, 'kind_unknown', 'The name ends in none of 市 町 村 区')
  return kind
}

/** Other codes of a row are written as its own is. */
const formatOf = (record: RawRecord, profile: ImportProfile): CodeFormat =>
  profile.code.find(({ column }) => (record.cells[column] ?? '').trim() !== '')?.format ?? 'free'

/** Six digits can only be a code with its check digit. */
const formatFor = (text: string, format: CodeFormat): CodeFormat =>
  format === 'without_check_digit' && /^\d{6}$/.test(text) ? 'with_check_digit' : format

function readParent(
  record: RawRecord,
  profile: ImportProfile,
  format: CodeFormat,
  kind: OrganisationKind,
  code: string,
  city: string | null,
  report: Report,
): string | null {
  const text = profile.parent === null ? '' : (record.cells[profile.parent] ?? '').trim()
  if (profile.parent !== null && text !== '') {
    const parent = parseCode(text, formatFor(text, format))
    if (!parent.ok) report(profile.parent, parent.error, CODE_MESSAGES[parent.error](format))
    else if (parent.value === code)
      report(profile.parent, 'own_parent', 'An organisation cannot belong to itself')
    return parent.ok ? parent.value : null
  }
  if (kind === 'ward') return city
  return hasLocalGovernmentCode(kind) && kind !== 'prefecture' ? prefectureCode(prefectureDigits(code)) : null
}

function readPredecessors(
  record: RawRecord,
  profile: ImportProfile,
  format: CodeFormat,
  report: Report,
): readonly string[] {
  const column = profile.predecessors
  const text = column === null ? '' : (record.cells[column] ?? '').trim()
  if (column === null || text === '') return []
  return text.split(/[;；\s]+/u).flatMap((part) => {
    const code = parseCode(part, formatFor(part, format))
    if (code.ok) return [code.value]
    report(column, code.error, CODE_MESSAGES[code.error](format))
    return []
  })
}

function duplicates(rows: readonly ListRow[], profile: ImportProfile): readonly Issue[] {
  const first = new Map<string, number>()
  const issues: Issue[] = []
  const column = profile.code[0]?.column ?? 'code'
  for (const { line, facts } of rows) {
    const earlier = first.get(facts.code)
    if (earlier === undefined) first.set(facts.code, line)
    else
      issues.push({
        path: [line, column],
        code: 'code_twice',
        params: { line, column, value: facts.code, earlier },
        message: `Line ${line}, column \`${column}\`: the code \`${facts.code}\` is on line ${earlier} already. Keep one of the two.`,
      })
  }
  return issues
}
