import { need } from '../need.ts'

export const needs = [
  need('ssm:ListDocuments', '復旧手順(ドキュメント)の一覧', 'Lists the documents of automatic repairs'),
  need('ssm:GetDocument', 'ドキュメントの内容確認', 'Reads the text of a document'),
  need('ssm:CreateDocument', '復旧手順の登録', 'Creates the document of a repair'),
  need('ssm:UpdateDocument', '復旧手順の更新', 'Adds a version of a document'),
  need('ssm:UpdateDocumentDefaultVersion', '新しい版の有効化', 'Makes the new version the one that is used'),
  need('ssm:DescribeDocumentPermission', '共有先の確認', 'Reads whom a document is shared with'),
  need(
    'ssm:ModifyDocumentPermission',
    '組織内アカウントへの共有',
    'Shares a document with accounts of the organisation',
  ),
  need('ssm:DeleteDocument', '使わなくなった復旧手順の削除', 'Deletes documents that are no longer used'),
]
