import type { Bilingual } from '../../kernel/text.ts'
import type { Decision, Missing, StatementRef } from '../decision.ts'
import type { PolicyKind } from '../policies.ts'

/** A decision in words for people who do not know IAM: first the answer, then why, then what is missing. */
export function sentencesOf(decision: Decision): readonly Bilingual[] {
  return [
    ANSWERS[decision.verdict],
    ...whyOf(decision),
    ...decision.deciding.map(statementSentence),
    ...decision.missing.map(missingSentence),
  ]
}

const ANSWERS: Readonly<Record<Decision['verdict'], Bilingual>> = {
  allowed: { ja: 'この操作は許可されます。', en: 'This call is allowed.' },
  denied: { ja: 'この操作は拒否されます。', en: 'This call is denied.' },
  unknown: { ja: '今ある情報だけでは判定できません。', en: 'What is known does not decide this call.' },
}

export const KIND_NAMES: Readonly<Record<PolicyKind, Bilingual>> = {
  identity: { ja: '利用者またはロールの許可ポリシー', en: 'the policies of the user or role' },
  resource: { ja: 'リソースのポリシー', en: 'the policy of the resource' },
  trust: { ja: 'ロールの信頼ポリシー', en: 'the trust policy of the role' },
  boundary: { ja: 'アクセス許可の境界', en: 'the permissions boundary' },
  session: { ja: 'セッションポリシー', en: 'the session policy' },
  scp: { ja: '組織の統制(SCP)', en: "the organisation's service control policies (SCP)" },
  rcp: { ja: '組織のリソース統制(RCP)', en: "the organisation's resource control policies (RCP)" },
}

function whyOf({ why, by }: Decision): readonly Bilingual[] {
  const ja = by.map((kind) => KIND_NAMES[kind].ja).join('、')
  const en = by.map((kind) => KIND_NAMES[kind].en).join(', ')
  if (why === 'no_permission_needed')
    return [{ ja: 'AWS はこの操作に権限を求めません。', en: 'AWS asks no permission for it.' }]
  if (by.length === 0) return []
  if (why === 'explicit_deny')
    return [{ ja: `明示的に禁止しているもの:${ja}`, en: `It is explicitly forbidden by ${en}.` }]
  if (why === 'implicit_deny') return [{ ja: `許可が足りないもの:${ja}`, en: `Nothing allows it in ${en}.` }]
  return [
    why === 'allowed'
      ? { ja: `許可しているもの:${ja}`, en: `It is granted by ${en}.` }
      : { ja: `決まらないもの:${ja}`, en: `Open is ${en}.` },
  ]
}

function statementSentence({ policy, sid, index, target, effect }: StatementRef): Bilingual {
  const name = sid === null || sid === '' ? `#${index + 1}` : sid
  const at = target === null ? '' : target
  return {
    ja: `${effect === 'Deny' ? '禁止' : '許可'}している文:\`${name}\`(ポリシー \`${policy}\`${at === '' ? '' : `、適用先 \`${at}\``})`,
    en: `Statement \`${name}\` of \`${policy}\`${at === '' ? '' : `, attached to \`${at}\`,`} ${effect === 'Deny' ? 'denies' : 'allows'} it.`,
  }
}

function missingSentence(missing: Missing): Bilingual {
  if (missing.what === 'context')
    return {
      ja: `条件キー \`${missing.key}\` の値が分かれば決まる可能性があります。`,
      en: `The value of the condition key \`${missing.key}\` could decide it.`,
    }
  if (missing.what === 'policies') {
    const { ja, en } = KIND_NAMES[missing.kind]
    return { ja: `${ja}の内容が分かれば決まる可能性があります。`, en: `What ${en} say could decide it.` }
  }
  const { ja, en } = FACTS[missing.what]
  return { ja: `${ja}が分かれば決まる可能性があります。`, en: `${en} could decide it.` }
}

const FACTS: Readonly<Record<Exclude<Missing['what'], 'context' | 'policies'>, Bilingual>> = {
  principal: { ja: '操作した人またはロール', en: 'Who called' },
  principal_account: { ja: '操作した側のアカウント', en: 'The account of the caller' },
  session_arn: { ja: 'ロールのセッション名', en: 'The name of the role session' },
  resource: { ja: '対象のリソース', en: 'Which resource it was' },
  resource_account: { ja: 'リソースを所有するアカウント', en: 'The account that owns the resource' },
  management_account: { ja: '管理アカウント', en: 'The management account' },
}
