import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import {
  axe,
  type Language,
  overflow,
  screenshot,
  startBrowser,
  type TestBrowser,
  watchErrors,
} from '../browser/browser.ts'
import { type Person, settled, signIn } from '../browser/people.ts'
import { type Product, startProduct } from '../support/product.ts'

/** A product that runs already may be named, to try a change of the portal quickly. */
const RUNNING = process.env.RANKAN_TEST_URL
let product: Product | null = null
let browser: TestBrowser
let url = RUNNING ?? ''

beforeAll(async () => {
  browser = await startBrowser()
  if (RUNNING !== undefined) return
  product = await startProduct()
  url = product.url
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
  await product?.remove()
})

const start = addDays(dayInJapan(new Date()), 20)
const fiscalYear = Number(start.slice(0, 4)) - (Number(start.slice(5, 7)) < 4 ? 1 : 0)
const system = `e2e${Date.now().toString(36)}`

async function as(person: Person, language: Language, width = 1280): Promise<Page> {
  const context = await browser.person({ language, width })
  const page = await context.newPage()
  await signIn(page, url, person, language)
  return page
}

const fill = (scope: Page | Locator, label: string | RegExp, value: string) =>
  scope.getByLabel(label).first().fill(value)
const tick = async (page: Page, label: string | RegExp) => page.getByText(label).first().click()
const next = async (page: Page, heading: string) => {
  await page.getByRole('button', { name: '次へ', exact: true }).click()
  await page.getByRole('heading', { level: 2, name: heading, exact: true }).waitFor()
}

/** What a page has against it: axe, and anything wider than the screen. */
async function faults(page: Page, name: string): Promise<readonly string[]> {
  // React Aria tells screen readers of a pending button through an element of its own that outlives the button by seconds.
  const announcement = page.locator('[data-live-announcer] [role=img]')
  while ((await announcement.count()) > 0) await page.waitForTimeout(200)
  await screenshot(page, `applications-${name}`)
  const wide = await overflow(page)
  return [...(await axe(page)), ...(wide > 0 ? [`${wide} px wider than the screen`] : [])]
}

async function fillPerson(group: Locator, last: string, first: string, user: string) {
  await group.getByLabel('姓').last().fill(last)
  await group
    .getByLabel(/^名(?!前)/)
    .last()
    .fill(first)
  await group.getByLabel('メールアドレス').last().fill(`${user}@city.example.lg.jp`)
}

describe('the main job in the browser', () => {
  let id = ''

  test('a project office applies, step by step, and saves on the way', async () => {
    const page = await as('pjmo', 'ja')
    const errors = watchErrors(page)
    await page.goto(`${url}/applications/new`)
    await page.getByRole('heading', { level: 2, name: '組織とシステム' }).waitFor()
    expect(await faults(page, 'wizard-1-ja')).toEqual([])
    await fill(page, /^情報システムの名前(?!\()/, '電子申請システム')
    await fill(page, /^システムコード/, system)
    await page.getByRole('button', { name: /業務区分/ }).click()
    await page.getByRole('option', { name: 'その他' }).click()
    await next(page, '使い方')
    await tick(page, '持ち運べる作り(コンテナなど)')
    await next(page, '環境')
    await tick(page, '本番')
    await tick(page, '検証')
    await next(page, 'データとネットワーク')
    await tick(page, '機密性 2')
    await next(page, '連絡先')
    for (const [ja, en] of [
      ['セキュリティ', 'security'],
      ['運用', 'operations'],
      ['請求', 'billing'],
    ] as const) {
      await fill(page, new RegExp(`^${ja}: 窓口`), `${ja}窓口`)
      await fill(page, new RegExp(`^${ja}: 所属`), '情報政策課')
      await fill(page, new RegExp(`^${ja}: メール`), `${en}@city.example.lg.jp`)
      await fill(page, new RegExp(`^${ja}: 電話`), '03-0000-0000')
      await tick(page, `${ja}: 複数人が読む`)
    }
    await next(page, '責任者と運用会社')
    await fillPerson(page.getByRole('group', { name: 'アカウントの責任者' }), '山田', '太郎', 'taro.yamada')
    const admins = page.getByRole('group', { name: '管理者(Admin)' })
    for (const [last, first, user] of [
      ['佐藤', '花子', 'hanako.sato'],
      ['鈴木', '一郎', 'ichiro.suzuki'],
    ] as const) {
      await admins.getByRole('button', { name: '追加' }).click()
      await fillPerson(admins, last, first, user)
    }
    await next(page, '費用と期間')
    await fill(page, /^利用開始日/, start)
    await tick(page, '自団体の予算')
    await fill(page, /^支払者/, '情報政策課')
    await fill(page, /^会計年度/, String(fiscalYear))
    await fill(page, /^予算額/, '5000000')
    await fill(page, /^1 アカウントの月額上限/, '2000')
    await next(page, '確認と申請')
    expect(await page.getByText(/直す項目が 1 件あります/).count()).toBe(1)
    await tick(page, /に同意します/)
    await page.getByText(/^適合 20/).waitFor()
    expect(await faults(page, 'wizard-review-ja')).toEqual([])
    await page.getByRole('button', { name: '申請する', exact: true }).click()
    await page.getByTestId('state').getByText('組織の承認待ち').waitFor()
    id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    expect(await page.getByTestId('turn').textContent()).toContain('鯖江 責任子')
    expect(await faults(page, 'submitted-ja')).toEqual([])
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('the owner finds it in the inbox, sees the rules and approves; everybody watches it become ready', async () => {
    const applicant = await as('pjmo', 'en')
    await applicant.goto(`${url}/applications/${id}`)
    await applicant.getByTestId('state').waitFor()
    const owner = await as('owner', 'en')
    await owner.goto(`${url}/approvals`)
    const item = owner.getByRole('listitem').filter({ hasText: '電子申請システム' }).first()
    await item.getByRole('button', { name: 'Rules' }).click()
    await item.getByText(/20 hold/).waitFor()
    expect(await faults(owner, 'inbox-en')).toEqual([])
    await item.getByRole('button', { name: 'Approve', exact: true }).click()
    await owner.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click()
    await item.waitFor({ state: 'detached' })
    // The applicant's page follows by itself: nothing is reloaded here.
    await applicant.getByTestId('state').getByText('Ready').waitFor({ timeout: 150_000 })
    await applicant.getByTestId('work-production').getByText('Done').first().waitFor()
    expect(await faults(applicant, 'ready-en')).toEqual([])
    await owner.context().close()
    await applicant.context().close()
  })

  test('the same pages fit a narrow screen', async () => {
    const page = await as('pjmo', 'ja', 320)
    const found: Record<string, readonly string[]> = {}
    for (const path of [
      '/applications',
      `/applications/${id}`,
      '/applications/new',
      '/applications/batch',
      '/applications/change',
      '/approvals',
    ]) {
      await page.goto(url + path)
      await settled(page)
      const wrong = await faults(page, `narrow${path.replaceAll('/', '-').replace(id, 'one')}`)
      if (wrong.length > 0) found[path] = wrong
    }
    expect(found).toEqual({})
    await page.context().close()
  })

  test('a batch file with a mistake says the row and accepts nothing', async () => {
    const page = await as('pjmo', 'ja')
    await page.goto(`${url}/applications/batch`)
    const template = await (await page.request.get(`${url}/api/applications/template?language=ja`)).text()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'ファイルを選ぶ' }).click()
    await (await chooser).setFiles({
      name: 'batch.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(template.replace('検証', '本場')),
    })
    await page.getByText(/誤りが 1 件あります/).waitFor()
    await page.getByRole('cell', { name: '環境', exact: true }).waitFor()
    expect(await faults(page, 'batch-ja')).toEqual([])
    await page.context().close()
  })
})
