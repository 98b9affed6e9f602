import type { Day } from '../../kernel/days.ts'

/** A sound application, for tests, benchmarks and `rankan apply --example`. `start` must be after the day of submission. */
export const sampleVendForm = (
  over: {
    readonly organisation?: string
    readonly system?: string
    readonly start?: Day
    readonly environments?: readonly string[]
  } = {},
) => {
  const mail = 'city.example.lg.jp'
  const contact = (type: string) => ({
    name: `${type} desk`,
    title: '情報政策課',
    email: `${type}@${mail}`,
    phone: '03-0000-0000',
    group: true,
  })
  const person = (first: string, last: string, user: string) => ({
    userName: `${user}@${mail}`,
    email: `${user}@${mail}`,
    firstName: first,
    lastName: last,
  })
  const start = over.start ?? '2026-12-01'
  return {
    kind: 'vend' as const,
    organisation: { code: over.organisation ?? '131016' },
    system: {
      code: over.system ?? 'juki',
      nameJa: '住民記録システム',
      nameEn: 'Resident records',
      businessArea: 'resident_record',
      publicSaas: false,
    },
    use: { mode: 'single', tenants: [], separation: null, tenantsConsent: false },
    provider: { name: 'aws', reason: '', placement: 'portable', placementReason: '' },
    environments: (over.environments ?? ['production', 'staging']).map((environment) => ({
      environment,
      regions: ['ap-northeast-1'],
    })),
    cicd: { declared: true, tools: 'CodePipeline' },
    data: { class: 'confidentiality_2', personal: true, customerKey: true, keyOwner: '情報政策課長' },
    contacts: {
      security: contact('security'),
      operations: contact('operations'),
      billing: contact('billing'),
    },
    operator: null,
    owner: person('太郎', '山田', 'taro.yamada'),
    admins: [person('花子', '佐藤', 'hanako.sato'), person('一郎', '鈴木', 'ichiro.suzuki')],
    operators: [],
    billing: {
      payment: 'own_budget',
      payer: '情報政策課',
      fiscalYear: Number(start.slice(0, 4)) - (Number(start.slice(5, 7)) < 4 ? 1 : 0),
      budgetYen: 5_000_000,
      monthlyLimitUsd: 2_000,
    },
    network: { closedConnection: false, cidr: '', sharedNetwork: false },
    dates: { start, end: null },
    consent: { baselineVersion: '1.0.0', usageRulesVersion: '2026-04', accepted: true },
    exceptions: [],
  }
}
