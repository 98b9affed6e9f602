import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { axe, screenshot, watchErrors } from './browser.ts'
import { settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld()
let page: Page

beforeAll(async () => {
  page = await (await world.browser.person({ language: 'en' })).newPage()
  await signIn(page, world.product.url, 'operator', 'en')
})

const open = async (path: string) => {
  await page.goto(world.product.url + path)
  await settled(page)
}
const toast = (text: string) => page.getByRole('region', { name: /Notices/ }).getByText(text)

describe('sandbox controls', () => {
  test('a fault is set, removed, and set again by undo', async () => {
    await open('/sandbox')
    const faults = page.getByRole('table', { name: 'Faults' })
    await page.getByRole('button', { name: 'Add fault' }).click()
    await faults.getByRole('cell', { name: 'Throttle calls' }).waitFor()
    await faults.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No faults are set').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await faults.getByRole('cell', { name: 'Throttle calls' }).waitFor()
    expect(await axe(page)).toEqual([])
    await screenshot(page, 'sandbox-fault-en')
    await faults.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No faults are set').waitFor()
  })

  test('a share that makes no sense is refused before it is sent', async () => {
    await open('/sandbox')
    await page.getByLabel('Share of cases (%)').fill('150')
    await page.getByText('Give a number above 0 and at most 100').waitFor()
    await page.getByRole('button', { name: 'Add fault' }).click()
    expect(await page.getByText('No faults are set').isVisible()).toBe(true)
  })

  test('reset asks first, and Escape means no', async () => {
    await open('/sandbox')
    await page.getByRole('button', { name: 'Reset' }).click()
    const dialog = page.getByRole('dialog', { name: 'Reset the estate' })
    await dialog.waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
})

describe('quotas of an AWS organisation', () => {
  test('are entered by keyboard, explained by the form, and shown in both languages', async () => {
    const errors = watchErrors(page)
    await open('/queue')
    await page.getByRole('button', { name: 'Quotas' }).first().focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    const line = dialog.getByRole('row', { name: /^Account operations at a time/ })
    await line.waitFor()
    expect(await axe(page)).toEqual([])
    await line.getByRole('button').focus()
    await page.keyboard.press('Enter')
    await dialog.getByLabel('New value').fill('11')
    await dialog.getByLabel('Reason').fill('AWS case 4711')
    await page.keyboard.press('Enter')
    await dialog.getByText('Enter a whole number from 1 to 10').waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByLabel('New value').fill('7')
    await page.keyboard.press('Enter')
    await toast('The quota was saved').waitFor()
    await dialog.getByText(/since .*: AWS case 4711/).waitFor()
    await screenshot(page, 'quotas-en')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    const japanese = await (await world.browser.person({ language: 'ja' })).newPage()
    await signIn(japanese, world.product.url, 'operator', 'ja')
    await japanese.goto(`${world.product.url}/queue`)
    await settled(japanese)
    await japanese.getByRole('button', { name: 'クォータ' }).first().click()
    await japanese.getByText('AWS case 4711').waitFor()
    await screenshot(japanese, 'quotas-ja')
    await japanese.close()
    expect(errors).toEqual([])
  })
})

describe('accounts that nobody applied for', () => {
  test('are loaded, found by the sweep, and adopted', async () => {
    const errors = watchErrors(page)
    await open('/sandbox')
    await page.getByLabel('How many').fill('3')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await toast('The accounts were added').waitFor()

    await open('/aws-organizations')
    await page.getByRole('button', { name: 'Sweep now' }).first().click()
    await toast('accounts compared').waitFor()

    await open('/drift')
    const drift = page.getByRole('table', { name: 'Drift' })
    await drift.getByText('Account that is not in the register').first().waitFor()
    await screenshot(page, 'drift-en')
    expect(await axe(page)).toEqual([])
    const before = await drift.getByRole('row').count()

    await drift.getByRole('button', { name: 'Adopt into the register' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Adopt into the register' })
    await dialog.getByRole('button', { name: 'Do it' }).click()
    await dialog.getByText('Choose an organisation').waitFor()
    await dialog.getByRole('combobox', { name: /Organisation that it belongs to/ }).fill('鯖江')
    await page.getByRole('option', { name: /Sabae/ }).click()
    await dialog.getByRole('button', { name: /Environment/ }).click()
    await page.getByRole('option', { name: 'Production' }).click()
    await dialog.getByLabel('Reason').fill('Taken over from the old estate')
    expect(await axe(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Do it' }).click()
    await toast('The action was accepted').waitFor()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => drift.getByRole('row').count()).toBe(before - 1)

    await open('/accounts')
    const accounts = page.getByRole('table', { name: 'AWS accounts' })
    await accounts.getByText(/Sabae/).waitFor()
    await accounts.getByRole('link').first().click()
    await page.getByText('Adopted').waitFor()
    expect(await axe(page)).toEqual([])
    await screenshot(page, 'account-en')
    expect(errors).toEqual([])
  })
})

describe('ten thousand accounts', () => {
  test('are filtered and sorted, while the document holds only the rows that are seen', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => accountRow(index))
    await page.route('**/api/accounts?*', (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
      const next = from + 1000
      const body = {
        items: rows.slice(from, next),
        nextCursor: next < rows.length ? String(next) : null,
        total: rows.length,
      }
      return route.fulfill({ json: body })
    })
    await open('/accounts')
    await page.getByText('10,000 rows').waitFor()
    const table = page.getByRole('table', { name: 'AWS accounts' })
    expect(await table.getByRole('row').count()).toBeLessThan(100)
    expect(await table.getAttribute('aria-rowcount')).toBe('10001')
    await screenshot(page, 'accounts-10000-en')

    await page.getByLabel('Filter').fill('account-9999')
    await page.getByText('1 of 10,000 rows').waitFor()
    await table.getByRole('link', { name: 'account-9999' }).waitFor()

    await page.getByLabel('Filter').fill('')
    await page.getByText('10,000 rows').waitFor()
    await page.getByRole('button', { name: /Account name/ }).click()
    await page.getByRole('button', { name: /Account name/ }).click()
    await table.getByRole('link', { name: 'account-9999' }).waitFor()
    await page.unroute('**/api/accounts?*')
  })
})

function accountRow(index: number) {
  return {
    id: `acc_${index}`,
    accountId: String(100_000_000_000 + index),
    name: `account-${index}`,
    email: `aws+${index}@example.lg.jp`,
    status: 'active',
    awsState: 'ACTIVE',
    environment: 'production',
    organisationId: 'org_1',
    organisationCode: '182079',
    organisationName: { ja: '鯖江市', en: 'Sabae' },
    systemCode: 'juki',
    systemName: { ja: '住民記録システム', en: 'Resident records' },
    awsOrganizationId: 'aws_government_cloud',
    ouId: 'ou-ab12-cdefghij',
    ouName: 'Production',
    origin: 'vended',
    openDrift: 0,
    createdAt: '2026-04-01T00:00:00.000Z',
    readyAt: '2026-04-01T00:30:00.000Z',
    closedAt: null,
  }
}

test('the ledger shows what was done, and proves itself sound', async () => {
  await open('/ledger')
  await page.getByRole('button', { name: 'Verify the ledger' }).click()
  await page.getByText('The ledger is sound').waitFor()
  await screenshot(page, 'ledger-verified-en')
  expect(await axe(page)).toEqual([])
  const table = page.getByRole('table', { name: 'Audit ledger' })
  await table
    .getByRole('button', { name: /drift\./ })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: 'Ledger entry' })
  await dialog.getByText('Root hash').waitFor()
  await screenshot(page, 'ledger-entry-en')
  expect(await axe(page)).toEqual([])
})

test('the proof of an entry that is not in the tree yet appears by itself', async () => {
  let asked = 0
  await page.route('**/api/ledger?*', async (route) => {
    const reply = await route.fetch()
    const list = await reply.json()
    await route.fulfill({
      response: reply,
      json: { ...list, items: list.items.map((item: object) => ({ ...item, leafIndex: null })) },
    })
  })
  await page.route('**/api/ledger/*/proof', async (route) => {
    asked += 1
    if (asked > 1) await route.continue()
    else await route.fulfill({ status: 404, json: { error: { kind: 'not_found', message: 'not yet' } } })
  })
  await open('/ledger')
  await page
    .getByRole('table', { name: 'Audit ledger' })
    .getByRole('button', { name: /drift\./ })
    .first()
    .click()
  const dialog = page.getByRole('dialog', { name: 'Ledger entry' })
  await dialog.getByText('not in the tree yet').waitFor()
  await dialog.getByText('Root hash').waitFor()
  expect(asked).toBe(2)
  await page.unroute('**/api/ledger/*/proof')
  await page.unroute('**/api/ledger?*')
})
