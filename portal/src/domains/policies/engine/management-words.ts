import type { Bilingual } from '@rankan/server/kernel/text.ts'
import {
  CHILD_CONTROL,
  type ManagementPolicy,
  type Setting,
  type SettingValue,
  VALUE_OPERATORS,
  type ValueOperator,
} from '@rankan/server/src/policy/management/document.ts'
import type { Place } from '@rankan/server/src/policy/policies.ts'

/** What one setting of a management policy says, for a reader who does not know the inheritance operators. */
export interface SettingWords {
  /** `tags/project/tag_key` */
  readonly path: string
  readonly place: Place
  readonly sentences: readonly Bilingual[]
}

/** The settings that say something, in the order of the document. */
export const managementWords = ({ root }: ManagementPolicy): readonly SettingWords[] => under(root, [])

function under(setting: Setting, above: readonly string[]): readonly SettingWords[] {
  const path = [...above, setting.name]
  const sentences = sentencesOf(setting)
  return [
    ...(sentences.length === 0 ? [] : [{ path: path.join('/'), place: setting.place, sentences }]),
    ...setting.children.flatMap((child) => under(child, path)),
  ]
}

function sentencesOf({ operators, allowedForChildren }: Setting): readonly Bilingual[] {
  const values = VALUE_OPERATORS.flatMap((operator) => {
    const value = operators[operator]
    return value === undefined ? [] : [VALUE_WORDS[operator](valueWords(value))]
  })
  return allowedForChildren === null ? values : [...values, controlWords(allowedForChildren)]
}

const VALUE_WORDS: Readonly<Record<ValueOperator, (value: Bilingual) => Bilingual>> = {
  '@@assign': ({ ja, en }) => ({
    ja: `値を ${ja} にします(上位の値を置き換えます)。`,
    en: `Sets it to ${en}, in the place of what is inherited.`,
  }),
  '@@append': ({ ja, en }) => ({
    ja: `上位の値に ${ja} を加えます。`,
    en: `Adds ${en} to what is inherited.`,
  }),
  '@@remove': ({ ja, en }) => ({
    ja: `上位の値から ${ja} を取り除きます。`,
    en: `Takes ${en} out of what is inherited.`,
  }),
}

function valueWords({ values }: SettingValue): Bilingual {
  if (values.length === 0) return { ja: '空のリスト', en: 'an empty list' }
  const words = values.map((value) => `\`${value}\``)
  return { ja: words.join('、'), en: words.join(', ') }
}

/** What `@@operators_allowed_for_child_policies` lets the policies below do. */
function controlWords(allowed: readonly ValueOperator[]): Bilingual {
  if (allowed.length === 0)
    return {
      ja: '下位のポリシーは、ここから下を変えられません。',
      en: 'Policies further down can change nothing from here on.',
    }
  if (allowed.length === VALUE_OPERATORS.length)
    return {
      ja: '下位のポリシーは、ここから下を変えられます。',
      en: 'Policies further down may change what is here and below.',
    }
  const { ja, en } = valueWords({ many: true, values: [...allowed] })
  return {
    ja: `下位のポリシーがここから下で使えるのは ${ja} だけです(\`${CHILD_CONTROL}\`)。`,
    en: `Policies further down may use only ${en} from here on (\`${CHILD_CONTROL}\`).`,
  }
}
