import { need } from '../need.ts'

/** For the identity that replays a trail out of S3: usually of the log archive account, never Rankan's role. */
export const needs = [
  need('s3:ListBucket', '証跡バケットの一覧', 'Lists the files of a trail in its bucket'),
  need('s3:GetObject', '証跡ファイルの読み込み', 'Reads the files of a trail and their digests'),
  need(
    'kms:Decrypt',
    'KMS で暗号化された証跡の復号(S3 が確認)',
    'Asked by S3 where the bucket is encrypted with a KMS key',
  ),
]
