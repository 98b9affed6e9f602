import type { Bilingual } from '../../kernel/text.ts'

export const DRIFT_KINDS = [
  'unknown_account', // in AWS, not in the register
  'moved',
  'closed_outside',
  'reopened',
  'renamed',
  'email_changed',
  'left_organization', // in the register, not in AWS
] as const
export type DriftKind = (typeof DRIFT_KINDS)[number]

export const DRIFT_STATES = ['open', 'applying', 'resolved'] as const
export type DriftState = (typeof DRIFT_STATES)[number]

export const DRIFT_ACTIONS = [
  'adopt', // take the account into the register
  'move_back',
  'rename_back',
  'record', // the register takes what AWS shows
  'ignore', // known and wanted; not shown again while it stays as it is
] as const
export type DriftAction = (typeof DRIFT_ACTIONS)[number]

/** Best action first. */
export const ACTIONS_OF: Readonly<Record<DriftKind, readonly DriftAction[]>> = {
  unknown_account: ['adopt', 'ignore'],
  moved: ['move_back', 'record', 'ignore'],
  closed_outside: ['record'],
  reopened: ['record'],
  renamed: ['rename_back', 'record', 'ignore'],
  email_changed: ['record', 'ignore'],
  left_organization: ['record'],
}

export const DRIFT_KIND_TEXT: Readonly<Record<DriftKind, Bilingual>> = {
  unknown_account: { ja: '台帳にないアカウント', en: 'Account that is not in the register' },
  moved: { ja: 'OU が変更された', en: 'Moved to another OU' },
  closed_outside: { ja: '手作業で閉鎖された', en: 'Closed outside of Rankan' },
  reopened: { ja: '再開された', en: 'Reopened' },
  renamed: { ja: '名前が変更された', en: 'Renamed' },
  email_changed: { ja: 'メールアドレスが変更された', en: 'E-mail address changed' },
  left_organization: { ja: 'AWS 組織から外れた', en: 'Left the AWS organisation' },
}

export const DRIFT_ACTION_TEXT: Readonly<Record<DriftAction, Bilingual>> = {
  adopt: { ja: '台帳に登録する', en: 'Adopt into the register' },
  move_back: { ja: '元の OU に戻す', en: 'Move back' },
  rename_back: { ja: '元の名前に戻す', en: 'Rename back' },
  record: { ja: '現状のとおり記録する', en: 'Record as it is' },
  ignore: { ja: '問題なしとして確認する', en: 'Acknowledge' },
}
