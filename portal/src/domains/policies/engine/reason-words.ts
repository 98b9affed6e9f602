import type { Bilingual } from '@rankan/server/kernel/text.ts'
import type { ElementReason, Exemption, Missing } from '@rankan/server/src/policy/decision.ts'
import { KIND_NAMES } from '@rankan/server/src/policy/explain/sentences.ts'
import { keyWords } from './key-words.ts'
import { conditionWords } from './statement-words.ts'

/** Why a statement does not match, or what is open in it, by one of its elements. */
export function reasonWords(reason: ElementReason): Bilingual {
  return reason.element === 'condition' ? conditionReason(reason) : elementReason(reason)
}

type ConditionReason = Extract<ElementReason, { element: 'condition' }>
type OtherReason = Exclude<ElementReason, ConditionReason>

function conditionReason(reason: ConditionReason): Bilingual {
  const { actual, operator, key, wanted, place } = reason
  const wants = conditionWords({ operator, key, values: wanted, place })
  if (actual.state === 'known')
    return {
      ja: `条件「${wants.ja}」を満たしません。この要求では ${actual.values.map((value) => `\`${value}\``).join('、') || '(値なし)'} です。`,
      en: `The condition “${wants.en}” does not hold: here it is ${actual.values.map((value) => `\`${value}\``).join(', ') || '(no value)'}.`,
    }
  if (actual.state === 'absent')
    return {
      ja: `条件「${wants.ja}」を満たしません。この要求にはその値がありません。`,
      en: `The condition “${wants.en}” does not hold: this request has no such value.`,
    }
  return {
    ja: `条件「${wants.ja}」は決まりません。この要求での値が分かりません。`,
    en: `The condition “${wants.en}” is open: its value in this request is not known.`,
  }
}

const NOUNS: Readonly<Record<OtherReason['element'], Bilingual>> = {
  principal: { ja: '利用者', en: 'principal' },
  action: { ja: '操作', en: 'action' },
  resource: { ja: '対象', en: 'resource' },
}

function elementReason({ element, matches, negated, wanted, actual }: OtherReason): Bilingual {
  const noun = NOUNS[element]
  const words = shortList(wanted)
  const here =
    actual === null ? { ja: '不明', en: 'not known' } : { ja: `\`${actual}\``, en: `\`${actual}\`` }
  if (matches === 'unknown')
    return {
      ja: `${noun.ja}が決まりません。文の書き方は ${words.ja}${negated ? ' 以外' : ''}、この要求では${here.ja}です。`,
      en: `The ${noun.en} is open: the statement speaks of ${negated ? 'all but ' : ''}${words.en}, here it is ${here.en}.`,
    }
  return {
    ja: `${noun.ja}が当てはまりません。文の対象は ${words.ja}${negated ? ' 以外' : ''}、この要求では ${here.ja} です。`,
    en: `The ${noun.en} is another: the statement speaks of ${negated ? 'all but ' : ''}${words.en}, here it is ${here.en}.`,
  }
}

const SHOWN = 6
function shortList(values: readonly string[]): Bilingual {
  const more = values.length - SHOWN
  const first = values.slice(0, SHOWN).map((value) => `\`${value}\``)
  return {
    ja: `${first.join('、')}${more > 0 ? ` ほか ${more} 件` : ''}`,
    en: `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  }
}

/** A fact that would decide, if it were told. */
export function missingWords(missing: Missing): Bilingual {
  if (missing.what === 'context') return keyWords(missing.key)
  if (missing.what === 'policies') return KIND_NAMES[missing.kind]
  return FACT_WORDS[missing.what]
}

export const FACT_WORDS: Readonly<Record<Exclude<Missing['what'], 'context' | 'policies'>, Bilingual>> = {
  principal: { ja: '操作した利用者またはロール', en: 'who called' },
  principal_account: { ja: '操作した側のアカウント', en: 'the account of the caller' },
  session_arn: { ja: 'ロールのセッション名', en: 'the name of the role session' },
  resource: { ja: '対象のリソース(ARN)', en: 'the resource (its ARN)' },
  resource_account: { ja: '対象を所有するアカウント', en: 'the account that owns the resource' },
  management_account: { ja: '管理アカウントの番号', en: 'which account is the management account' },
}

/** Why a kind of policy has no say in a request. */
export const EXEMPTIONS: Readonly<Record<Exemption, Bilingual>> = {
  management_account: { ja: '管理アカウントには及びません。', en: 'The management account is exempt.' },
  service_linked_role: {
    ja: 'サービスリンクロールには及びません。',
    en: 'Service-linked roles are exempt.',
  },
  service_principal: {
    ja: 'AWS サービス自身の操作には及びません。',
    en: 'AWS services themselves are exempt.',
  },
  anonymous: { ja: '匿名の操作には及びません。', en: 'Anonymous calls are not bound by it.' },
  not_rcp_service: { ja: 'このサービスは RCP の対象外です。', en: 'RCPs do not cover this service.' },
  not_restricted_action: {
    ja: 'この操作は組織のポリシーでは制限されません。',
    en: 'This action is not restricted by the policies of an organisation.',
  },
  action_without_resource: {
    ja: '対象のリソースが無い操作には及びません。',
    en: 'The action names no resource, so RCPs have no effect.',
  },
  none_attached: { ja: '適用されているポリシーがありません。', en: 'No policy is attached.' },
  outside_organization: {
    ja: '組織の外の利用者には及びません。',
    en: 'The caller is outside of the organisation.',
  },
}
