import type { Locator, Page } from 'playwright-core'
import type { Language } from './browser.ts'

/** What a person reads on the form, in both languages. */
const LABELS = {
  next: { ja: '次へ', en: 'Next' },
  submit: { ja: '申請する', en: 'Submit' },
  businessArea: { ja: '業務区分', en: 'Business area' },
  residentRecords: { ja: '住民基本台帳', en: 'Resident records' },
  portable: { ja: '持ち運べる作り(コンテナなど)', en: 'Portable (containers)' },
  production: { ja: '本番', en: 'Production' },
  staging: { ja: '検証', en: 'Staging' },
  confidentiality: { ja: '機密性 2', en: 'Confidentiality 2' },
  personal: { ja: '個人情報を扱います', en: 'Personal data is handled' },
  customerKey: {
    ja: '利用組織の鍵(カスタマーマネージドキー)で暗号化します',
    en: 'Encrypted under a customer-managed key',
  },
  owner: {
    ja: 'アカウントの責任者: 登録されている人から選ぶ',
    en: 'Owner of the accounts: Choose from the register',
  },
  admins: {
    ja: '管理者(Admin): 登録されている人から選ぶ',
    en: 'Administrators (Admin): Choose from the register',
  },
  ownBudget: { ja: '自団体の予算', en: 'Own budget' },
  consent: { ja: /同意します/, en: /I agree/ },
  group: { ja: /複数人が読むグループの宛先です/, en: /a group address that several people read/ },
  verdicts: { ja: 'ルールの確認結果', en: 'Rules' },
} as const

export interface Wanted {
  readonly systemCode: string
  readonly systemName: string
  /** `YYYY-MM-DD` */
  readonly start: string
  readonly fiscalYear: number
}

/** Fills in the application step by step, as the project office of a municipality would, and submits it. */
export async function apply(
  page: Page,
  language: Language,
  wanted: Wanted,
  afterStep: (step: string) => Promise<void>,
): Promise<void> {
  const form = new Map<string, () => Promise<void>>([
    ['system', () => system(page, language, wanted)],
    ['use', () => choose(page, LABELS.portable[language])],
    ['environments', () => environments(page, language)],
    ['data', () => data(page, language)],
    ['contacts', () => contacts(page, language)],
    ['people', () => people(page, language)],
    ['money', () => money(page, language, wanted)],
  ])
  for (const [step, fill] of form) {
    await fill()
    await afterStep(step)
    await nextStep(page, language)
  }
  await page.getByRole('checkbox', { name: LABELS.consent[language] }).check({ force: true })
  await afterStep('review')
  await page.getByRole('button', { name: LABELS.submit[language], exact: true }).click()
}

/** Each step is saved on the way: the next one is there when its title has changed. */
async function nextStep(page: Page, language: Language): Promise<void> {
  const title = page.locator('form h2').first()
  const before = await title.textContent()
  await page.getByRole('button', { name: LABELS.next[language], exact: true }).click()
  await page
    .locator('form h2')
    .first()
    .filter({ hasNotText: before ?? '' })
    .waitFor()
}

const type = (page: Page, name: string, value: string) => page.locator(`[name="${name}"]`).fill(value)

// The native control is visually hidden behind our mark, as usual with React Aria: hence `force`.
const choose = (page: Page, label: string) => page.getByRole('radio', { name: label }).check({ force: true })
const tick = (page: Page, label: string) =>
  page.getByRole('checkbox', { name: label, exact: true }).check({ force: true })

async function pick(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: label }).click()
  await page.getByRole('option', { name: option }).first().click()
}

async function system(page: Page, language: Language, wanted: Wanted): Promise<void> {
  await type(page, 'system.nameJa', wanted.systemName)
  await type(page, 'system.nameEn', wanted.systemName)
  await type(page, 'system.code', wanted.systemCode)
  await pick(page, LABELS.businessArea[language], LABELS.residentRecords[language])
}

async function environments(page: Page, language: Language): Promise<void> {
  await tick(page, LABELS.production[language])
  await tick(page, LABELS.staging[language])
}

async function data(page: Page, language: Language): Promise<void> {
  await choose(page, LABELS.confidentiality[language])
  await tick(page, LABELS.personal[language])
  await tick(page, LABELS.customerKey[language])
  await type(page, 'data.keyOwner', '情報政策課長')
}

async function contacts(page: Page, language: Language): Promise<void> {
  for (const desk of ['security', 'operations', 'billing']) {
    await type(page, `contacts.${desk}.name`, `${desk} desk`)
    await type(page, `contacts.${desk}.title`, '情報政策課')
    await type(page, `contacts.${desk}.email`, `${desk}@city.sabae.example.lg.jp`)
    await type(page, `contacts.${desk}.phone`, '0778-51-0000')
  }
  for (const box of await page.getByRole('checkbox', { name: LABELS.group[language] }).all())
    await box.check({ force: true })
}

async function people(page: Page, language: Language): Promise<void> {
  await pick(page, LABELS.owner[language], /鯖江 責任子/)
  await pick(page, LABELS.admins[language], /眼鏡 すすむ/)
  await pick(page, LABELS.admins[language], /漆原 かなえ/)
}

async function money(page: Page, language: Language, wanted: Wanted): Promise<void> {
  await type(page, 'dates.start', wanted.start)
  await choose(page, LABELS.ownBudget[language])
  await type(page, 'billing.payer', '鯖江市 情報政策課')
  await type(page, 'billing.fiscalYear', String(wanted.fiscalYear))
  await type(page, 'billing.budgetYen', '60000000')
  // More than the policy approves by itself, so that a person of the centre has to.
  await type(page, 'billing.monthlyLimitUsd', '15000')
}

/** The rules beside the form, as the applicant sees them. */
export const verdicts = (page: Page, language: Language): Locator =>
  page.getByRole('complementary', { name: LABELS.verdicts[language] })
