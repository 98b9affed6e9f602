import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe, overflow, screenshot, startBrowser, type TestBrowser, watchErrors } from '../browser/browser.ts'
import { settled, signIn } from '../browser/people.ts'
import { type Product, startProduct } from '../support/product.ts'

const LIST = [
  'pid,pref,cid,city,citykana,predecessors',
  '18,福井県,18207,新鯖江市,しんさばえし,',
  '18,福井県,18299,山海市,さんかいし,18382 18404',
].join('\n')

describe('the register in the portal', () => {
  let product: Product
  let browser: TestBrowser
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), startBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    await product?.remove()
  })

  it.each(['ja', 'en'] as const)('is searched, opened and asked for a past day (%s)', async (language) => {
    const person = await browser.person({ language })
    const page = await person.newPage()
    const errors = watchErrors(page)
    await signIn(page, product.url, 'owner', language)
    await page.goto(`${product.url}/organisations`)
    await page.getByRole('searchbox').fill('なかがわ')
    await page.getByRole('link', { name: language === 'ja' ? '那珂川市' : 'Nakagawa-shi' }).waitFor()
    await settled(page)
    await screenshot(page, `organisations-search-${language}`)
    expect(await axe(page)).toEqual([])
    await page.getByRole('link', { name: language === 'ja' ? '那珂川市' : 'Nakagawa-shi' }).click()
    await page.getByText('403059').waitFor()
    await screenshot(page, `organisation-history-${language}`)
    expect(await axe(page)).toEqual([])
    await page.goto(`${page.url().split('?')[0]}?on=2018-09-30`)
    await page
      .getByRole('heading', { level: 1, name: language === 'ja' ? '那珂川町' : 'Nakagawa-machi' })
      .waitFor()
    expect(errors).toEqual([])
    await person.close()
  })

  it('opens the tree by keyboard, down to the wards', async () => {
    const person = await browser.person({ language: 'ja' })
    const page = await person.newPage()
    await signIn(page, product.url, 'owner', 'ja')
    await page.goto(`${product.url}/organisations`)
    const shizuoka = page.getByRole('button', { name: '静岡県 に属する組織を開く' })
    await shizuoka.focus()
    await page.keyboard.press('Enter')
    const hamamatsu = page.getByRole('button', { name: '浜松市 に属する組織を開く' })
    await hamamatsu.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: '浜松市浜名区' }).waitFor()
    await screenshot(page, 'organisations-tree-ja')
    await person.close()
  })

  it('imports a list: file, plan, decision, apply', async () => {
    const person = await browser.person({ language: 'ja' })
    const page = await person.newPage()
    const errors = watchErrors(page)
    await signIn(page, product.url, 'operator', 'ja')
    await page.goto(`${product.url}/organisations/imports`)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'list-2026-10-01.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) })
    await page.getByRole('button', { name: '計画を作る' }).waitFor()
    await screenshot(page, 'organisations-import-ja')
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: '計画を作る' }).click()
    await page.getByText('名称変更').first().waitFor()
    await settled(page)
    await screenshot(page, 'organisations-plan-ja')
    expect(await axe(page)).toEqual([])
    // A list of two leaves out all the others: the plan waits for a person.
    expect(await page.getByRole('button', { name: 'この計画を反映する' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: '一覧にない 42 件をそのまま残す' }).click()
    await page.getByRole('button', { name: 'この計画を反映する' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'この計画を反映する' }).click()
    await page.getByText('反映済み').waitFor()
    await screenshot(page, 'organisations-applied-ja')
    await page.goto(`${product.url}/organisations?text=${encodeURIComponent('山海市')}`)
    await page.getByRole('link', { name: '山海市' }).click()
    await page.getByText('2026-10-01 に 池田町 を引き継ぎ').waitFor()
    expect(errors).toEqual([])
    await person.close()
  })

  it('an owner registers a person with a role, and ends the role', async () => {
    const person = await browser.person({ language: 'en' })
    const page = await person.newPage()
    await signIn(page, product.url, 'owner', 'en')
    await page.goto(`${product.url}/organisations?text=182079`)
    await page.getByRole('link', { name: 'Sabae-shi' }).click()
    await page.getByRole('tab', { name: 'People' }).click()
    await page.getByRole('button', { name: 'Register a person' }).click()
    const dialog = page.getByRole('dialog', { name: 'Register a person' })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Use Latin letters.').first().waitFor()
    await dialog.getByLabel('Name', { exact: false }).first().fill('新任 花')
    await dialog.getByLabel('Family name').fill('Shinnin')
    await dialog.getByLabel('Given name').fill('Hana')
    await dialog.getByLabel('E-mail').fill('hana@example.jp')
    await dialog.getByLabel('User name').fill('hana.shinnin')
    expect(await axe(page)).toEqual([])
    await screenshot(page, 'organisation-person-en')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Hana Shinnin' })
    await row.getByText('Project office').waitFor()
    await row.getByRole('button', { name: 'End role' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End role' }).click()
    await row.getByText('Project office').waitFor({ state: 'detached' })
    await person.close()
  })

  it('shows what needs attention, also on a narrow screen', async () => {
    const person = await browser.person({ language: 'ja', width: 380, height: 800 })
    const page = await person.newPage()
    await signIn(page, product.url, 'operator', 'ja')
    await page.goto(`${product.url}/organisations/attention`)
    await page.getByText('米子市').first().waitFor()
    await settled(page)
    await screenshot(page, 'organisations-attention-narrow-ja')
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
    await page.goto(`${product.url}/organisations/profiles`)
    await page.getByText('localgovjp', { exact: true }).waitFor()
    await page.getByRole('button', { name: '新しいプロファイル' }).click()
    await screenshot(page, 'organisations-profiles-narrow-ja')
    expect(await axe(page)).toEqual([])
    await person.close()
  })
})
