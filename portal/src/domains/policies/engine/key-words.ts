import type { Bilingual } from '@rankan/server/kernel/text.ts'

/** By AWS's spelling. */
const KEYS: Readonly<Record<string, Bilingual>> = {
  'aws:RequestedRegion': { ja: '操作するリージョン', en: 'the region that is called' },
  'aws:PrincipalArn': { ja: '操作する利用者またはロール', en: 'the calling user or role' },
  'aws:PrincipalAccount': { ja: '操作する側のアカウント', en: 'the account of the caller' },
  'aws:PrincipalOrgID': { ja: '操作する側の AWS 組織', en: 'the AWS organisation of the caller' },
  'aws:PrincipalOrgPaths': {
    ja: '操作する側の組織上の位置(OU)',
    en: 'the place of the caller in the organisation',
  },
  'aws:PrincipalType': { ja: '操作する者の種類', en: 'the kind of caller' },
  'aws:PrincipalIsAWSService': {
    ja: 'AWS サービス自身による操作か',
    en: 'whether an AWS service itself calls',
  },
  'aws:PrincipalServiceName': { ja: '操作する AWS サービス', en: 'the AWS service that calls' },
  'aws:ResourceAccount': { ja: '対象を所有するアカウント', en: 'the account that owns the resource' },
  'aws:ResourceOrgID': { ja: '対象を所有する AWS 組織', en: 'the AWS organisation that owns the resource' },
  'aws:ResourceOrgPaths': {
    ja: '対象の組織上の位置(OU)',
    en: 'the place of the resource in the organisation',
  },
  'aws:SourceIp': { ja: '接続元の IP アドレス', en: 'the address of the caller' },
  'aws:SourceVpc': { ja: '接続元の VPC', en: 'the VPC of the caller' },
  'aws:SourceVpce': { ja: '接続元の VPC エンドポイント', en: 'the VPC endpoint of the caller' },
  'aws:ViaAWSService': {
    ja: 'AWS サービスを経由した操作か',
    en: 'whether a service calls on behalf of the caller',
  },
  'aws:CalledVia': { ja: '経由した AWS サービス', en: 'the services through which it is called' },
  'aws:MultiFactorAuthPresent': {
    ja: '多要素認証の有無',
    en: 'whether multi-factor authentication was used',
  },
  'aws:MultiFactorAuthAge': { ja: '多要素認証からの秒数', en: 'seconds since multi-factor authentication' },
  'aws:SecureTransport': { ja: '暗号化された通信(TLS)か', en: 'whether the connection is encrypted (TLS)' },
  'aws:CurrentTime': { ja: '操作の日時', en: 'the time of the call' },
  'aws:UserAgent': { ja: '使用したソフトウェア', en: 'the software that calls' },
  'aws:username': { ja: '利用者名', en: 'the user name' },
  'aws:SourceAccount': {
    ja: '呼び出しのもとになったアカウント',
    en: 'the account on whose behalf a service calls',
  },
  'aws:SourceArn': {
    ja: '呼び出しのもとになったリソース',
    en: 'the resource on whose behalf a service calls',
  },
  'aws:SourceOrgID': {
    ja: '呼び出しのもとになった AWS 組織',
    en: 'the organisation on whose behalf a service calls',
  },
  'aws:TagKeys': { ja: '付けようとするタグの名前', en: 'the names of the tags in the request' },
  'ec2:InstanceType': { ja: 'EC2 インスタンスの種類', en: 'the type of the EC2 instance' },
  's3:x-amz-acl': { ja: 'S3 の ACL', en: 'the ACL in the request to S3' },
}

const FAMILIES: readonly (readonly [prefix: string, text: (name: string) => Bilingual])[] = [
  ['aws:PrincipalTag/', (name) => ({ ja: `利用者のタグ「${name}」`, en: `the tag “${name}” of the caller` })],
  ['aws:ResourceTag/', (name) => ({ ja: `対象のタグ「${name}」`, en: `the tag “${name}” of the resource` })],
  [
    'aws:RequestTag/',
    (name) => ({ ja: `付けようとするタグ「${name}」`, en: `the tag “${name}” in the request` }),
  ],
]

const BY_LOWER = new Map(Object.entries(KEYS).map(([name, words]) => [name.toLowerCase(), { name, words }]))

/** A condition key in words, with AWS's name of it behind them; a key without words stands alone. */
export function keyWords(key: string): Bilingual {
  const { name, words } = knownKey(key)
  if (words === null) return { ja: `\`${name}\``, en: `\`${name}\`` }
  return { ja: `${words.ja}(\`${name}\`)`, en: `${words.en} (\`${name}\`)` }
}

function knownKey(key: string): { readonly name: string; readonly words: Bilingual | null } {
  const lower = key.toLowerCase()
  const family = FAMILIES.find(([prefix]) => lower.startsWith(prefix.toLowerCase()))
  if (family === undefined) return BY_LOWER.get(lower) ?? { name: key, words: null }
  const [prefix, text] = family
  const tag = key.slice(prefix.length)
  return { name: prefix + tag, words: text(tag) }
}
