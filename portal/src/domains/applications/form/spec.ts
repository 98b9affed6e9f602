import type { Bilingual } from '@rankan/server/kernel/text.ts'
import type { FormState } from '../api.ts'
import { pathOf, valueAt } from './path.ts'

export interface Choice {
  readonly value: string
  readonly label: Bilingual
  readonly hint?: Bilingual
}

interface Base {
  readonly path: string
  readonly label: Bilingual
  readonly hint?: Bilingual
  readonly required?: boolean
  /** Shown only when this holds. */
  readonly when?: (form: FormState) => boolean
}

export type FieldSpec =
  | (Base & { readonly kind: 'text' | 'long' | 'email' | 'tel' | 'date' | 'number'; readonly max?: number })
  | (Base & { readonly kind: 'radios' | 'select'; readonly choices: readonly Choice[] })
  | (Base & { readonly kind: 'check' })
  | (Base & { readonly kind: 'organisation' | 'tenants' | 'environments' | 'person' | 'people' | 'consent' })

export interface StepSpec {
  readonly key: string
  readonly title: Bilingual
  readonly fields: readonly FieldSpec[]
}

const b = (ja: string, en: string): Bilingual => ({ ja, en })
const choice = (value: string, ja: string, en: string, hint?: Bilingual): Choice =>
  hint === undefined ? { value, label: b(ja, en) } : { value, label: b(ja, en), hint }
const is = (path: string, wanted: unknown) => (form: FormState) => valueAt(form, pathOf(path)) === wanted

export const BUSINESS_CHOICES: readonly Choice[] = [
  choice('resident_record', '住民基本台帳', 'Resident records'),
  choice('family_register', '戸籍', 'Family register'),
  choice('family_register_supplement', '戸籍の附票', 'Family register supplement'),
  choice('seal_registration', '印鑑登録', 'Seal registration'),
  choice('election', '選挙人名簿管理', 'Electoral roll'),
  choice('property_tax', '固定資産税', 'Property tax'),
  choice('individual_residents_tax', '個人住民税', 'Individual residents’ tax'),
  choice('corporate_residents_tax', '法人住民税', 'Corporate residents’ tax'),
  choice('light_vehicle_tax', '軽自動車税', 'Light vehicle tax'),
  choice('school_enrolment', '就学', 'School enrolment'),
  choice('national_health_insurance', '国民健康保険', 'National health insurance'),
  choice('national_pension', '国民年金', 'National pension'),
  choice('disability_welfare', '障害者福祉', 'Disability welfare'),
  choice('latter_stage_elderly_health', '後期高齢者医療', 'Health care for the elderly'),
  choice('long_term_care', '介護保険', 'Long-term care insurance'),
  choice('public_assistance', '生活保護', 'Public assistance'),
  choice('health_management', '健康管理', 'Health management'),
  choice('child_allowance', '児童手当', 'Child allowance'),
  choice('child_rearing_allowance', '児童扶養手当', 'Child rearing allowance'),
  choice('child_care_support', '子ども・子育て支援', 'Child care support'),
  choice('other', 'その他', 'Other'),
]

type Plain = Exclude<FieldSpec, { readonly choices: readonly Choice[] }>

/** A field without choices, with its two labels. */
const field = (
  kind: Plain['kind'],
  path: string,
  ja: string,
  en: string,
  more: Omit<Base, 'path' | 'label'> & { readonly max?: number } = {},
): Plain => ({ kind, path, label: b(ja, en), ...more })

const contact = (type: string, ja: string, en: string): readonly FieldSpec[] => [
  field('text', `contacts.${type}.name`, `${ja}: 窓口の名前`, `${en}: name of the desk`, {
    required: true,
    max: 64,
  }),
  field('text', `contacts.${type}.title`, `${ja}: 所属`, `${en}: section`, { required: true, max: 50 }),
  field('email', `contacts.${type}.email`, `${ja}: メールアドレス`, `${en}: e-mail`, {
    required: true,
    max: 64,
  }),
  field('tel', `contacts.${type}.phone`, `${ja}: 電話番号`, `${en}: phone`, { required: true, max: 25 }),
  field(
    'check',
    `contacts.${type}.group`,
    `${ja}: 複数人が読むグループの宛先です`,
    `${en}: a group address that several people read`,
  ),
]

const hasOperator = (form: FormState) => valueAt(form, ['operator']) != null

export const STEPS: readonly StepSpec[] = [
  {
    key: 'system',
    title: b('組織とシステム', 'Organisation and system'),
    fields: [
      field('organisation', 'organisation.code', '利用組織', 'Organisation', { required: true }),
      field('text', 'system.nameJa', '情報システムの名前', 'Name of the system', {
        required: true,
        max: 100,
      }),
      field('text', 'system.nameEn', '情報システムの名前(英語)', 'Name in English', {
        required: false,
        max: 100,
      }),
      field('text', 'system.code', 'システムコード', 'System code', {
        hint: b(
          'アカウント名に使います。英小文字で始まる半角英小文字・数字・ハイフン、20 文字まで(例: juki)。',
          'Used in account names: lower-case letters, digits and hyphens, at most 20 (for example juki).',
        ),
        required: true,
        max: 20,
      }),
      {
        kind: 'select',
        path: 'system.businessArea',
        label: b('業務区分', 'Business area'),
        choices: BUSINESS_CHOICES,
        required: true,
      },
      field('check', 'system.publicSaas', '公共 SaaS として提供するシステムです', 'Offered as public SaaS'),
    ],
  },
  {
    key: 'use',
    title: b('使い方', 'How it is used'),
    fields: [
      {
        kind: 'radios',
        path: 'use.mode',
        label: b('利用形態', 'Use mode'),
        required: true,
        choices: [
          choice(
            'single',
            '単独利用',
            'Single',
            b('アカウントは 1 つの組織のものです。', 'The account is one organisation’s.'),
          ),
          choice(
            'shared',
            '共同利用',
            'Shared',
            b('1 つのアカウントを複数の団体で使います。', 'One account serves several bodies.'),
          ),
        ],
      },
      field('tenants', 'use.tenants', '共同利用する団体のコード', 'Codes of the bodies that share it', {
        hint: b(
          '1 行に 1 つ、または空白で区切って入力してください。',
          'One on each line, or separated by spaces.',
        ),
        required: true,
        when: is('use.mode', 'shared'),
      }),
      {
        kind: 'radios',
        path: 'use.separation',
        label: b('分離方式', 'Separation'),
        required: true,
        when: is('use.mode', 'shared'),
        choices: [
          choice('application', 'アプリケーション分離(推奨)', 'By application (recommended)'),
          choice('network', 'ネットワーク分離', 'By network'),
          choice('account', 'アカウント分離', 'By account'),
        ],
      },
      field(
        'check',
        'use.tenantsConsent',
        'すべての団体の同意を得ています',
        'All these bodies have consented',
        { when: is('use.mode', 'shared') },
      ),
      {
        kind: 'radios',
        path: 'provider.placement',
        label: b('システムの作り', 'How the core is built'),
        required: true,
        choices: [
          choice('portable', '持ち運べる作り(コンテナなど)', 'Portable (containers)'),
          choice('managed', 'マネージドサービスを使う', 'Managed services'),
          choice('provider_only', 'この CSP だけの機能を使う', 'Functions of this provider only'),
        ],
      },
      field('long', 'provider.placementReason', 'その作りにする理由', 'Why it is built so', {
        required: false,
        when: (form) =>
          valueAt(form, ['provider', 'placement']) !== 'portable' &&
          valueAt(form, ['provider', 'placement']) !== undefined,
      }),
      field('long', 'provider.reason', 'AWS を選んだ理由', 'Why AWS', { required: false }),
    ],
  },
  {
    key: 'environments',
    title: b('環境', 'Environments'),
    fields: [
      field('environments', 'environments', '必要な環境', 'Environments wanted', {
        hint: b('環境ごとに別のアカウントを払い出します。', 'Each environment gets an account of its own.'),
        required: true,
      }),
      field('check', 'cicd.declared', 'CI/CD を行います', 'The system does CI/CD'),
      field('text', 'cicd.tools', 'CI/CD に使う道具', 'Tools of the CI/CD', {
        required: true,
        max: 200,
        when: is('cicd.declared', true),
      }),
    ],
  },
  {
    key: 'data',
    title: b('データとネットワーク', 'Data and network'),
    fields: [
      {
        kind: 'radios',
        path: 'data.class',
        label: b('情報の機密性', 'Confidentiality'),
        required: true,
        choices: [
          choice('confidentiality_1', '機密性 1', 'Confidentiality 1'),
          choice('confidentiality_2', '機密性 2', 'Confidentiality 2'),
          choice('confidentiality_3', '機密性 3', 'Confidentiality 3'),
        ],
      },
      field('check', 'data.personal', '個人情報を扱います', 'Personal data is handled'),
      field(
        'check',
        'data.customerKey',
        '利用組織の鍵(カスタマーマネージドキー)で暗号化します',
        'Encrypted under a customer-managed key',
      ),
      field('text', 'data.keyOwner', '鍵の管理者', 'Owner of the key', {
        required: true,
        max: 100,
        when: is('data.customerKey', true),
      }),
      field('check', 'network.closedConnection', '閉域接続を使います', 'A closed connection is needed'),
      field('text', 'network.cidr', '希望する CIDR', 'CIDR wanted', {
        hint: b(
          '空なら統制側で割り当てます(例: 10.20.0.0/20)。',
          'Empty: the centre assigns one (for example 10.20.0.0/20).',
        ),
        required: false,
        max: 18,
        when: is('network.closedConnection', true),
      }),
      field(
        'check',
        'network.sharedNetwork',
        '共用ネットワークアカウントに接続します',
        'Attached to the shared network account',
        { when: is('network.closedConnection', true) },
      ),
    ],
  },
  {
    key: 'contacts',
    title: b('連絡先', 'Contacts'),
    fields: [
      ...contact('security', 'セキュリティ', 'Security'),
      ...contact('operations', '運用', 'Operations'),
      ...contact('billing', '請求', 'Billing'),
    ],
  },
  {
    key: 'people',
    title: b('責任者と運用会社', 'People and operator'),
    fields: [
      field('person', 'owner', 'アカウントの責任者', 'Owner of the accounts', { required: true }),
      field('people', 'admins', '管理者(Admin)', 'Administrators (Admin)', {
        hint: b('2 人以上を勧めます。', 'Two or more are better.'),
        required: true,
      }),
      field('check', 'operator', '運用管理補助者(会社)に運用を任せます', 'A company operates the accounts'),
      field('text', 'operator.company', '運用管理補助者の会社名', 'Company', {
        required: true,
        max: 100,
        when: hasOperator,
      }),
      field('text', 'operator.contractNumber', '契約番号', 'Contract number', {
        required: true,
        max: 64,
        when: hasOperator,
      }),
      field('date', 'operator.contractStart', '契約開始日', 'Contract starts', {
        required: true,
        when: hasOperator,
      }),
      field('date', 'operator.contractEnd', '契約終了日', 'Contract ends', {
        required: true,
        when: hasOperator,
      }),
      field('people', 'operators', '運用担当者(権限の切り替えのみ)', 'Operators (switch role only)', {
        required: false,
        when: hasOperator,
      }),
    ],
  },
  {
    key: 'money',
    title: b('費用と期間', 'Cost and dates'),
    fields: [
      field('date', 'dates.start', '利用開始日', 'First day of use', { required: true }),
      field('date', 'dates.end', '利用終了予定日', 'Last day, if known', { required: false }),
      {
        kind: 'radios',
        path: 'billing.payment',
        label: b('支払方法', 'Payment'),
        required: true,
        choices: [
          choice('own_budget', '自団体の予算', 'Own budget'),
          choice('deposit', '預託', 'Deposit held by the centre'),
          choice('on_behalf', '代理支払', 'Somebody pays on behalf'),
        ],
      },
      field('text', 'billing.payer', '支払者', 'Payer', { required: true, max: 100 }),
      field('number', 'billing.fiscalYear', '会計年度(西暦)', 'Fiscal year', { required: true }),
      field('number', 'billing.budgetYen', '予算額(円)', 'Budget (yen)', { required: true }),
      field(
        'number',
        'billing.monthlyLimitUsd',
        '1 アカウントの月額上限(USD)',
        'Monthly limit of one account (USD)',
        {
          hint: b(
            '超えそうになると請求の連絡先に知らせます。',
            'The billing contact is told before it is reached.',
          ),
          required: true,
        },
      ),
    ],
  },
  {
    key: 'review',
    title: b('確認と申請', 'Review and submit'),
    fields: [field('consent', 'consent.accepted', '同意', 'Consent', { required: true })],
  },
]

/** The step that shows this field; the first one when none does. */
export function stepOf(path: readonly (string | number)[]): number {
  const found = STEPS.findIndex((step) =>
    step.fields.some((field) =>
      pathOf(field.path).every((part, i) => path[i] === undefined || path[i] === part),
    ),
  )
  return Math.max(0, found)
}

/** What a new form starts with: choices that most applicants leave as they are. */
export const emptyVendForm = (): FormState => ({
  kind: 'vend',
  system: { publicSaas: false, nameEn: '' },
  use: { mode: 'single', tenants: [], separation: null, tenantsConsent: false },
  provider: { name: 'aws', reason: '', placementReason: '' },
  environments: [],
  cicd: { declared: false, tools: '' },
  data: { personal: false, customerKey: false, keyOwner: '' },
  operator: null,
  operators: [],
  network: { closedConnection: false, cidr: '', sharedNetwork: false },
  dates: { end: null },
  exceptions: [],
})
