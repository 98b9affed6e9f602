import type { ControlDrift } from '../../domain/controls/plans.ts'
import type { SeenStackSet } from '../../domain/controls/world.ts'
import type { Bilingual } from '../../kernel/text.ts'

/**
 * What CloudFormation found in the accounts when it last looked at the stacks of a set: what an administrator of an
 * account changed by hand. It stays until the next detection, so that the time is said.
 */
export function accountDrift(
  base: Omit<ControlDrift, 'what' | 'words'>,
  sets: readonly SeenStackSet[],
): readonly ControlDrift[] {
  const drift = sets.find(({ name }) => name === base.name)?.drift
  if (drift === undefined || drift === null || drift.drifted + drift.failed === 0) return []
  const { checkedAt, stacks, drifted, failed } = drift
  return [
    {
      ...base,
      what: 'drifted',
      words: {
        ja: `スタックセット \`${base.name}\` の ${stacks} スタックのうち、アカウントの中で変えられたもの: ${drifted}、調べられなかったもの: ${failed}(CloudFormation の ${checkedAt} の検出)`,
        en: `Of the ${stacks} stacks of \`${base.name}\`, changed in their accounts: ${drifted}, could not be looked at: ${failed} (CloudFormation's detection of ${checkedAt})`,
      },
      proposal: DETECT_AGAIN,
    },
  ]
}

const DETECT_AGAIN: Bilingual = {
  ja: 'CloudFormation でそのアカウントのスタックインスタンスを更新し、ドリフトの検出をもう一度実行してください。',
  en: 'Update the stack instances of those accounts in CloudFormation, then detect drift again.',
}
