import type { Language } from '@rankan/server/kernel/text.ts'
import type { PolicyProblem } from '@rankan/server/src/policy/parse/problem.ts'

type Words = readonly string[]
interface JapaneseText {
  readonly message: (words: Words) => string
  readonly hint: string | null
}

/** First word of the author in code marks, or nothing where the message has none. */
const w = (words: Words, at = 0): string => (words[at] === undefined ? '' : `\`${words[at]}\``)
const text = (message: (words: Words) => string, hint: string | null = null): JapaneseText => ({
  message,
  hint,
})

/**
 * The engine says what is wrong in English, with the author's words in backticks and a stable code. Japanese is said by
 * code, with the same words; a test keeps the codes of the engine and this table equal.
 */
export const JAPANESE: Readonly<Record<string, JapaneseText>> = {
  // JSON
  too_large: text(() => '文書が大きすぎて読み取れません。'),
  empty: text(
    () => '文書が空です。',
    'ポリシーを入力してください: `{"Version": "2012-10-17", "Statement": [ … ]}`',
  ),
  text_after_document: text(
    (s) => `文書の終わりの後に余分な文字があります: ${w(s)}`,
    '1 つの文書だけにしてください。閉じ括弧が多い可能性もあります。',
  ),
  too_deep: text(() => '入れ子が深すぎます。'),
  duplicate_key: text(
    (s) => `キー ${w(s)} が 1 つのオブジェクトに 2 回あります。`,
    '値を 1 つのリストにまとめてください。',
  ),
  wrong_separator: text(
    (s) => `キー ${w(s)} の後に ${w(s, 1)} があります。`,
    'JSON ではコロン `:` を使います。',
  ),
  missing_colon: text((s) => `キー ${w(s)} の後のコロンがありません。`),
  unclosed: text((s) => `閉じ括弧 ${w(s)} がありません。`, 'すべての括弧を閉じてください。'),
  extra_bracket: text((s) => `${w(s)} に対応する開き括弧がありません。`, '取り除いてください。'),
  odd_space: text(
    (s) => `JSON で使えない空白文字(${w(s)})があります。`,
    'ほかの箇所も含めて、普通の半角スペースに置き換えてください。',
  ),
  line_break: text(
    () => '文字列の途中で改行されています。',
    '1 行で書いてください。改行を表すときは `\\n` と書きます。',
  ),
  extra_comma: text(() => 'カンマが余分にあります。', '取り除いてください。'),
  missing_comma: text((s) => `${w(s)} の前にカンマがありません。`),
  trailing_comma: text((s) => `最後の項目と ${w(s)} の間に余分なカンマがあります。`, '取り除いてください。'),
  unexpected: text((s) => `${w(s)} はここに書けません。`, 'この前の値が抜けています。'),
  not_json: text((s) => `${w(s)} は JSON の値ではありません。`, '文字列は二重引用符 `"` で囲みます。'),
  other_format: text(
    () => 'これは JSON ではありません(YAML、HTML、Terraform などの可能性があります)。',
    'ポリシーは JSON で書いてください。',
  ),
  comment: text(() => 'JSON にはコメントを書けません。', '取り除いてください。文の目的は `Sid` に書けます。'),
  wrong_quote: text((s) => `${w(s)} は JSON の引用符ではありません。`, '`"` を使ってください。'),
  unclosed_string: text((s) => `文字列 ${w(s)} がその行で閉じていません。`, '`"` を加えてください。'),
  control_character: text(() => '文字列の中に制御文字があります。', '`\\t` と書くか、取り除いてください。'),
  bad_escape: text((s) => `${w(s)} は JSON のエスケープではありません。`, '逆斜線は `\\\\` と書きます。'),
  expected_key: text((s) => `キーがあるべき場所に ${w(s)} があります。`, 'キーは `"` で囲んだ文字列です。'),
  bare_key: text((s) => `キー ${w(s)} に引用符がありません。`, '`"` で囲んでください。'),
  // document
  bare_statement: text(
    () => 'これは文 1 つだけで、ポリシーの文書ではありません。',
    '`{"Version": "2012-10-17", "Statement": [ … ]}` の中に入れてください。',
  ),
  no_policy: text(() => 'ポリシーの文書がありません。', 'ポリシーは `Statement` を持つオブジェクトです。'),
  not_an_object: text(() => 'ここにはオブジェクト `{ … }` が必要です。'),
  bad_version: text((s) => `${w(s)} の値が正しくありません。`, '`"2012-10-17"` と書いてください。'),
  no_statement: text(() => 'ポリシーに `Statement`(文)がありません。', '文を 1 つ以上書いてください。'),
  too_many_statements: text(() => '文が多すぎます。'),
  duplicate_sid: text((s) => `Sid ${w(s, 1)} が 2 回使われています。`, '文ごとに別の Sid を付けてください。'),
  unknown_element: text((s) => `${w(s)} という要素はありません。`),
  not_text: text(
    (s) => `${w(s)} には文字列が必要です。`,
    '引用符で囲んだ文字列、またはそのリストを書いてください。',
  ),
  too_long: text(
    () => '文書が AWS の上限文字数を超えています。',
    '空白を減らす、ワイルドカードでまとめる、またはポリシーを分けてください。',
  ),
  // statement
  no_effect: text(
    () => '文に `Effect` がありません。',
    '`"Effect": "Allow"` または `"Effect": "Deny"` と書いてください。',
  ),
  bad_effect: text(
    () => '`Effect` の値が正しくありません。',
    '`Allow` または `Deny` と、先頭を大文字で書いてください。',
  ),
  bad_sid: text(
    (s) => `Sid ${w(s, 1)} に AWS が認めない文字があります。`,
    '英字 A–Z と数字だけを使ってください。',
  ),
  both_elements: text((s) => `${w(s)} と ${w(s, 1)} の両方があります。`, 'どちらか一方にしてください。'),
  no_action: text(() => '`Action`(操作)がありません。', '`"Action": "s3:*"` のように書いてください。'),
  bad_action: text(
    (s) => `${w(s)} は操作の名前ではありません。`,
    '`サービス:操作名`(例 `s3:GetObject`)、またはすべてを表す `*` を書いてください。',
  ),
  bad_action_name: text(
    (s) => `${w(s, 1)} は操作の名前として正しくありません。`,
    '名前は英字と数字です。`*` と `?` はどこにでも書けます。',
  ),
  service_wildcard: text(
    (s) => `${w(s)} のサービスの部分にワイルドカードは使えません。`,
    'サービスごとに書いてください(例 `s3:Get*`)。すべてを表すのは `*` だけです。',
  ),
  not_action_forbidden: text(
    () => 'この種類のポリシーでは `NotAction` を使えません。',
    '`Action` で操作を列挙してください。',
  ),
  no_resource: text(() => '`Resource`(対象)がありません。', '`"Resource": "*"` のように書いてください。'),
  bad_resource: text(
    (s) => `${w(s)} は対象(ARN)として正しくありません。`,
    '`arn:aws:s3:::bucket/*` のように 6 つの部分からなる ARN、または `*` を書いてください。',
  ),
  arn_with_region: text(
    (s) => `${w(s)} は IAM が認めないリソースです。この ARN にリージョンはありません。`,
    'リージョンの部分を空にしてください。',
  ),
  arn_without_service: text(
    (s) => `${w(s)} はリソースではありません。サービスの部分が空です。`,
    'ARN の 3 番目にサービスを書いてください: `arn:aws:s3:::bucket`。',
  ),
  iam_path: text(
    (s) => `${w(s)} は IAM が認めないリソースです。その種類は IAM にありません。`,
    '`*` と書くか、種類から書き始めてください: `role/…`、`user/…`、`policy/…`。',
  ),
  resource_forbidden: text(
    (s) => `この種類のポリシーでは ${w(s)} を使えません。`,
    '取り除いてください。ロール自身が対象です。',
  ),
  no_principal: text(
    () => '`Principal`(誰が)がありません。',
    '`"Principal": "*"` または `{"AWS": "111122223333"}` を加えてください。',
  ),
  principal_forbidden: text(
    (s) => `この種類のポリシーでは ${w(s)} を使えません。`,
    '取り除いてください。適用先の利用者すべてが対象です。',
  ),
  not_principal_forbidden: text(
    () => 'この種類のポリシーでは `NotPrincipal` を使えません。',
    '`"Principal": "*"` と `aws:PrincipalArn` の条件を使ってください。',
  ),
  principal_not_everyone: text(
    () => 'RCP の `Principal` は `"*"` だけです。',
    '対象者は `aws:PrincipalArn` や `aws:PrincipalOrgID` の条件で書いてください。',
  ),
  bad_principal: text(
    (s) => `${w(s)} は利用者として正しくありません。`,
    '12 桁のアカウント番号、または `arn:aws:iam::111122223333:role/Name` のように書いてください。',
  ),
  deleted_principal: text(
    (s) => `${w(s)} は削除された利用者・ロールの ID です。`,
    'もう誰にも当てはまりません。取り除いてください。',
  ),
  // conditions
  bad_condition: text(
    (s) => `${w(s)} の書き方が正しくありません。`,
    '`{"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}` のように書いてください。',
  ),
  unknown_operator: text((s) =>
    s[0]?.startsWith('@@') === true
      ? `${w(s)} という継承演算子はありません。`
      : `${w(s)} という条件演算子はありません。`,
  ),
  same_key_twice: text(
    (s) => `${w(s)} と ${w(s, 1)} は同じキーです。両方を満たす必要があります。`,
    'どちらかでよい場合は、値を 1 つのリストにまとめてください。',
  ),
  bad_condition_key: text(
    (s) => `${w(s)} は条件キーではありません。`,
    '`aws:SourceIp` や `s3:prefix` のように書きます。',
  ),
  no_values: text((s) => `${w(s)} の値のリストが空です。`, 'どの値も当てはまりません。'),
  bad_condition_value: text((s) => `${w(s)} は、${w(s, 2)} の ${w(s, 1)} の値として使えません。`),
  // RCP
  rcp_allow: text(() => 'RCP では許可(Allow)を書けません。', '外側を拒否する条件に書き換えてください。'),
  rcp_all_actions: text(
    () => 'RCP では `*` を拒否できません。',
    '`s3:*`、`sts:*` のようにサービスを指定してください。',
  ),
  rcp_unsupported_service: text(
    (s) => `RCP は ${w(s)} には効きません。`,
    'リソースのポリシー、または SCP で守ってください。',
  ),
  // lint
  unknown_service: text(
    (s) => `${w(s)} という AWS サービスはありません。`,
    'サービス認可リファレンスで接頭辞を確認してください。',
  ),
  unknown_action: text(
    (s) => `${w(s)} に当てはまる AWS の操作はありません。`,
    'AWS がその操作を追加するまで効果がありません。',
  ),
  unknown_variable: text(
    (s) => `${w(s)} というポリシー変数はありません。何にも一致しません。`,
    '変数には条件キーの名前を書きます。CloudFormation や Terraform の記法はそのままでは使えません。',
  ),
  private_address: text(
    (s) => `${w(s)} はプライベートアドレスです。${w(s, 1)} は AWS から見えるアドレスなので、一致しません。`,
    '公開アドレスを書くか、VPC エンドポイント経由の要求には `aws:VpcSourceIp` を使ってください。',
  ),
  unknown_key: text(
    (s) => `${w(s)} という AWS の条件キーはありません。`,
    '要求に無いキーの条件は、意図どおりに働きません。',
  ),
  never_matches: text(
    (s) => `この文は決して当てはまりません(${w(s)})。`,
    '文を取り除くか、条件を見直してください。',
  ),
  variables_are_text: text(
    () => '版 `2008-10-17` ではポリシー変数はただの文字列です。',
    '`"Version": "2012-10-17"` と書いてください。',
  ),
  shadowed: text(
    () => 'この文は、ほかの文がすでに含んでいるため効果がありません。',
    '取り除くか、ほかの文を狭めてください。',
  ),
  for_all_values_allow: text(
    (s) => `許可の ${w(s)} は、${w(s, 1)} が無い場合にも成り立ちます。`,
    '`Null` の条件を加えてください。',
  ),
  like_without_wildcard: text(
    (s) => `${w(s, 1)} の ${w(s)} にワイルドカードがありません。`,
    '`*` を加えるか、`StringEquals` を使ってください。',
  ),
  wildcard_without_like: text(
    (s) => `${w(s)} では、${w(s, 1)} の ${w(s, 2)} と ${w(s, 3)} はただの文字です。`,
    'パターンには `StringLike` を使ってください。',
  ),
  not_principal_allow: text(
    () =>
      '許可の `NotPrincipal` は、書かれた者以外の世界中の誰でも(認証なしでも)許可します。AWS は対応していません。',
    '許可する相手を `Principal` に書いてください。',
  ),
  not_principal: text(
    () => '`NotPrincipal` は、アクセス許可の境界を持つ全員と、書かれていないセッションも拒否します。',
    '`"Principal": "*"` と `aws:PrincipalArn` の `ArnNotLike` を使ってください。',
  ),
  not_action_allow: text(
    () =>
      '許可の `NotAction` は、書かれたもの以外のすべてのサービスの操作を、AWS が後で加えるものまで許可します。',
    '許可する操作を `Action` に書くか、例外を拒否してください。',
  ),
  not_resource_allow: text(
    () => '許可の `NotResource` は、書かれたもの以外のすべてのリソースを、後で作られるものまで許可します。',
    '許可するリソースを `Resource` に書くか、例外を拒否してください。',
  ),
  principal_everyone: text(
    () => '`Principal` が `*` で条件が無いため、世界中の誰にでも許可されます。',
    'アカウントやロールを書くか、`aws:PrincipalOrgID` などの条件を加えてください。VPC エンドポイントでは普通の書き方です。',
  ),
  mfa_allows_without: text(
    (s) => `この文は MFA を使っていない人に許可します(${w(s)} が ${w(s, 1)})。`,
    'MFA を求めるには `"Bool": {"aws:MultiFactorAuthPresent": "true"}` と書いてください。',
  ),
  mfa_if_exists_allows: text(
    (s) => `許可の ${w(s)} は、${w(s, 1)} が無い要求(長期のアクセスキーによるもの)でも成り立ちます。`,
    '`IfExists` を付けないでください。',
  ),
  mfa_deny_misses_keys: text(
    (s) =>
      `拒否の ${w(s)} は、${w(s, 1)} が無い要求では成り立たず、長期のアクセスキーによる要求は拒否されません。`,
    '`IfExists` を付けてください(`BoolIfExists` など)。',
  ),
  key_not_of_actions: text(
    (s) => `条件キー ${w(s)} は、この文の操作(${w(s, 1)} など)の要求にありません。`,
    'このキーを持つ操作の文に移すか、条件を取り除いてください。',
  ),
  operator_type: text(
    (s) => `${w(s)} は ${w(s, 1)} の値の型に合いません。`,
    '型に合う演算子(`Bool`、`NumericEquals`、`ArnLike`、`IpAddress` など)を使ってください。',
  ),
  no_set_operator: text(
    (s) => `${w(s)} は 1 つの要求に複数の値を持てますが、${w(s, 1)} は 1 つの値を比べます。`,
    '`ForAnyValue:` または `ForAllValues:` を付けてください。',
  ),
  resource_not_of_actions: text(
    (s) => `${w(s)} は、この文の操作のリソースではありません。`,
    '操作に合うリソースを書くか、取り除いてください。',
  ),
  action_without_its_resource: text(
    (s) => `${w(s)} の対象になるリソースが、この文にありません。`,
    'この操作のリソースを加えるか、別の文に分けてください。',
  ),
  redundant_action: text(
    (s) => `${w(s)} は ${w(s, 1)} に含まれているため、効果がありません。`,
    '取り除いてください。',
  ),
  redundant_resource: text(
    (s) => `${w(s)} は ${w(s, 1)} に含まれているため、効果がありません。`,
    '取り除いてください。',
  ),
  arn_partition: text(
    (s) => `${w(s)} のパーティション ${w(s, 1)} は AWS にありません。`,
    '`aws`、`aws-cn`、`aws-us-gov` のどれかを書いてください。',
  ),
  arn_any_service: text(
    (s) => `${w(s)} はサービスを特定していません(${w(s, 1)})。`,
    'サービスを書いてください: `arn:aws:s3:::…`',
  ),
  arn_region: text(
    (s) => `${w(s)} のリージョン ${w(s, 1)} はあり得ません。`,
    'リージョンは `ap-northeast-1` のように書きます。アベイラビリティーゾーンは書けません。',
  ),
  arn_account: text(
    (s) => `${w(s)} のアカウント ${w(s, 1)} はあり得ません。`,
    'アカウント ID は 12 桁の数字です。',
  ),
  no_allow: text(
    () => 'このポリシーは何も許可しないため、適用された人は何もできません。',
    '許可の文を加えてください。',
  ),
  level_without_allow: text(
    (s) => `${w(s)} には許可する SCP が無く、その下では誰も何もできません。`,
    '`FullAWSAccess` を残してください。',
  ),
  // management policies
  unknown_type: text(
    (s) => (s.length === 0 ? '文書が空です。' : `${w(s)} で始まる管理ポリシーはありません。`),
    '最上位のキーは 1 つです(`tags`、`plans`、`ec2_attributes` など)。',
  ),
  second_root: text(
    (s) => `${w(s, 1)} の横に ${w(s)} があります。`,
    '最上位のキーは 1 つだけにしてください。',
  ),
  no_operator: text(
    (s) => `${w(s)} の値に継承演算子がありません。`,
    '`{"@@assign": …}` のように書いてください。',
  ),
  value_and_settings: text(
    (s) => `${w(s)} に値と下位の設定の両方があります。`,
    'どちらか一方にしてください。',
  ),
  not_a_list: text(
    (s) => `${w(s)} の値がリストではありません。`,
    'リスト `["…"]` で書いてください。1 つの値を定めるのは `@@assign` です。',
  ),
  bad_value: text(
    (s) =>
      s[0]?.startsWith('@@') === true
        ? `${w(s)} の値が正しくありません。`
        : `${w(s, 1)} に ${w(s)} という値はありません。`,
    null,
  ),
  bad_control: text(
    (s) => `${w(s)} の書き方が正しくありません。`,
    '`@@assign`、`@@append`、`@@remove` のリスト、または `@@all`、`@@none` のどちらか 1 つを書いてください。',
  ),
  unknown_setting: text(
    (s) => `${w(s, 1)} の下に ${w(s)} という設定は知られていません。`,
    'AWS は知らない設定を拒否するか、無視します。',
  ),
  no_value_here: text(
    (s) => `${w(s)} には直接の値を書けません。`,
    '値は、その下の設定の中に書いてください。',
  ),
  cold_storage_too_short: text(
    (s) => `コールドストレージへの移行(${w(s)} 日後)から削除(${w(s, 1)} 日後)までが短すぎます。`,
    'AWS Backup はコールドストレージに最低 90 日保管します。削除までの日数を増やしてください。',
  ),
  one_value: text((s) => `${w(s)} の値は 1 つだけです。`, '値を 1 つにしてください。'),
  tag_key_differs: text(
    (s) => `タグキー ${w(s)} が ${w(s, 1)} と一致しません。`,
    '違ってよいのは大文字と小文字だけです。',
  ),
  too_many_attached: text(
    (s) => `${w(s)} に適用されたポリシーが上限を超えています。`,
    'ポリシーをまとめてください。',
  ),
}

const wordsIn = (message: string): Words => [...message.matchAll(/`([^`]*)`/g)].map((match) => match[1] ?? '')

const MEANT = /^Did you mean `([^`]*)`\?$/

export interface ProblemText {
  readonly message: string
  readonly hint: string | null
}

/** A problem in the reader's language. What has no Japanese yet is shown as the engine says it. */
export function problemText(problem: PolicyProblem, language: Language): ProblemText {
  const japanese = JAPANESE[problem.code]
  if (language === 'en' || japanese === undefined) return { message: problem.message, hint: problem.hint }
  const meant = MEANT.exec(problem.hint ?? '')?.[1]
  return {
    message: japanese.message(wordsIn(problem.message)).trim(),
    hint:
      meant === undefined
        ? (japanese.hint ?? example(problem.hint))
        : `\`${meant}\` の間違いではありませんか。`,
  }
}

/** Hints without Japanese mostly show an example: its words say what to write in any language. */
function example(hint: string | null): string | null {
  const words = hint === null ? [] : wordsIn(hint)
  return words.length === 0 ? null : `例: ${words.map((word) => `\`${word}\``).join('、')}`
}
