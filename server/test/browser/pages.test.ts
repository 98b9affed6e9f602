import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { axe, type Language, overflow, screenshot, watchErrors } from './browser.ts'
import { menuPaths, type Person, settled, signIn, signInName, WORDS } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld()

const nameOf = (path: string) => path.replaceAll('/', '-').replace(/^-$/, '-home')

async function newPage(language: Language, width?: number): Promise<Page> {
  const context = await world.browser.person({ language, ...(width === undefined ? {} : { width }) })
  return context.newPage()
}

const VIEWS: readonly { readonly person: Person; readonly language: Language; readonly width: number }[] = [
  { person: 'operator', language: 'ja', width: 1280 },
  { person: 'operator', language: 'en', width: 320 },
  { person: 'auditor', language: 'en', width: 1280 },
  { person: 'pjmo', language: 'ja', width: 320 },
  { person: 'owner', language: 'en', width: 1280 },
]

/** A dozen pages with axe and a picture of each, on a machine that runs the whole product too. */
const ALL_PAGES_MS = 300_000

describe.each(VIEWS)('every page of the $person in $language at $width px', ({ person, language, width }) => {
  test('loads without an error, passes axe and fits the screen', { timeout: ALL_PAGES_MS }, async () => {
    const page = await newPage(language, width)
    const errors = watchErrors(page)
    await signIn(page, world.product.url, person, language)
    const found: Record<string, readonly string[]> = {}
    for (const path of await menuPathsAt(page, language, width)) {
      await page.goto(world.product.url + path)
      await settled(page)
      await screenshot(page, `page${nameOf(path)}-${person}-${language}-${width}`)
      const wide = await overflow(page)
      const wrong = [...(await axe(page)), ...(wide > 0 ? [`${wide} px wider than the screen`] : [])]
      const alerts = await page.getByRole('alert').allTextContents()
      if (wrong.length + alerts.length > 0) found[path] = [...wrong, ...alerts]
    }
    expect(found).toEqual({})
    expect(errors).toEqual([])
    await page.context().close()
  })
})

async function menuPathsAt(page: Page, language: Language, width: number): Promise<readonly string[]> {
  if (width < 1024) await page.getByRole('button', { name: WORDS.menu[language] }).click()
  const paths = await menuPaths(page, language)
  expect(paths.length).toBeGreaterThan(1)
  return paths
}

describe('the sign-in page', () => {
  test.each(['ja', 'en'] as const)('passes axe in %s, on a narrow screen too', async (language) => {
    const page = await newPage(language, 320)
    await page.goto(world.product.url)
    await page.getByRole('button', { name: signInName('operator', language) }).waitFor()
    await screenshot(page, `sign-in-${language}-320`)
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    expect(await page.locator('html').getAttribute('lang')).toBe(language)
    await page.context().close()
  })

  test('comes back to the page that was asked for', async () => {
    const page = await newPage('en')
    await page.goto(`${world.product.url}/accounts`)
    await page.getByRole('button', { name: signInName('operator', 'en') }).click()
    await page.waitForURL(`${world.product.url}/accounts`)
    await page.context().close()
  })

  test('does not lead to another site', async () => {
    const page = await newPage('en')
    await page.goto(`${world.product.url}/sign-in?next=${encodeURIComponent('//example.com/')}`)
    await page.getByRole('button', { name: signInName('operator', 'en') }).click()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    expect(new URL(page.url()).origin).toBe(world.product.url)
    await page.context().close()
  })
})

describe('by keyboard alone', () => {
  test('one signs in, skips to the content, walks the menu and signs out', async () => {
    const page = await newPage('en')
    await page.goto(world.product.url)
    const enter = page.getByRole('button', { name: signInName('operator', 'en') })
    await enter.waitFor()
    await tabTo(page, `Sign in as`, 'button')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()

    await page.reload()
    await settled(page)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toContain('Skip to content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')

    await page.reload()
    await settled(page)
    await tabTo(page, 'AWS accounts', 'a')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'AWS accounts' }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('main')

    await page.reload()
    await settled(page)
    await tabTo(page, 'Sign out', 'button')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
    await page.context().close()
  })
})

const focused = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(
      '(document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "") + "|" + document.activeElement?.tagName.toLowerCase()',
    ),
  )

/** Presses Tab until that element has the focus; a person would give up after so many. */
async function tabTo(page: Page, text: string, tag: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const at = await focused(page)
    if (at.startsWith(text) && at.endsWith(`|${tag}`)) return
  }
  throw new Error(`The keyboard never reached \`${text}\`; it stands on \`${await focused(page)}\`.`)
}

describe('language', () => {
  test('changes at once, tells the browser, and is kept', async () => {
    const page = await newPage('ja')
    await signIn(page, world.product.url, 'operator', 'ja')
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    await page.context().close()
  })
})

describe('a narrow screen', () => {
  test('has the menu under a button', async () => {
    const page = await newPage('en', 320)
    await signIn(page, world.product.url, 'operator', 'en')
    const menu = page.getByRole('button', { name: 'Menu' })
    expect(await menu.getAttribute('aria-expanded')).toBe('false')
    expect(await page.getByRole('link', { name: 'AWS accounts' }).isVisible()).toBe(false)
    await menu.click()
    await page.getByRole('link', { name: 'AWS accounts' }).click()
    await page.getByRole('heading', { level: 1, name: 'AWS accounts' }).waitFor()
    expect(await page.getByRole('link', { name: 'Queue' }).isVisible()).toBe(false)
    await page.context().close()
  })
})

test('an address that does not exist says so', async () => {
  const page = await newPage('en')
  await signIn(page, world.product.url, 'operator', 'en')
  await page.goto(`${world.product.url}/nothing-here`)
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor()
  expect(await axe(page)).toEqual([])
  await page.context().close()
})
