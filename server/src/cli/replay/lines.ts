import type { DigestCheck } from '../../analytics/digests/check.ts'
import type { Proposal } from '../../analytics/replay/exemption.ts'
import type { Line, Report, Section } from '../../analytics/replay/report.ts'
import type { IngestReport } from '../../analytics/trail/ingest.ts'

const n = (count: number) => count.toLocaleString('en-GB')

/** For people: what was read. */
export const ingestLines = (report: IngestReport, dir: string): readonly string[] => [
  `Trail: ${n(report.files)} files, ${n(report.known)} known from before, ${n(report.events)} new events → \`${dir}\``,
  `証跡: ${n(report.files)} ファイル(うち読込済み ${n(report.known)})、新しいイベント ${n(report.events)} 件`,
  ...report.refused.map(
    ({ name, refused }) => `  not read / 読めませんでした: ${name}: ${refused?.reason} ${refused?.detail}`,
  ),
  ...report.partly.map(
    ({ name, events, foreign = 0 }) =>
      `  read in part / 一部のみ読み込み: ${name}: records: ${n(events)}, other objects: ${n(foreign)} / 記録ではないもの ${n(foreign)} 件`,
  ),
]

/** For people: whether the files are as CloudTrail delivered them. */
export const digestLines = ({
  digests,
  files,
  signed,
  unsigned,
  problems,
}: DigestCheck): readonly string[] => [
  `Digests: ${n(digests)} of ${n(files)} files; signatures: ${n(signed)} good, ${n(unsigned)} not looked at; ${n(problems.length)} problems`,
  `ダイジェスト: ${n(digests)} 件(対象 ${n(files)} ファイル)、署名: 有効 ${n(signed)}・未確認 ${n(unsigned)}、問題 ${n(problems.length)} 件`,
  ...problems.map(({ problem, object }) => `  ${PROBLEMS[problem]}: ${object}`),
]

const PROBLEMS: Readonly<Record<DigestCheck['problems'][number]['problem'], string>> = {
  digest_unreadable: 'not a digest, or under a foreign name / ダイジェストではない、または名前が違う',
  signature_wrong: 'the signature is wrong / 署名が不正',
  signature_missing: 'the signature is not there / 署名がない',
  key_missing: 'its public key was not given / 公開鍵がない',
  digest_missing: 'a digest is missing / ダイジェストが欠けている',
  file_missing: 'a file is missing / ファイルが欠けている',
  file_changed: 'a file was changed / ファイルが改変されている',
}

/** Records that are no calls which IAM decides, or of which no table knows the action. */
function leftOutLines({ skipped }: Report): readonly string[] {
  const reasons = Object.entries(skipped).filter(([, count]) => count > 0)
  if (reasons.length === 0) return []
  const told = reasons.map(([reason, count]) => `${n(count)} ${reason}`).join(', ')
  return [`Left out / 対象外: ${told}`]
}

/** Callers that SCPs do not bind, so that nobody takes their silence for safety. */
const EXEMPT: Readonly<Record<string, string>> = {
  management_account: 'the management account / 管理アカウント',
  service_linked_role: 'service-linked roles / サービスリンクロール',
  service_principal: 'AWS services / AWS サービス',
  anonymous: 'anonymous callers / 匿名の呼び出し元',
  outside_organization: 'identity providers / ID プロバイダー',
}

const exemptLines = ({ exempt }: Report): readonly string[] => {
  const reasons = Object.entries(exempt)
  if (reasons.length === 0) return []
  return [
    'Of these, calls of callers that SCPs do not bind, whatever they say / うち、SCP の対象外の呼び出し元によるもの',
    ...reasons.map(([reason, calls]) => `  ${n(calls).padStart(10)}  ${EXEMPT[reason] ?? reason}`),
  ]
}

/** For people: the answer, largest first, in both languages. */
export function reportLines(
  report: Report,
  proposals: readonly Proposal[],
  exempt: Proposal | null,
): readonly string[] {
  const { denied, unknown } = report
  return [
    '',
    `${n(report.calls)} calls: ${n(report.allowed)} allowed, ${n(denied.calls)} denied (${n(denied.already)} of them AWS had denied already), ${n(unknown.calls)} unknown`,
    `呼び出し ${n(report.calls)} 件: 許可 ${n(report.allowed)}、拒否 ${n(denied.calls)}(うち当時すでに拒否 ${n(denied.already)})、不明 ${n(unknown.calls)}`,
    ...(report.events === 0
      ? [
          'No event is in this period: nothing is said of these policies. / この期間にイベントがないため、ポリシーの影響は判定できません。',
        ]
      : []),
    ...exemptLines(report),
    ...leftOutLines(report),
    ...(report.assumed.some(({ what }) => what === 'all_at_root')
      ? [
          'No --tree: all policies were taken to be attached to the root. / --tree が無いため、全ポリシーをルートに適用したものとしました。',
        ]
      : []),
    ...(report.unplacedAccounts.length === 0
      ? []
      : [
          `Accounts that the tree does not have / ツリーに無いアカウント: ${report.unplacedAccounts.join(', ')}`,
        ]),
    ...sectionLines('Denied / 拒否', denied),
    ...(unknown.missing.length === 0
      ? []
      : [
          '',
          'Unknown: what would decide / 不明: 判定に必要な情報',
          ...unknown.missing.map(
            ({ missing, calls }) =>
              `  ${n(calls).padStart(10)}  ${missing.what === 'context' ? missing.key : missing.what === 'policies' ? `policies: ${missing.kind}` : missing.what}`,
          ),
        ]),
    ...(report.against === null
      ? []
      : [
          ...sectionLines('Newly denied / 新たに拒否', report.against.newlyDenied),
          ...sectionLines('Newly allowed or unknown / 拒否されなくなるもの', report.against.newlyAllowed),
        ]),
    ...(exempt === null
      ? proposalLines(proposals)
      : [`Exempted / 除外: ${exempt.exemption.values.join(', ')}`]),
  ]
}

function sectionLines(title: string, section: Section): readonly string[] {
  if (section.calls === 0) return ['', `${title}: 0`]
  return [
    '',
    `${title}: ${n(section.calls)}  ${section.first} – ${section.last}`,
    ...table('statement / 文', section.byStatement),
    ...table('account / アカウント', section.byAccount, section.sizes.account),
    ...table('caller / 呼び出し元', section.byPrincipal, section.sizes.principal),
    ...table('action / 操作', section.byAction, section.sizes.action),
    ...table('resource / リソース', section.byResource, section.sizes.resource),
    ...table('day / 日', section.byDay),
    ...(section.groups[0] === undefined
      ? []
      : [
          `  e.g. / 例: ${section.groups[0].sample.eventId} ${section.groups[0].principal} ${section.groups[0].action} ${section.groups[0].sample.resource ?? ''}`,
          ...section.groups[0].sample.explanation.map(({ ja, en }) => `    ${en} / ${ja}`),
        ]),
  ]
}

const table = (title: string, lines: readonly Line[], size = lines.length): readonly string[] => [
  `  by ${title}`,
  ...lines.map(({ value, calls }) => `  ${n(calls).padStart(10)}  ${value === '' ? '?' : value}`),
  ...(size > lines.length
    ? [`              … ${n(size - lines.length)} more / 他 ${n(size - lines.length)} 件`]
    : []),
]

const proposalLines = (proposals: readonly Proposal[]): readonly string[] =>
  proposals.length === 0
    ? []
    : [
        '',
        'Exemptions to consider (replay one with --exempt ARN) / 検討できる除外(--exempt ARN で再計算)',
        ...proposals.map(
          ({ exemption, calls, statements }) =>
            `  ${n(calls).padStart(10)}  ${exemption.values.join(', ')}  ← ${statements.map(({ policy, index }) => `${policy} #${index + 1}`).join(', ')}`,
        ),
      ]
