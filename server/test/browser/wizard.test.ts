import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { watchErrors } from './browser.ts'
import { settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld()

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const stepIs = (page: Page, title: string) =>
  page.getByRole('heading', { level: 2, name: title, exact: true }).waitFor()

async function newApplication(): Promise<Page> {
  const page = await (await world.browser.person({ language: 'en' })).newPage()
  await signIn(page, world.product.url, 'pjmo', 'en')
  await page.goto(`${world.product.url}/applications/new`)
  await settled(page)
  await button(page, 'Next').waitFor()
  return page
}

/** Each step is left by a click, whatever else happens at that moment: a click of a person is never lost. */
describe('a click on Next', () => {
  test('while the draft is being saved waits its turn, and makes no second draft', async () => {
    const page = await newApplication()
    const errors = watchErrors(page)
    const made: string[] = []
    const refused: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`)
    })
    await page.route('**/api/applications', async (route) => {
      if (route.request().method() === 'POST') made.push(route.request().url())
      await new Promise((resolve) => setTimeout(resolve, 500))
      await route.continue()
    })
    await page.locator('[name="system.code"]').fill('first')
    await button(page, 'Save draft').click()
    await page.locator('[name="system.code"]').fill('second')
    await button(page, 'Next').click()
    await button(page, 'Back').waitFor()
    expect(made).toHaveLength(1)
    expect(refused).toEqual([])
    await button(page, 'Back').click()
    await page.locator('[name="system.code"]').waitFor()
    expect(await page.locator('[name="system.code"]').inputValue()).toBe('second')
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('counts although the browser believes to be offline', async () => {
    const page = await newApplication()
    await page.evaluate('window.dispatchEvent(new Event("offline"))')
    await button(page, 'Next').click()
    await button(page, 'Back').waitFor()
    await page.context().close()
  })

  test('leaves a step whose address is not one yet', async () => {
    const page = await newApplication()
    for (const title of ['How it is used', 'Environments', 'Data and network', 'Contacts']) {
      await button(page, 'Next').click()
      await stepIs(page, title)
    }
    await page.locator('[name="contacts.security.email"]').fill('not yet')
    await button(page, 'Next').click()
    await stepIs(page, 'People and operator')
    await page.context().close()
  })
})
