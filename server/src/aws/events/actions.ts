import { need } from '../need.ts'

export const needs = [
  need('events:PutRule', 'ライフサイクルイベントの受信設定', 'Sets up the delivery of lifecycle events'),
  need('events:PutTargets', 'ライフサイクルイベントの受信設定', 'Sets up the delivery of lifecycle events'),
  need('sqs:GetQueueUrl', '受信キューの検索', 'Finds the queue'),
  need('sqs:CreateQueue', '受信キューの作成', 'Creates the queue'),
  need('sqs:GetQueueAttributes', '受信キューの ARN の確認', 'Reads the ARN of the queue'),
  need('sqs:SetQueueAttributes', '受信キューの送信元の制限', 'Lets only our rule send to the queue'),
  need('sqs:ReceiveMessage', 'イベントの受信', 'Receives events'),
  need('sqs:DeleteMessage', '処理したイベントの削除', 'Deletes events that were taken'),
]
