import { expect, onTestFailed, test } from 'vitest'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { apply } from './apply.ts'
import { screenshot, watchErrors } from './browser.ts'
import { keyboard, tabTo } from './hands.ts'
import { settled, signInName } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld()

test('by keyboard alone one signs in, fills in the whole application and submits it', {
  timeout: 420_000,
}, async () => {
  const page = await (await world.browser.person({ language: 'en' })).newPage()
  onTestFailed(() => screenshot(page, 'keyboard-99-failed'))
  const errors = watchErrors(page)
  await page.goto(world.product.url)
  await tabTo(page, page.getByRole('button', { name: signInName('pjmo', 'en') }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  await tabTo(page, page.getByRole('link', { name: 'Start an application' }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Application' }).waitFor()
  await settled(page)

  const start = addDays(dayInJapan(new Date()), 14)
  const fiscalYear = Number(start.slice(0, 4)) - (Number(start.slice(5, 7)) < 4 ? 1 : 0)
  const wanted = { systemCode: 'keys', systemName: 'Written by keyboard', start, fiscalYear }
  await apply(page, 'en', wanted, (step) => screenshot(page, `keyboard-${step}`), keyboard(page))

  await page.waitForURL(/\/applications\/app_/)
  await page.getByTestId('state').filter({ hasText: 'Waits for the organisation' }).waitFor()
  expect(errors).toEqual([])
  await page.context().close()
})
