import type { Bilingual } from '../../kernel/text.ts'
import type { ControlEffect } from './effects.ts'

/** What a change does, for people. `placeName` gives the name of a root, OU or account. */
export function wordsOf(effect: ControlEffect, placeName: (id: string) => string): Bilingual {
  const at = 'target' in effect ? placeName(effect.target) : ''
  switch (effect.do) {
    case 'enable_policy_type':
      return {
        ja: `ルートでポリシーの種類 \`${effect.kind}\` を有効にする`,
        en: `Switch the policy type \`${effect.kind}\` on at the root`,
      }
    case 'put_policy':
      return {
        ja: `ポリシー \`${effect.name}\` を作成または訂正する`,
        en: `Create or correct the policy \`${effect.name}\``,
      }
    case 'delete_policy':
      return { ja: `ポリシー \`${effect.name}\` を削除する`, en: `Delete the policy \`${effect.name}\`` }
    case 'attach_policy':
      return {
        ja: `ポリシー \`${effect.name}\` を ${at} に付ける`,
        en: `Attach the policy \`${effect.name}\` to ${at}`,
      }
    case 'detach_policy':
      return {
        ja: `ポリシー \`${effect.name}\` を ${at} から外す`,
        en: `Detach the policy \`${effect.name}\` from ${at}`,
      }
    case 'enable_control':
      return {
        ja: `統制 \`${effect.alias}\` を ${at} で有効にする`,
        en: `Enable the control \`${effect.alias}\` on ${at}`,
      }
    case 'disable_control':
      return {
        ja: `統制 \`${effect.alias}\` を ${at} で無効にする`,
        en: `Disable the control \`${effect.alias}\` on ${at}`,
      }
    case 'put_conformance_pack':
      return {
        ja: `組織の適合パック \`${effect.name}\` を作成または更新する`,
        en: `Create or update the organisation conformance pack \`${effect.name}\``,
      }
    case 'delete_conformance_pack':
      return {
        ja: `組織の適合パック \`${effect.name}\` を削除する`,
        en: `Delete the organisation conformance pack \`${effect.name}\``,
      }
    case 'put_securityhub_policy':
      return {
        ja: `Security Hub の設定ポリシー \`${effect.name}\` を作成または更新する`,
        en: `Create or update the Security Hub configuration policy \`${effect.name}\``,
      }
    case 'delete_securityhub_policy':
      return {
        ja: `Security Hub の設定ポリシー \`${effect.name}\` を削除する`,
        en: `Delete the Security Hub configuration policy \`${effect.name}\``,
      }
    case 'associate_securityhub_policy':
      return {
        ja: `Security Hub の設定ポリシー \`${effect.name}\` を ${at} に関連付ける`,
        en: `Associate the Security Hub configuration policy \`${effect.name}\` with ${at}`,
      }
    case 'disassociate_securityhub_policy':
      return {
        ja: `Security Hub の設定ポリシー \`${effect.name}\` と ${at} の関連付けを解除する`,
        en: `Disassociate the Security Hub configuration policy \`${effect.name}\` from ${at}`,
      }
    case 'configure_hook':
      return {
        ja: `CloudFormation フック \`${effect.alias}\` を設定する(失敗時 ${effect.failureMode})`,
        en: `Configure the CloudFormation hook \`${effect.alias}\` (on failure ${effect.failureMode})`,
      }
    case 'remove_hook':
      return {
        ja: `CloudFormation フック \`${effect.alias}\` を取り除く`,
        en: `Remove the CloudFormation hook \`${effect.alias}\``,
      }
    case 'put_document':
      return {
        ja: `SSM ドキュメント \`${effect.name}\` を作成または更新する`,
        en: `Create or update the SSM document \`${effect.name}\``,
      }
    case 'delete_document':
      return {
        ja: `SSM ドキュメント \`${effect.name}\` を削除する`,
        en: `Delete the SSM document \`${effect.name}\``,
      }
  }
}
