import type { Locator, Page } from 'playwright-core'
import type { Language } from './browser.ts'
import { type Hands, mouse } from './hands.ts'

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
  group: { ja: '複数人が読むグループの宛先です', en: 'a group address that several people read' },
  verdicts: { ja: 'ルールの確認結果', en: 'Rules' },
} as const satisfies Record<string, Record<Language, string>>

const CONSENT = { ja: /同意します/, en: /I agree/ } as const satisfies Record<Language, RegExp>

export interface Wanted {
  readonly systemCode: string
  readonly systemName: string
  /** `YYYY-MM-DD` */
  readonly start: string
  readonly fiscalYear: number
}

/**
 * Fills in the application step by step, as the project office of a municipality would, and submits it: with the
 * mouse, or with whatever hands the person has.
 */
export async function apply(
  page: Page,
  language: Language,
  wanted: Wanted,
  afterStep: (step: string) => Promise<void>,
  hands: Hands = mouse(page),
): Promise<void> {
  const words = wordsIn(language)
  const form = new Map<string, () => Promise<void>>([
    ['system', () => system(hands, words, wanted)],
    ['use', () => hands.choose(words.portable)],
    ['environments', () => environments(hands, words)],
    ['data', () => data(hands, words)],
    ['contacts', () => contacts(page, hands, words)],
    ['people', () => people(hands, words)],
    ['money', () => money(hands, words, wanted)],
  ])
  for (const [step, fill] of form) {
    await fill()
    await afterStep(step)
    await nextStep(page, hands, words.next)
  }
  await hands.tick(CONSENT[language])
  await afterStep('review')
  await hands.press(words.submit)
}

type Words = Readonly<Record<keyof typeof LABELS, string>>
const wordsIn = (language: Language): Words =>
  Object.fromEntries(Object.entries(LABELS).map(([key, texts]) => [key, texts[language]])) as Words

/** Each step is saved on the way: the next one is there when its title has changed. */
async function nextStep(page: Page, hands: Hands, next: string): Promise<void> {
  const title = page.locator('form h2').first()
  const before = await title.textContent()
  await hands.press(next)
  await page
    .locator('form h2')
    .first()
    .filter({ hasNotText: before ?? '' })
    .waitFor()
}

async function system(hands: Hands, words: Words, wanted: Wanted): Promise<void> {
  await hands.type('system.nameJa', wanted.systemName)
  await hands.type('system.nameEn', wanted.systemName)
  await hands.type('system.code', wanted.systemCode)
  await hands.pick(words.businessArea, words.residentRecords)
}

async function environments(hands: Hands, words: Words): Promise<void> {
  await hands.tick(words.production)
  await hands.tick(words.staging)
}

async function data(hands: Hands, words: Words): Promise<void> {
  await hands.choose(words.confidentiality)
  await hands.tick(words.personal)
  await hands.tick(words.customerKey)
  await hands.type('data.keyOwner', '情報政策課長')
}

async function contacts(page: Page, hands: Hands, words: Words): Promise<void> {
  for (const desk of ['security', 'operations', 'billing']) {
    await hands.type(`contacts.${desk}.name`, `${desk} desk`)
    await hands.type(`contacts.${desk}.title`, '情報政策課')
    await hands.type(`contacts.${desk}.email`, `${desk}@city.sabae.example.lg.jp`)
    await hands.type(`contacts.${desk}.phone`, '0778-51-0000')
  }
  const boxes = await page.getByRole('checkbox', { name: words.group }).count()
  for (let nth = 0; nth < boxes; nth++) await hands.tick(new RegExp(words.group), nth)
}

async function people(hands: Hands, words: Words): Promise<void> {
  await hands.pick(words.owner, /鯖江 責任子/)
  await hands.pick(words.admins, /眼鏡 すすむ/)
  await hands.pick(words.admins, /漆原 かなえ/)
}

async function money(hands: Hands, words: Words, wanted: Wanted): Promise<void> {
  await hands.type('dates.start', wanted.start)
  await hands.choose(words.ownBudget)
  await hands.type('billing.payer', '鯖江市 情報政策課')
  await hands.type('billing.fiscalYear', String(wanted.fiscalYear))
  await hands.type('billing.budgetYen', '60000000')
  // More than the policy approves by itself, so that a person of the centre has to.
  await hands.type('billing.monthlyLimitUsd', '15000')
}

/** The rules beside the form, as the applicant sees them. */
export const verdicts = (page: Page, language: Language): Locator =>
  page.getByRole('complementary', { name: LABELS.verdicts[language] })
