import { BUSINESS_AREAS } from './form.ts'

/** How a cell becomes a value of the form. */
export type CellType = 'text' | 'flag' | 'number' | 'day' | 'list' | 'people' | 'word'

export interface BatchColumn {
  /** Heading in English; the Japanese one is accepted as well. */
  readonly name: string
  readonly ja: string
  readonly path: readonly string[]
  readonly type: CellType
  /** One value for each row (environment), or one for all rows of the application. */
  readonly level: 'application' | 'environment'
  /** Words that stand for the schema's values. */
  readonly words?: Readonly<Record<string, string>>
  readonly example: string
}

const app = (
  name: string,
  ja: string,
  path: string,
  type: CellType,
  example: string,
  words?: Readonly<Record<string, string>>,
): BatchColumn => ({
  name,
  ja,
  path: path.split('.'),
  type,
  level: 'application',
  example,
  ...(words ? { words } : {}),
})

const contact = (type: 'security' | 'operations' | 'billing', ja: string): readonly BatchColumn[] => [
  app(`${type}_name`, `${ja}連絡先名`, `contacts.${type}.name`, 'text', `${type} desk`),
  app(`${type}_title`, `${ja}連絡先所属`, `contacts.${type}.title`, 'text', '情報政策課'),
  app(`${type}_email`, `${ja}連絡先メール`, `contacts.${type}.email`, 'text', `${type}@city.example.lg.jp`),
  app(`${type}_phone`, `${ja}連絡先電話`, `contacts.${type}.phone`, 'text', '03-0000-0000'),
  app(`${type}_group`, `${ja}連絡先はグループ宛`, `contacts.${type}.group`, 'flag', 'はい'),
]

const AREA_JA = [
  '住民基本台帳', '戸籍', '戸籍の附票', '印鑑登録', '選挙人名簿管理', '固定資産税', '個人住民税', '法人住民税', '軽自動車税', '就学',
  '国民健康保険', '国民年金', '障害者福祉', '後期高齢者医療', '介護保険', '生活保護', '健康管理', '児童手当', '児童扶養手当', '子ども・子育て支援', 'その他',
] // biome-ignore format: a table, in the order of BUSINESS_AREAS
const AREAS = Object.fromEntries(AREA_JA.map((ja, i) => [ja, BUSINESS_AREAS[i] ?? 'other']))

export const ENVIRONMENT_WORDS = {
  本番: 'production',
  検証: 'staging',
  開発: 'development',
  運用: 'operation',
} as const

/** The columns of a batch file, in the order of the template. */
export const BATCH_COLUMNS: readonly BatchColumn[] = [
  { name: 'key', ja: '申請キー', path: [], type: 'text', level: 'environment', example: 'A1' },
  app('organisation_code', '組織コード', 'organisation.code', 'text', '131016'),
  app('system_code', 'システムコード', 'system.code', 'text', 'juki'),
  app('system_name', 'システム名', 'system.nameJa', 'text', '住民記録システム'),
  app('system_name_en', 'システム名(英語)', 'system.nameEn', 'text', 'Resident records'),
  app('business_area', '業務区分', 'system.businessArea', 'word', '住民基本台帳', AREAS),
  app('public_saas', '公共SaaS', 'system.publicSaas', 'flag', 'いいえ'),
  app('use_mode', '利用形態', 'use.mode', 'word', '単独', {
    単独: 'single',
    共同: 'shared',
    単独利用: 'single',
    共同利用: 'shared',
  }),
  app('tenants', '共同利用団体コード', 'use.tenants', 'list', ''),
  app('separation', '分離方式', 'use.separation', 'word', '', {
    アプリケーション: 'application',
    ネットワーク: 'network',
    アカウント: 'account',
  }),
  app('tenants_consent', '共同利用団体の同意', 'use.tenantsConsent', 'flag', ''),
  app('provider', 'CSP', 'provider.name', 'word', 'aws', { AWS: 'aws' }),
  app('provider_reason', 'CSP選定理由', 'provider.reason', 'text', ''),
  app('placement', '作り', 'provider.placement', 'word', 'コンテナ等', {
    コンテナ等: 'portable',
    マネージド: 'managed',
    固有機能: 'provider_only',
  }),
  app('placement_reason', '作りの理由', 'provider.placementReason', 'text', ''),
  {
    name: 'environment',
    ja: '環境',
    path: ['environment'],
    type: 'word',
    level: 'environment',
    words: ENVIRONMENT_WORDS,
    example: '本番',
  },
  {
    name: 'regions',
    ja: 'リージョン',
    path: ['regions'],
    type: 'list',
    level: 'environment',
    example: 'ap-northeast-1',
  },
  app('cicd', 'CI/CD', 'cicd.declared', 'flag', 'いいえ'),
  app('cicd_tools', 'CI/CDの道具', 'cicd.tools', 'text', ''),
  app('data_class', '機密性', 'data.class', 'word', '機密性2', {
    機密性1: 'confidentiality_1',
    機密性2: 'confidentiality_2',
    機密性3: 'confidentiality_3',
  }),
  app('personal_data', '個人情報', 'data.personal', 'flag', 'はい'),
  app('customer_key', '利用者管理鍵', 'data.customerKey', 'flag', 'はい'),
  app('key_owner', '鍵管理者', 'data.keyOwner', 'text', '情報政策課長'),
  ...contact('security', 'セキュリティ'),
  ...contact('operations', '運用'),
  ...contact('billing', '請求'),
  app('operator_company', '運用管理補助者', 'operator.company', 'text', ''),
  app('contract_number', '契約番号', 'operator.contractNumber', 'text', ''),
  app('contract_start', '契約開始日', 'operator.contractStart', 'day', ''),
  app('contract_end', '契約終了日', 'operator.contractEnd', 'day', ''),
  app('owner_user_name', '責任者ユーザー名', 'owner.userName', 'text', 'taro.yamada@city.example.lg.jp'),
  app('owner_email', '責任者メール', 'owner.email', 'text', 'taro.yamada@city.example.lg.jp'),
  app('owner_last_name', '責任者姓', 'owner.lastName', 'text', '山田'),
  app('owner_first_name', '責任者名', 'owner.firstName', 'text', '太郎'),
  app(
    'admins',
    '管理者',
    'admins',
    'people',
    'hanako.sato@city.example.lg.jp/hanako.sato@city.example.lg.jp/佐藤/花子',
  ),
  app('operators', '運用担当者', 'operators', 'people', ''),
  app('payment', '支払方法', 'billing.payment', 'word', '自団体予算', {
    自団体予算: 'own_budget',
    預託: 'deposit',
    代理支払: 'on_behalf',
  }),
  app('payer', '支払者', 'billing.payer', 'text', '情報政策課'),
  app('fiscal_year', '会計年度', 'billing.fiscalYear', 'number', '2026'),
  app('budget_yen', '予算額(円)', 'billing.budgetYen', 'number', '5000000'),
  app('monthly_limit_usd', '月額上限(USD)', 'billing.monthlyLimitUsd', 'number', '2000'),
  app('closed_connection', '閉域接続', 'network.closedConnection', 'flag', 'いいえ'),
  app('cidr', 'CIDR', 'network.cidr', 'text', ''),
  app('shared_network', '共用ネットワーク', 'network.sharedNetwork', 'flag', 'いいえ'),
  app('start', '利用開始日', 'dates.start', 'day', '2026-12-01'),
  app('end', '利用終了予定日', 'dates.end', 'day', ''),
  app('baseline_version', 'ベースライン版', 'consent.baselineVersion', 'text', '1.0.0'),
  app('usage_rules_version', '利用規程版', 'consent.usageRulesVersion', 'text', '2026-04'),
  app('consent', '同意', 'consent.accepted', 'flag', 'はい'),
]

/** Strings that a spreadsheet would run as a formula get a quote in front. */
const cell = (text: string) => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`

/** The template: headings in one language, then an example with two environments. Starts with a BOM, so that Excel reads UTF-8. */
export function batchTemplate(language: 'ja' | 'en'): string {
  const headings = BATCH_COLUMNS.map((column) => (language === 'ja' ? column.ja : column.name))
  const first = BATCH_COLUMNS.map((column) => column.example)
  const second = BATCH_COLUMNS.map((column) =>
    column.name === 'environment' ? '検証' : column.level === 'environment' ? column.example : '',
  )
  return `\ufeff${[headings, first, second].map(csvLine).join('')}`
}
