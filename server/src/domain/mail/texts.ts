import type { Bilingual } from '../../kernel/text.ts'

/** What is told: a kind, what it is about, and values for the text. */
export interface Told {
  readonly kind: string
  readonly subject: string
  readonly params: Readonly<Record<string, string>>
}

type Params = Readonly<Record<string, string>>
type Text = (params: Params) => Bilingual

const about = (params: Params): Bilingual => {
  const place = [params.organisation, params.system].filter((part) => part !== undefined && part !== '')
  return place.length === 0 ? { ja: '', en: '' } : { ja: `(${place.join(' ')})`, en: ` (${place.join(' ')})` }
}

const application =
  (ja: string, en: string): Text =>
  (params) => ({ ja: `${ja}${about(params).ja}`, en: `${en}${about(params).en}` })

const TEXTS: Readonly<Record<string, Text>> = {
  'application.reminder': (params) =>
    application(
      `承認を ${params.hours ?? ''} 時間以上お待ちしている利用申請があります`,
      `An application has waited for approval for more than ${params.hours ?? ''} hours`,
    )(params),
  'application.approve': application('利用申請が承認されました', 'An application was approved'),
  'application.approved': application('利用申請が承認されました', 'An application was approved'),
  'application.returned': application('利用申請が差し戻されました', 'An application was returned'),
  'application.rejected': application('利用申請が却下されました', 'An application was rejected'),
  'application.commented': application('利用申請にコメントが付きました', 'An application has a new comment'),
  'application.ready': application('AWS アカウントが利用可能になりました', 'AWS accounts are ready for use'),
  'application.needs_repair': application(
    '処理が止まり、中央管理者の修復を待っています',
    'The work stopped and waits for repair by the centre',
  ),
  'application.abandoned': application('利用申請は中止されました', 'An application was given up'),
  'escalation.owner': (params) => ({
    ja: `対応が必要です: ${params.ja ?? ''}`,
    en: `Needs attention: ${params.en ?? ''}`,
  }),
  'escalation.centre': (params) => ({
    ja: `期限までに対応されていません: ${params.ja ?? ''}`,
    en: `Not dealt with in time: ${params.en ?? ''}`,
  }),
  'escalation.owner_digest': ({ count = '', ja = '', en = '' }) => ({
    ja: `対応が必要なことが ${count} 件あります\n${ja}`,
    en: `${count} things need attention\n${en}`,
  }),
  'escalation.centre_digest': ({ count = '', ja = '', en = '' }) => ({
    ja: `期限までに対応されていないことが ${count} 件あります\n${ja}`,
    en: `${count} things were not dealt with in time\n${en}`,
  }),
}

/** Kinds without a text of their own are told by their name: nothing is left unsaid. */
function textOf(told: Told): Bilingual {
  // A kind such as `valueOf` is a property of every object.
  const text = Object.hasOwn(TEXTS, told.kind) ? TEXTS[told.kind] : undefined
  return text?.(told.params) ?? { ja: `お知らせ (${told.kind})`, en: `A notice (${told.kind})` }
}

/** Page of the portal that a notice is about. */
export const pageOf = (told: Pick<Told, 'kind' | 'subject'>): string =>
  told.kind.startsWith('escalation.')
    ? '/organisations/attention'
    : `/applications/${encodeURIComponent(told.subject)}`

export interface MailText {
  readonly subject: string
  readonly text: string
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** A digest names its things below. */
const firstLine = (text: string): string => text.split('\n')[0] ?? ''

/** One mail in both languages, because several people read a group address. Without a portal address it names the page only. */
export function mailText(told: Told, portal: string | null): MailText {
  const words = textOf(told)
  const page = pageOf(told)
  const link = portal === null ? page : new URL(page, portal).href
  const text = [
    words.ja,
    `欄干 Rankan で確認してください: ${link}`,
    'このメールは組織の共用アドレスに自動で送られています。返信は届きません。',
    '',
    words.en,
    `Please see it in Rankan: ${link}`,
    'This mail goes to the group address of your organisation. Nobody reads answers to it.',
    '',
  ].join('\n')
  const [ja, en] = [firstLine(words.ja), firstLine(words.en)]
  return { subject: oneLine(`[Rankan] ${ja} / ${en}`).slice(0, 200), text }
}
