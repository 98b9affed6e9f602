import type { Bilingual } from '../../kernel/text.ts'

export interface StepText {
  readonly title: Bilingual
  /** Fields that a person may correct when AWS refuses the values of this step. */
  readonly correctable: readonly string[]
}

const step = (ja: string, en: string, correctable: readonly string[] = []): StepText => ({
  title: { ja, en },
  correctable,
})

/** Every step of every workflow by its name. A name may end in `:<part>` for a step that is there once for each part. */
export const STEPS: Readonly<Record<string, StepText>> = {
  start: step('処理を開始', 'Start'),
  slot: step('クォータの枠を待つ', 'Wait for a slot of the quota'),
  'find-account': step('アカウントを確認', 'Find the account'),
  'find-state': step('AWS での状態を確認', 'Look at its state in AWS'),
  'find-groups': step('グループを確認', 'Find the groups'),
  note: step('台帳に記録', 'Note in the register'),
  workflow: step('ワークフロー', 'The workflow itself'),
  'reserve-names': step('名前とメールアドレスを予約', 'Reserve name and e-mail', [
    'account.email',
    'account.name',
  ]),
  'choose-ou': step('配置先 OU を決定', 'Choose the OU'),
  'find-ou': step('OU を確認', 'Find the OU'),
  'create-ou': step('OU を作成', 'Create the OU'),
  'ou-ready': step('OU の登録完了を待つ', 'Wait until the OU is registered'),
  'create-account': step('アカウント作成を依頼', 'Ask AWS for the account', [
    'account.email',
    'account.name',
  ]),
  'account-created': step('アカウント作成の完了を待つ', 'Wait until AWS has made the account'),
  'clear-product': step('失敗した製品を片付ける', 'Clear the failed product'),
  'register-account': step('アカウントを台帳に登録', 'Enter the account in the register'),
  'move-account': step('OU へ移動', 'Move into the OU'),
  enrolled: step('Control Tower への登録完了を待つ', 'Wait until Control Tower has enrolled the account'),
  'bring-back': step('元の OU へ戻す', 'Bring back into its OU'),
  'brought-back': step('元の OU での再登録完了を待つ', 'Wait until it is enrolled there again'),
  'tag-account': step('タグを付与', 'Tag the account'),
  support: step('エンタープライズサポートを依頼', 'Request Enterprise Support'),
  contact: step('代替連絡先を設定', 'Set the alternate contact', ['contacts']),
  groups: step('グループと利用者を設定', 'Set up groups and people', ['owner.email']),
  'permission-sets': step('権限セットを確認', 'Check the permission sets'),
  assign: step('権限セットを割り当て', 'Assign the permission set'),
  assigned: step('割り当ての完了を待つ', 'Wait for the assignment'),
  budget: step('予算アラートを設定', 'Set the budget', ['budget.notify']),
  confirm: step('ライフサイクルイベントで完了を確認', 'Confirm by the lifecycle event'),
  finish: step('利用可能', 'Ready to use'),
  'record-contacts': step('連絡先を台帳に記録', 'Record the contacts'),
  'record-owner': step('責任者を台帳に記録', 'Record the owner'),
  'record-move': step('移動を台帳に記録', 'Record the move'),
  'deny-policy': step('停止用 SCP を適用', 'Attach the SCP that denies everything'),
  'lift-policy': step('停止用 SCP を解除', 'Detach the SCP that denies everything'),
  'record-suspension': step('停止を台帳に記録', 'Record the suspension'),
  'record-resumption': step('再開を台帳に記録', 'Record the resumption'),
  'begin-closing': step('閉鎖を開始', 'Begin closing'),
  'freeze-evidence': step('証跡を凍結', 'Freeze the evidence'),
  unassign: step('権限の割り当てを解除', 'Remove the assignment'),
  unassigned: step('割り当て解除の完了を待つ', 'Wait until the assignment is removed'),
  'remove-groups': step('グループを削除', 'Remove the groups'),
  'remove-budget': step('予算アラートを削除', 'Remove the budget'),
  release: step('Control Tower の管理から外す', 'Release from Control Tower'),
  released: step('管理解除の完了を待つ', 'Wait until it is released'),
  'close-account': step('アカウントを閉鎖', 'Close the account'),
  closing: step('閉鎖の受け付けを待つ', 'Wait until AWS has taken the closing'),
  'record-closing': step('閉鎖を台帳に記録', 'Record the closing'),
  abandon: step('申請の取りやめを記録', 'Record that the order was given up'),
}

const baseName = (name: string): string => name.split(/[:#]/)[0] ?? name

/** Title in both languages; `contact:SECURITY` shows its part. An unknown step shows its own name. */
export function stepTitle(name: string): Bilingual {
  const known = STEPS[baseName(name)]
  if (!known) return { ja: name, en: name }
  const part = /:([^#]+)/.exec(name)?.[1]
  const { ja, en } = known.title
  return part ? { ja: `${ja}(${part})`, en: `${en} (${part})` } : { ja, en }
}

export const correctableOf = (name: string): readonly string[] => STEPS[baseName(name)]?.correctable ?? []

const QUOTA_TEXT: Readonly<Record<string, Bilingual>> = {
  account_operations: { ja: 'アカウント操作(同時)', en: 'Account operations at a time' },
  ou_operations: { ja: 'OU 操作(同時)', en: 'OU operations at a time' },
  moves_per_ou: { ja: 'OU ごとの移動(同時)', en: 'Moves into one OU at a time' },
  assignments_in_flight: { ja: '権限割り当て(同時)', en: 'Assignments in flight' },
  account_closures_in_flight: { ja: 'アカウント閉鎖(同時)', en: 'Account closures at a time' },
  account_closures_30_days: { ja: 'アカウント閉鎖(30 日間)', en: 'Account closures in 30 days' },
  identity_center_calls_per_second: {
    ja: 'IAM Identity Center の呼び出し(毎秒)',
    en: 'IAM Identity Center calls per second',
  },
  work_in_flight: { ja: '同時に進める作業', en: 'Work in flight' },
  control_operations: {
    ja: 'Control Tower の統制の操作(同時)',
    en: 'Operations of Control Tower on controls at a time',
  },
  security_hub_policies: { ja: 'Security Hub の設定ポリシー', en: 'Configuration policies of Security Hub' },
}

/** Quotas of plans of controls: `scp_per_target`, `declarative_ec2_per_target` … */
const PER_TARGET = /^([a-z0-9_]+)_per_target$/

export function quotaTitle(quota: string): Bilingual {
  const kind = PER_TARGET.exec(quota)?.[1]?.replaceAll('_', '-')
  if (kind === undefined) return QUOTA_TEXT[quota] ?? { ja: quota, en: quota }
  return { ja: `適用先ごとのポリシー(${kind})`, en: `Policies of one target (${kind})` }
}
