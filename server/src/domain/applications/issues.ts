import type { z } from 'zod'
import type { Issue } from '../../kernel/errors.ts'
import { err, ok, type Result } from '../../kernel/result.ts'
import type { Bilingual } from '../../kernel/text.ts'
import { type ApplicationForm, applicationForm } from './form.ts'

type ZodIssue = z.core.$ZodIssue
type Params = Readonly<Record<string, string | number>>

/** Texts of everything a field can have wrong. `{x}` is filled from the issue's params. */
export const ISSUE_TEXTS: Readonly<Record<string, Bilingual>> = {
  required: { ja: '入力してください。', en: 'This field is missing; fill it in.' },
  wrong_type: {
    ja: '値の型が違います({expected} が必要です)。',
    en: 'The value has the wrong type; give a {expected}.',
  },
  unknown_field: { ja: '`{field}` という項目はありません。', en: 'There is no field `{field}`; remove it.' },
  not_in_list: { ja: '次のいずれかを選んでください: {options}', en: 'Choose one of: {options}.' },
  too_long: { ja: '{maximum} 以下にしてください。', en: 'Too long or too many: at most {maximum}.' },
  too_short: { ja: '{minimum} 以上が必要です。', en: 'Too short or too few: at least {minimum}.' },
  bad_format: { ja: '形式が正しくありません。', en: 'The format is not right.' },
  duplicate: { ja: '同じものが二度あります。', en: 'The same thing is given twice.' },
  not_a_day: { ja: '日付は 2027-04-01 の形で入力してください。', en: 'Give a real day as 2027-04-01.' },
  forbidden_character: {
    ja: '制御文字や見えない文字は使えません。',
    en: 'Control characters and invisible characters are not allowed.',
  },
  too_deep: { ja: '入れ子が深すぎます。', en: 'The document is nested too deeply.' },
  too_large: {
    ja: '大きすぎます({maximum} バイトまで)。',
    en: 'The document is too large: at most {maximum} bytes.',
  },
}

export const fill = (text: string, params: Params): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))

export function issueText(issue: Issue): Bilingual {
  const text = ISSUE_TEXTS[issue.code]
  if (!text) return { ja: issue.message, en: issue.message }
  return { ja: fill(text.ja, issue.params ?? {}), en: fill(text.en, issue.params ?? {}) }
}

export const issueOf = (path: Issue['path'], code: string, params: Params = {}): Issue => ({
  path,
  code,
  params,
  message: fill(ISSUE_TEXTS[code]?.en ?? code, params),
})

/** User's words are cut: an error never carries a megabyte back. */
const short = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
const pathOf = (issue: ZodIssue) =>
  issue.path.map((part) => (typeof part === 'number' ? part : short(String(part))))

function fromZod(issue: ZodIssue): readonly Issue[] {
  const path = pathOf(issue)
  switch (issue.code) {
    case 'invalid_type':
      return [
        issue.input === undefined
          ? issueOf(path, 'required')
          : issueOf(path, 'wrong_type', { expected: issue.expected }),
      ]
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, 10)
        .map((key) => issueOf([...path, short(key)], 'unknown_field', { field: short(key) }))
    case 'invalid_value':
      return [
        issue.input === undefined
          ? issueOf(path, 'required')
          : issueOf(path, 'not_in_list', { options: issue.values.map(String).join(', ') }),
      ]
    case 'invalid_union':
      return [
        issueOf(path, 'not_in_list', {
          options: 'vend, change_contacts, change_owner, move, suspend, resume, close',
        }),
      ]
    case 'too_big':
      return [issueOf(path, 'too_long', { maximum: Number(issue.maximum) })]
    case 'too_small':
      return [
        issue.origin === 'string' && Number(issue.minimum) === 1
          ? issueOf(path, 'required')
          : issueOf(path, 'too_short', { minimum: Number(issue.minimum) }),
      ]
    case 'custom':
      return [issueOf(path, typeof issue.params?.code === 'string' ? issue.params.code : 'bad_format')]
    default:
      return [issueOf(path, 'bad_format')]
  }
}

const MAX_ISSUES = 200

/** An untrusted document as a form, or everything that is wrong with it. */
export function readForm(input: unknown): Result<ApplicationForm, readonly Issue[]> {
  const parsed = applicationForm.safeParse(input, { reportInput: true })
  if (parsed.success) return ok(parsed.data)
  return err(parsed.error.issues.flatMap(fromZod).slice(0, MAX_ISSUES))
}
