import type { Bilingual } from '@rankan/server/kernel/text.ts'
import type { SkipReason } from '@rankan/server/src/policy/trail/facts.ts'

const REASONS: Readonly<Record<SkipReason, Bilingual>> = {
  service_event: { ja: 'AWS サービス自身の出来事', en: 'an event of an AWS service itself' },
  console_sign_in: { ja: 'コンソールへのサインイン', en: 'a sign-in to the console' },
  console_action: { ja: 'コンソールの画面操作', en: 'an action in the console' },
  insight: { ja: 'CloudTrail Insights の通知', en: 'a notice of CloudTrail Insights' },
  network_activity: { ja: 'ネットワークの記録', en: 'a record of network activity' },
  not_an_api_call: { ja: 'API の呼び出しではない記録', en: 'a record that is no call of an API' },
  not_authorized_by_iam: { ja: 'IAM の権限を必要としない操作', en: 'a call that needs no permission of IAM' },
  unmapped: { ja: '操作を特定できない記録', en: 'a record whose action is not known' },
}

/** Why an event is not counted; a reason that this portal does not know yet is shown by its name. */
export const skipWords = (reason: string): Bilingual =>
  (REASONS as Readonly<Record<string, Bilingual>>)[reason] ?? { ja: reason, en: reason }
