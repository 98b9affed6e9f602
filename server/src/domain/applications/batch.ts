import type { Issue } from '../../kernel/errors.ts'
import type { Bilingual } from '../../kernel/text.ts'
import { BATCH_COLUMNS, type BatchColumn } from './batch-columns.ts'
import type { VendForm } from './form.ts'
import { issueOf, issueText, readForm } from './issues.ts'
import { APPLICATION_LIMITS as L } from './limits.ts'

/** One line of the file. `line` counts as a spreadsheet does: the headings are line 1. */
export interface BatchRecord {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

export interface RowFault {
  readonly row: number
  /** As the file names it; null when the row as a whole is meant. */
  readonly column: string | null
  readonly key: string | null
  readonly code: string
  readonly message: Bilingual
}

export interface BatchItem {
  readonly key: string
  readonly form: VendForm
  /** Line of the first row, and of the row of each environment. */
  readonly lines: readonly number[]
}

export interface BatchReading {
  readonly items: readonly BatchItem[]
  readonly faults: readonly RowFault[]
}

const MAX_FAULTS = 1_000

const TEXTS: Readonly<Record<string, Bilingual>> = {
  unknown_column: {
    ja: 'この列名は知りません。雛形の列名を使ってください。',
    en: 'This heading is not known; use those of the template.',
  },
  column_twice: { ja: '同じ意味の列が二つあります。', en: 'Two columns mean the same.' },
  column_missing: { ja: '必須の列がありません。', en: 'A necessary column is missing.' },
  no_rows: { ja: 'データの行がありません。', en: 'The file has no rows.' },
  too_many_rows: {
    ja: `行が多すぎます(${L.batchRows} 行まで)。分割してください。`,
    en: `Too many rows: at most ${L.batchRows}. Split the file.`,
  },
  key_missing: { ja: '申請キーを入力してください。', en: 'Give the key of the application.' },
  key_too_long: {
    ja: '申請キーが長すぎます(40 文字まで)。',
    en: 'The key is too long: at most 40 characters.',
  },
  differs: {
    ja: '同じ申請キーの行で値が違います。先頭の行と同じにするか空にしてください。',
    en: 'Differs from an earlier row of the same key; make it the same or leave it empty.',
  },
  not_a_flag: { ja: '「はい」か「いいえ」で入力してください。', en: 'Write yes or no.' },
  not_a_number: { ja: '数字で入力してください。', en: 'Write a number.' },
  not_a_person: {
    ja: '「ユーザー名/メール/姓/名」を ; で区切って入力してください。',
    en: 'Write userName/email/lastName/firstName, separated by ;.',
  },
  environment_twice: {
    ja: '同じ申請に同じ環境の行が二つあります。',
    en: 'The same environment is there twice in this application.',
  },
  same_application_twice: {
    ja: '同じ組織・システム・環境が別の申請キーにもあります。',
    en: 'The same organisation, system and environment is under another key as well.',
  },
}

export const fault = (
  row: number,
  column: string | null,
  key: string | null,
  code: string,
  message?: Bilingual,
): RowFault => ({
  row,
  column,
  key,
  code,
  message: message ?? TEXTS[code] ?? { ja: code, en: code },
})

interface Heading {
  /** As written in the file. */
  readonly text: string
  readonly column: BatchColumn
}

const byHeading = new Map(BATCH_COLUMNS.flatMap((c) => [[c.name, c] as const, [c.ja, c] as const]))

function readHeadings(headings: readonly string[]): {
  known: readonly Heading[]
  faults: readonly RowFault[]
} {
  const known: Heading[] = []
  const faults: RowFault[] = []
  for (const text of headings) {
    const column = byHeading.get(text.trim())
    if (!column) faults.push(fault(1, text.slice(0, 60), null, 'unknown_column'))
    else if (known.some((k) => k.column === column)) faults.push(fault(1, text, null, 'column_twice'))
    else known.push({ text, column })
  }
  for (const name of ['key', 'environment', 'organisation_code', 'system_code'])
    if (!known.some((k) => k.column.name === name)) faults.push(fault(1, name, null, 'column_missing'))
  return { known, faults }
}

/** Reads the rows of a batch file into forms. Nothing is accepted while one fault is there; each says its row and column. */
export function readBatch(headings: readonly string[], records: readonly BatchRecord[]): BatchReading {
  const head = readHeadings(headings)
  if (head.faults.length > 0) return { items: [], faults: head.faults }
  if (records.length === 0) return { items: [], faults: [fault(1, null, null, 'no_rows')] }
  if (records.length > L.batchRows)
    return { items: [], faults: [fault(L.batchRows + 2, null, null, 'too_many_rows')] }
  const { groups, faults } = groupRows(head.known, records)
  const items: BatchItem[] = []
  for (const [key, rows] of groups) {
    const read = readGroup(head.known, key, rows)
    faults.push(...read.faults)
    if (read.item) items.push(read.item)
  }
  faults.push(...sameTwice(head.known, items))
  return { items, faults: faults.sort((a, b) => a.row - b.row).slice(0, MAX_FAULTS) }
}

function groupRows(headings: readonly Heading[], records: readonly BatchRecord[]) {
  const keyHeading = headings.find((h) => h.column.name === 'key')?.text ?? 'key'
  const groups = new Map<string, BatchRecord[]>()
  const faults: RowFault[] = []
  for (const record of records) {
    const key = (record.cells[keyHeading] ?? '').trim()
    if (key === '' || key.length > 40)
      faults.push(fault(record.line, keyHeading, null, key === '' ? 'key_missing' : 'key_too_long'))
    else groups.set(key, [...(groups.get(key) ?? []), record])
  }
  return { groups, faults }
}

interface Value {
  readonly line: number
  readonly value: unknown
}

function readGroup(headings: readonly Heading[], key: string, rows: readonly BatchRecord[]) {
  const faults: RowFault[] = []
  const form: Record<string, unknown> = { kind: 'vend', environments: rows.map(() => ({})) }
  for (const heading of headings) {
    if (heading.column.path.length === 0) continue
    const values = rows.map((row) => readCell(heading, row, key, faults))
    if (heading.column.level === 'environment')
      values.forEach((v, i) => {
        if (v) setAt(form, ['environments', i, ...heading.column.path], v.value)
      })
    else putShared(form, heading, key, values, faults)
  }
  const lines = rows.map((row) => row.line)
  faults.push(...environmentTwice(headings, key, form, lines))
  if (faults.length > 0) return { item: null, faults }
  const read = readForm(form)
  if (!read.ok) return { item: null, faults: read.error.map((issue) => toFault(headings, key, lines, issue)) }
  return { item: { key, form: read.value as VendForm, lines }, faults }
}

function putShared(
  form: Record<string, unknown>,
  heading: Heading,
  key: string,
  values: readonly (Value | null)[],
  faults: RowFault[],
): void {
  const given = values.flatMap((v) => v ?? [])
  const first = given[0]
  if (!first) return
  const other = given.find((v) => JSON.stringify(v.value) !== JSON.stringify(first.value))
  if (other) faults.push(fault(other.line, heading.text, key, 'differs'))
  setAt(form, heading.column.path, first.value)
}

function setAt(target: Record<string, unknown>, path: readonly (string | number)[], value: unknown): void {
  let at: Record<string | number, unknown> = target
  for (const part of path.slice(0, -1)) {
    if (typeof at[part] !== 'object') at[part] = {}
    at = at[part] as Record<string | number, unknown>
  }
  const last = path.at(-1)
  if (last !== undefined) at[last] = value
}

const FLAGS: Readonly<Record<string, boolean>> = {
  yes: true, true: true, '1': true, はい: true, '○': true, 有: true, y: true,
  no: false, false: false, '0': false, いいえ: false, '×': false, 無: false, n: false,
} // biome-ignore format: a table

/** A cell's value; null for an empty one. A cell that cannot be read is a fault. */
function readCell(heading: Heading, row: BatchRecord, key: string, faults: RowFault[]): Value | null {
  const text = (row.cells[heading.text] ?? '').trim()
  if (text === '') return null
  const refuse = (code: string) => {
    faults.push(fault(row.line, heading.text, key, code))
    return null
  }
  if (text.length > L.batchCell) {
    const message = issueText(issueOf([], 'too_long', { maximum: L.batchCell }))
    faults.push(fault(row.line, heading.text, key, 'too_long', message))
    return null
  }
  const value = convert(heading.column, text)
  return value === undefined
    ? refuse(REFUSALS[heading.column.type] ?? 'bad_format')
    : { line: row.line, value }
}

const REFUSALS: Readonly<Record<string, string>> = {
  flag: 'not_a_flag',
  number: 'not_a_number',
  people: 'not_a_person',
}

function convert(column: BatchColumn, text: string): unknown {
  switch (column.type) {
    case 'flag':
      return Object.hasOwn(FLAGS, text.toLowerCase()) ? FLAGS[text.toLowerCase()] : undefined
    case 'number':
      return /^-?[\d,]{1,20}$/.test(text) ? Number(text.replaceAll(',', '')) : undefined
    case 'day':
      return isoDay(text)
    case 'list':
      return text.split(/[;、\s]+/).filter((part) => part !== '')
    case 'people':
      return readPeople(text)
    case 'word':
      return Object.hasOwn(column.words ?? {}, text) ? column.words?.[text] : text
    default:
      return text
  }
}

/** Spreadsheets write 2027/4/1. */
function isoDay(text: string): string {
  const match = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(text)
  return match ? `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}` : text
}

function readPeople(text: string): unknown {
  const people = text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => part.split('/').map((piece) => piece.trim()))
  if (people.some((person) => person.length !== 4)) return undefined
  return people.map(([userName, email, lastName, firstName]) => ({ userName, email, lastName, firstName }))
}

function environmentTwice(
  headings: readonly Heading[],
  key: string,
  form: Record<string, unknown>,
  lines: readonly number[],
): readonly RowFault[] {
  const column = headings.find((h) => h.column.name === 'environment')?.text ?? 'environment'
  const names = (form.environments as { environment?: string }[]).map((e) => e.environment)
  return names.flatMap((name, i) =>
    name !== undefined && names.indexOf(name) !== i
      ? [fault(lines[i] ?? 0, column, key, 'environment_twice')]
      : [],
  )
}

/** Where in the file an issue of the schema is. */
function toFault(
  headings: readonly Heading[],
  key: string,
  lines: readonly number[],
  issue: Issue,
): RowFault {
  const [top, index] = issue.path
  const inRow = top === 'environments' && typeof index === 'number'
  const path = inRow ? issue.path.slice(2) : issue.path
  const fits = (h: Heading) => h.column.path.every((part, i) => path[i] === undefined || path[i] === part)
  const level = inRow ? 'environment' : 'application'
  const found = BATCH_COLUMNS.find(
    (c) =>
      c.level === level &&
      c.path.length > 0 &&
      c.path.every((part, i) => path[i] === undefined || path[i] === part),
  )
  const heading = headings.find((h) => h.column.level === level && h.column.path.length > 0 && fits(h))
  const line = (inRow ? lines[index] : lines[0]) ?? 1
  return fault(line, heading?.text ?? found?.name ?? null, key, issue.code, issueText(issue))
}

function sameTwice(headings: readonly Heading[], items: readonly BatchItem[]): readonly RowFault[] {
  const column = headings.find((h) => h.column.name === 'environment')?.text ?? null
  const seen = new Set<string>()
  const faults: RowFault[] = []
  for (const item of items)
    item.form.environments.forEach((e, i) => {
      const place = `${item.form.organisation.code} ${item.form.system.code} ${e.environment}`.toLowerCase()
      if (seen.has(place)) faults.push(fault(item.lines[i] ?? 0, column, item.key, 'same_application_twice'))
      seen.add(place)
    })
  return faults
}
