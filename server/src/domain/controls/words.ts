import type { Bilingual } from '../../kernel/text.ts'
import type { ControlEffect, DocumentEffect, HookEffect } from './effects.ts'

const HOOK_MODE: Readonly<Record<'WARN' | 'FAIL', Bilingual>> = {
  WARN: { ja: '警告だけ', en: 'it warns' },
  FAIL: { ja: '違反する操作を止める', en: 'it stops what fails' },
}

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
    case 'put_hook_rules':
    case 'put_hook':
    case 'deploy_hook':
    case 'withdraw_hook':
    case 'delete_hook':
      return hookWords(effect, at)
    case 'put_repairs':
    case 'deploy_repairs':
    case 'withdraw_repairs':
    case 'delete_repairs':
      return repairWords(effect, at)
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

type RepairEffect = Exclude<DocumentEffect, { do: 'put_document' | 'delete_document' }>

function repairWords(effect: RepairEffect, at: string): Bilingual {
  switch (effect.do) {
    case 'put_repairs':
      return {
        ja: `SSM ドキュメントのスタックセット \`${effect.name}\` を作成または更新する`,
        en: `Create or update the stack set \`${effect.name}\` of SSM documents`,
      }
    case 'deploy_repairs':
      return {
        ja: `SSM ドキュメント \`${effect.name}\` を ${at} のアカウントに配る`,
        en: `Bring the SSM documents \`${effect.name}\` into the accounts below ${at}`,
      }
    case 'withdraw_repairs':
      return {
        ja: `SSM ドキュメント \`${effect.name}\` を ${at} のアカウントから取り除く`,
        en: `Take the SSM documents \`${effect.name}\` out of the accounts below ${at}`,
      }
    case 'delete_repairs':
      return {
        ja: `SSM ドキュメントのスタックセット \`${effect.name}\` を削除する`,
        en: `Delete the stack set \`${effect.name}\` of SSM documents`,
      }
  }
}

function hookWords(effect: HookEffect, at: string): Bilingual {
  switch (effect.do) {
    case 'put_hook_rules':
      return {
        ja: `Guard のルールを \`s3://${effect.bucket}/${effect.key}\` に置く`,
        en: `Put the Guard rules into \`s3://${effect.bucket}/${effect.key}\``,
      }
    case 'put_hook':
      return {
        ja: `CloudFormation フックのスタックセット \`${effect.name}\` を作成または更新する(${HOOK_MODE[effect.failureMode].ja})`,
        en: `Create or update the stack set \`${effect.name}\` of the CloudFormation hook (${HOOK_MODE[effect.failureMode].en})`,
      }
    case 'deploy_hook':
      return {
        ja: `CloudFormation フック \`${effect.name}\` を ${at} のアカウントに配る`,
        en: `Bring the CloudFormation hook \`${effect.name}\` into the accounts below ${at}`,
      }
    case 'withdraw_hook':
      return {
        ja: `CloudFormation フック \`${effect.name}\` を ${at} のアカウントから取り除く`,
        en: `Take the CloudFormation hook \`${effect.name}\` out of the accounts below ${at}`,
      }
    case 'delete_hook':
      return {
        ja: `CloudFormation フックのスタックセット \`${effect.name}\` を削除する`,
        en: `Delete the stack set \`${effect.name}\` of the CloudFormation hook`,
      }
  }
}
