import { counted, type Language } from '../../kernel/text.ts'
import type { Note, Severity } from '../finding.ts'

/** Words of the report for people. */
interface Words {
  readonly severities: Readonly<Record<Severity, string>>
  readonly verdicts: Readonly<Record<'FAIL' | 'UNKNOWN', string>>
  readonly resource: string
  readonly stack: string
  readonly construct: string
  readonly why: string
  readonly found: string
  readonly missing: string
  readonly wanted: string
  readonly notKnown: string
  /** What a macro adds, no control can judge. */
  unjudged(controls: readonly string[]): string
  readonly mend: string
  readonly frameworks: string
  readonly baseline: string
  readonly template: string
  waived(id: string, approvedBy: string, expires: string): string
  summary(facts: {
    documents: number
    resources: number
    controls: number
    fails: number
    unknowns: number
    excused: number
  }): string
  clean: string
}

const EN: Words = {
  severities: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  verdicts: { FAIL: 'FAIL', UNKNOWN: 'UNKNOWN' },
  resource: 'resource',
  stack: 'stack',
  construct: 'construct',
  why: 'why',
  found: 'found',
  missing: 'missing',
  wanted: 'wanted',
  notKnown: 'unknown',
  unjudged: (controls) =>
    `${counted(controls.length, 'control')} cannot judge it before deployment: ${controls.join(', ')}`,
  mend: 'mend',
  frameworks: 'frameworks',
  baseline: 'known finding of the baseline',
  template: '(whole template)',
  waived: (id, approvedBy, expires) => `excepted by ${id} (${approvedBy}) until ${expires}`,
  summary: ({ documents, resources, controls, fails, unknowns, excused }) =>
    `${counted(documents, 'document')}, ${counted(resources, 'resource')}, ${counted(controls, 'control')}: ${counted(fails, 'failure')}, ${unknowns} unknown, ${excused} excused.`,
  clean: 'Nothing failed.',
}

const JA: Words = {
  severities: { low: '低', medium: '中', high: '高', critical: '重大' },
  verdicts: { FAIL: '違反', UNKNOWN: '判定不能' },
  resource: 'リソース',
  stack: 'スタック',
  construct: 'コンストラクト',
  why: '理由',
  found: '実際の値',
  missing: '無いもの',
  wanted: '求める値',
  notKnown: '未定の値',
  unjudged: (controls) => `デプロイ前に判定できない統制 ${controls.length} 件: ${controls.join('、')}`,
  mend: '直し方',
  frameworks: '根拠',
  baseline: '既知の検出結果',
  template: '(テンプレート全体)',
  waived: (id, approvedBy, expires) => `例外承認 ${id}(承認者 ${approvedBy}、${expires} まで)`,
  summary: ({ documents, resources, controls, fails, unknowns, excused }) =>
    `文書 ${documents}、リソース ${resources}、統制 ${controls}: 違反 ${fails}、判定不能 ${unknowns}、除外 ${excused}`,
  clean: '違反はありません。',
}

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, ja: JA }

export function noteText(note: Note, language: Language): string {
  const ja = language === 'ja'
  switch (note.kind) {
    case 'not_read':
      return ja
        ? `読めないので検査していません: ${note.file}: ${note.why}`
        : `Not checked, cannot be read: ${note.file}: ${note.why}`
    case 'waiver_expired':
      return ja
        ? `例外承認 ${note.id} は ${note.expires} で失効しました。`
        : `The waiver ${note.id} expired on ${note.expires}.`
    case 'waiver_unused':
      return ja
        ? `例外承認 ${note.id} に当たる検出結果はありません。`
        : `The waiver ${note.id} excuses nothing here.`
    case 'baseline_gone':
      return ja
        ? `既知の検出結果が無くなりました: ${note.fingerprint}`
        : `A known finding is gone: ${note.fingerprint}`
  }
}
