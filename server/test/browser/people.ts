import type { Page } from 'playwright-core'
import type { Language } from './browser.ts'

/** Texts of the portal that the tests look for: they read the page as a person does. */
export const WORDS = {
  signIn: { ja: 'サインイン', en: 'Sign in' },
  signOut: { ja: 'サインアウト', en: 'Sign out' },
  home: { ja: 'ホーム', en: 'Home' },
  menu: { ja: 'メニュー', en: 'Menu' },
  mainMenu: { ja: '主なメニュー', en: 'Main menu' },
} as const satisfies Record<string, Record<Language, string>>

/** Demo personas of the product's register (`server/data/demo/register.json`). */
export const PEOPLE = {
  operator: '欄干 あおい',
  auditor: '監物 しずく',
  owner: '鯖江 責任子',
  pjmo: '眼鏡 すすむ',
} as const
export type Person = keyof typeof PEOPLE

export const signInName = (person: Person, language: Language): string =>
  language === 'ja' ? `${PEOPLE[person]} としてサインイン` : `Sign in as ${PEOPLE[person]}`

export async function signIn(page: Page, url: string, person: Person, language: Language): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: signInName(person, language) }).click()
  await page.getByRole('heading', { level: 1, name: WORDS.home[language] }).waitFor()
}

/** Addresses of the main menu, as this person sees it. */
export async function menuPaths(page: Page, language: Language): Promise<readonly string[]> {
  const links = page.getByRole('navigation', { name: WORDS.mainMenu[language] }).getByRole('link')
  const paths: string[] = []
  for (const link of await links.all()) paths.push((await link.getAttribute('href')) ?? '')
  return paths
}

/** Waits until nothing on the page says that it is loading. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  const loading = page.getByRole('status').filter({ hasText: /^(読み込み中です|Loading)$/ })
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' })
}
