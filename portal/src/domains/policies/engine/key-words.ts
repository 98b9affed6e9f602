import type { Bilingual } from '@rankan/server/kernel/text.ts'

const KEYS: Readonly<Record<string, Bilingual>> = {
  'aws:requestedregion': { ja: '操作するリージョン', en: 'the region that is called' },
  'aws:principalarn': { ja: '操作する利用者またはロール', en: 'the calling user or role' },
  'aws:principalaccount': { ja: '操作する側のアカウント', en: 'the account of the caller' },
  'aws:principalorgid': { ja: '操作する側の AWS 組織', en: 'the AWS organisation of the caller' },
  'aws:principalorgpaths': {
    ja: '操作する側の組織上の位置(OU)',
    en: 'the place of the caller in the organisation',
  },
  'aws:principaltype': { ja: '操作する者の種類', en: 'the kind of caller' },
  'aws:principalisawsservice': {
    ja: 'AWS サービス自身による操作か',
    en: 'whether an AWS service itself calls',
  },
  'aws:principalservicename': { ja: '操作する AWS サービス', en: 'the AWS service that calls' },
  'aws:resourceaccount': { ja: '対象を所有するアカウント', en: 'the account that owns the resource' },
  'aws:resourceorgid': { ja: '対象を所有する AWS 組織', en: 'the AWS organisation that owns the resource' },
  'aws:resourceorgpaths': {
    ja: '対象の組織上の位置(OU)',
    en: 'the place of the resource in the organisation',
  },
  'aws:sourceip': { ja: '接続元の IP アドレス', en: 'the address of the caller' },
  'aws:sourcevpc': { ja: '接続元の VPC', en: 'the VPC of the caller' },
  'aws:sourcevpce': { ja: '接続元の VPC エンドポイント', en: 'the VPC endpoint of the caller' },
  'aws:viaawsservice': {
    ja: 'AWS サービスを経由した操作か',
    en: 'whether a service calls on behalf of the caller',
  },
  'aws:calledvia': { ja: '経由した AWS サービス', en: 'the services through which it is called' },
  'aws:multifactorauthpresent': {
    ja: '多要素認証の有無',
    en: 'whether multi-factor authentication was used',
  },
  'aws:multifactorauthage': { ja: '多要素認証からの秒数', en: 'seconds since multi-factor authentication' },
  'aws:securetransport': { ja: '暗号化された通信(TLS)か', en: 'whether the connection is encrypted (TLS)' },
  'aws:currenttime': { ja: '操作の日時', en: 'the time of the call' },
  'aws:useragent': { ja: '使用したソフトウェア', en: 'the software that calls' },
  'aws:username': { ja: '利用者名', en: 'the user name' },
  'aws:sourceaccount': {
    ja: '呼び出しのもとになったアカウント',
    en: 'the account on whose behalf a service calls',
  },
  'aws:sourcearn': {
    ja: '呼び出しのもとになったリソース',
    en: 'the resource on whose behalf a service calls',
  },
  'aws:sourceorgid': {
    ja: '呼び出しのもとになった AWS 組織',
    en: 'the organisation on whose behalf a service calls',
  },
  'aws:tagkeys': { ja: '付けようとするタグの名前', en: 'the names of the tags in the request' },
  'ec2:instancetype': { ja: 'EC2 インスタンスの種類', en: 'the type of the EC2 instance' },
  's3:x-amz-acl': { ja: 'S3 の ACL', en: 'the ACL in the request to S3' },
}

const FAMILIES: readonly (readonly [prefix: string, text: (name: string) => Bilingual])[] = [
  ['aws:principaltag/', (name) => ({ ja: `利用者のタグ「${name}」`, en: `the tag “${name}” of the caller` })],
  ['aws:resourcetag/', (name) => ({ ja: `対象のタグ「${name}」`, en: `the tag “${name}” of the resource` })],
  [
    'aws:requesttag/',
    (name) => ({ ja: `付けようとするタグ「${name}」`, en: `the tag “${name}” in the request` }),
  ],
]

/** A condition key in words, with the key behind them; a key without words stands alone. */
export function keyWords(key: string): Bilingual {
  const lower = key.toLowerCase()
  const family = FAMILIES.find(([prefix]) => lower.startsWith(prefix))
  const words = family === undefined ? KEYS[lower] : family[1](key.slice(family[0].length))
  if (words === undefined) return { ja: `\`${key}\``, en: `\`${key}\`` }
  return { ja: `${words.ja}(\`${key}\`)`, en: `${words.en} (\`${key}\`)` }
}
