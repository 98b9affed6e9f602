import {
  BASE_ACTIONS,
  baseNeeds,
  DECLARED_ACTIONS,
  DELEGATED_NEEDS,
  NEEDS_BY_ADAPTER,
  REPLAY_NEEDS,
} from './actions.ts'
import type { Need } from './need.ts'
import { delegateRolePolicy, FORWARDED_ACTIONS, rankanRolePolicy } from './policy.ts'

/** `docs/guide/aws-permissions.md`. A test compares it; `UPDATE_DOCS=1` with that test writes it. */
export function permissionsPage(): string {
  return [
    '# AWS permissions · 必要な AWS 権限',
    '',
    '<!-- Generated from server/src/aws by permissions-page.test.ts. Do not edit. -->',
    '',
    'Rankan works in the management account of each AWS organisation under one role. The tables below list every IAM',
    'action that its adapters call, and nothing else is needed: a test drives every adapter against the sandbox, which',
    'denies all other actions, and fails when an action is missing here or no longer used.',
    'Rankan asks for no permission to enter a tenant account. It enters one member account only, if it is to work through Security Hub:',
    'that of its delegated administrator, with a role of the same name (see below).',
    '',
    '欄干は、各 AWS 組織の管理アカウントで 1 つのロールとして動作します。下の表は、アダプターが呼び出す IAM アクションの',
    'すべてです。サンドボックスは表にない操作をすべて拒否し、テストが全アダプターを動かして、表の不足や不要な行を検出します。',
    '利用者のアカウントに入る権限は求めません。Security Hub を通す場合に限り、その委任管理アカウントに同じ名前のロールが必要です(後述)。',
    '',
    ...Object.entries(NEEDS_BY_ADAPTER).flatMap(([adapter, needs]) => section(adapter, needs)),
    "## In the account of Security Hub's delegated administrator · Security Hub の委任管理アカウント",
    '',
    'AWS takes central configuration from the delegated administrator only, in the home Region. Give a role of the same name there these',
    'actions, trusting the same credentials. Without it plans leave Security Hub out. / 同じ名前のロールを委任管理アカウントに作ると、',
    'Security Hub の中央設定を通じて統制を適用します。ない場合、計画は Security Hub を使いません。',
    '',
    ...table(DELEGATED_NEEDS),
    '```json',
    JSON.stringify(delegateRolePolicy(), null, 2),
    '```',
    '',
    '## The credentials Rankan runs with · 欄干の実行環境の権限',
    '',
    'Outside the management account Rankan only takes on that role.',
    '管理アカウントの外では、上記のロールを引き受ける権限だけが必要です。',
    '',
    ...table(baseNeeds),
    '## Replay of a trail · 証跡の読み込み',
    '',
    '`rankan replay --trail s3://…` and `rankan trail follow` use the credentials of whoever runs them, not the role above. Restrict',
    'them to the bucket, its key and the queue. / これらのコマンドは上記のロールではなく、実行者の認証情報を使います。',
    '',
    ...table(Object.values(REPLAY_NEEDS).flat()),
    '## Actions that AWS checks on its own behalf · AWS サービスが代わりに使う権限',
    '',
    `Account Factory, and AWS Config when it deploys a pack to the organisation, work under the caller's permissions. Rankan never calls these itself: ${FORWARDED_ACTIONS.map((a) => `\`${a}\``).join(', ')}.`,
    'Account Factory と AWS Config(組織の適合パック)は呼び出し元の権限で動作するため、これらも許可します(欄干自身は呼び出しません)。',
    '',
    'Before the first conformance pack an administrator switches on trusted access of `config-multiaccountsetup.amazonaws.com`, so that its',
    'service-linked role is there: Rankan asks for no `iam:` action. / 最初の適合パックの前に、管理者がこの信頼されたアクセスを有効にしてください。',
    '',
    'The role must also be a principal of the Service Catalog portfolio `AWS Control Tower Account Factory Portfolio`;',
    'otherwise AWS answers `No launch paths found`.',
    'また、このロールを Service Catalog のポートフォリオ `AWS Control Tower Account Factory Portfolio` に関連付けてください。',
    '',
    '## The policy · ポリシー',
    '',
    '```json',
    JSON.stringify(rankanRolePolicy(), null, 2),
    '```',
    '',
  ].join('\n')
}

const section = (adapter: string, needs: readonly Need[]) => [`## ${adapter}`, '', ...table(needs)]

const table = (needs: readonly Need[]) => [
  '| IAM action | 用途 | what for |',
  '|---|---|---|',
  ...needs.map((n) => `| \`${n.action}\` | ${n.reason.ja} | ${n.reason.en} |`),
  '',
]

/** Every action on the page, for the test that nothing is left out. */
export const actionsOnPage = (page: string): string[] =>
  [...page.matchAll(/^\| `([a-z0-9]+:\w+)` \|/gm)]
    .map((m) => m[1] ?? '')
    .filter((a) => !BASE_ACTIONS.includes(a) && !REPLAYING.has(a))

const REPLAYING = new Set(
  Object.values(REPLAY_NEEDS)
    .flat()
    .map(({ action }) => action)
    .filter((action) => !DECLARED_ACTIONS.includes(action)),
)
