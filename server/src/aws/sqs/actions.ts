import { need } from '../need.ts'

/** For the identity that follows a queue of CloudTrail events. */
export const needs = [
  need(
    'sqs:ReceiveMessage',
    'CloudTrail イベントの受信',
    'Receives CloudTrail events that EventBridge put there',
  ),
  need('sqs:DeleteMessage', '記録済みイベントの削除', 'Deletes events that are safely in the facts'),
]
