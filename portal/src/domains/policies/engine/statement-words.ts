import type { Bilingual } from '@rankan/server/kernel/text.ts'
import type {
  ConditionElement,
  ConditionOperator,
  OperatorName,
  PatternElement,
  PrincipalElement,
  Statement,
} from '@rankan/server/src/policy/policies.ts'
import { keyWords } from './key-words.ts'

/** What a statement does, for a reader who does not know the language: one sentence, and one for each condition. */
export interface StatementWords {
  readonly sentence: Bilingual
  /** All of them must hold; empty: always. */
  readonly conditions: readonly Bilingual[]
}

export function statementWords(statement: Statement): StatementWords {
  const { effect, action, resource, conditions } = statement
  const who = whoWords(statement.principal)
  const what = patternWords(action, { ja: '操作', en: 'action' })
  const on =
    resource === null
      ? { ja: 'このロール', en: 'this role' }
      : patternWords(resource, { ja: '対象(リソース)', en: 'resource' })
  const deny = effect === 'Deny'
  const always = conditions.length === 0
  return {
    sentence: {
      ja: `${who.ja}${on.ja}に対する${what.ja}を、${always ? '常に' : '下の条件をすべて満たすときに'}${deny ? '禁止します' : '許可します'}。`,
      en: `${deny ? 'Denies' : 'Allows'} ${who.en}${what.en} on ${on.en}${always ? ', always.' : ' when all of this holds:'}`,
    },
    conditions: conditions.map(conditionWords),
  }
}

const list = (values: readonly string[]): Bilingual => ({
  ja: values.map((value) => `\`${value}\``).join('、'),
  en: values.map((value) => `\`${value}\``).join(', '),
})

function patternWords({ negated, patterns }: PatternElement, noun: Bilingual): Bilingual {
  if (patterns.includes('*'))
    return negated
      ? { ja: `(何も残らない)${noun.ja}`, en: `no ${noun.en}` }
      : { ja: `すべての${noun.ja}`, en: `every ${noun.en}` }
  const { ja, en } = list(patterns)
  return negated
    ? { ja: `${ja} 以外のすべての${noun.ja}`, en: `every ${noun.en} except ${en}` }
    : { ja: `${noun.ja} ${ja} `, en: `the ${noun.en}${patterns.length === 1 ? '' : 's'} ${en}` }
}

function whoWords(principal: PrincipalElement | null): Bilingual {
  if (principal === null) return { ja: '', en: '' }
  const everyone = principal.entries.some(({ value }) => value === '*')
  if (everyone && !principal.negated) return { ja: '誰であっても、', en: 'everybody ' }
  const { ja, en } = list(principal.entries.map(({ value }) => value))
  return principal.negated
    ? { ja: `${ja} 以外の者による、`, en: `everybody except ${en} ` }
    : { ja: `${ja} による、`, en: `${en} ` }
}

/** One condition as a clause: `操作するリージョン(…)が … のいずれでもない`. */
export function conditionWords({ operator, key, values }: ConditionElement): Bilingual {
  const name = keyWords(key)
  if (operator.name === 'Null') return nullWords(name, values)
  const clause = OPERATOR_WORDS[operator.name](list(values), values.length)
  const set = setWords(operator)
  const absent = absentWords(operator)
  return {
    ja: `${name.ja}${set.ja}が ${clause.ja}${absent.ja}`,
    en: `${capital(name.en)}${set.en} ${clause.en}${absent.en}`,
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function nullWords(name: Bilingual, values: readonly string[]): Bilingual {
  return values.some((value) => value.toLowerCase() === 'true')
    ? { ja: `${name.ja}が要求に含まれない`, en: `${capital(name.en)} is not in the request` }
    : { ja: `${name.ja}が要求に含まれる`, en: `${capital(name.en)} is in the request` }
}

function setWords({ set }: ConditionOperator): Bilingual {
  if (set === null) return { ja: '', en: '' }
  return set === 'ForAllValues'
    ? { ja: 'のすべての値', en: ': each of its values' }
    : { ja: 'の値の少なくとも 1 つ', en: ': at least one of its values' }
}

/** What AWS does where the request has no such key: readers are surprised by that more than by anything else. */
function absentWords({ name, ifExists, set }: ConditionOperator): Bilingual {
  const holds = ifExists || set === 'ForAllValues' || (NEGATED.has(name) && set === null)
  return holds
    ? { ja: '(値が無い要求も当てはまる)', en: ' (also where the request has no such value)' }
    : { ja: '', en: '' }
}

type Clause = (values: Bilingual, count: number) => Bilingual

const is: Clause = ({ ja, en }, count) =>
  count > 1 ? { ja: `${ja} のいずれかである`, en: `is one of ${en}` } : { ja: `${ja} である`, en: `is ${en}` }
const isNot: Clause = ({ ja, en }, count) =>
  count > 1
    ? { ja: `${ja} のいずれでもない`, en: `is none of ${en}` }
    : { ja: `${ja} でない`, en: `is not ${en}` }
const like: Clause = ({ ja, en }) => ({ ja: `${ja} の形に合う`, en: `matches ${en}` })
const notLike: Clause = ({ ja, en }) => ({ ja: `${ja} の形に合わない`, en: `does not match ${en}` })
const compared =
  (ja: string, en: string): Clause =>
  (values) => ({
    ja: `${values.ja} ${ja}`,
    en: `${en} ${values.en}`,
  })

const OPERATOR_WORDS: Readonly<Record<Exclude<OperatorName, 'Null'>, Clause>> = {
  StringEquals: is,
  StringNotEquals: isNot,
  StringEqualsIgnoreCase: is,
  StringNotEqualsIgnoreCase: isNot,
  StringLike: like,
  StringNotLike: notLike,
  NumericEquals: is,
  NumericNotEquals: isNot,
  NumericLessThan: compared('より小さい', 'is less than'),
  NumericLessThanEquals: compared('以下である', 'is at most'),
  NumericGreaterThan: compared('より大きい', 'is more than'),
  NumericGreaterThanEquals: compared('以上である', 'is at least'),
  DateEquals: is,
  DateNotEquals: isNot,
  DateLessThan: compared('より前である', 'is before'),
  DateLessThanEquals: compared('以前である', 'is at or before'),
  DateGreaterThan: compared('より後である', 'is after'),
  DateGreaterThanEquals: compared('以後である', 'is at or after'),
  Bool: is,
  BinaryEquals: is,
  IpAddress: compared('の範囲にある', 'is within'),
  NotIpAddress: compared('の範囲にない', 'is outside of'),
  ArnEquals: like,
  ArnNotEquals: notLike,
  ArnLike: like,
  ArnNotLike: notLike,
}

const NEGATED: ReadonlySet<OperatorName> = new Set([
  'StringNotEquals',
  'StringNotEqualsIgnoreCase',
  'StringNotLike',
  'NumericNotEquals',
  'DateNotEquals',
  'NotIpAddress',
  'ArnNotEquals',
  'ArnNotLike',
])
