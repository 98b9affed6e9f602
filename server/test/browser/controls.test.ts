import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFailed, test } from 'vitest'
import { axe, type Language, overflow, screenshot, watchErrors } from './browser.ts'
import { tabTo } from './hands.ts'
import { lastWords } from './logs.ts'
import { menuPaths, type Person, settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

/** The product and the browser share two cores with whatever else runs; workers read AWS and change it. */
const LONG_MS = 420_000
const world = browserWorld()

interface Visit {
  readonly page: Page
  open(path: string): Promise<void>
  /** A picture, and nothing that axe or the width of the screen has to say against it. */
  look(name: string): Promise<void>
  leave(): Promise<void>
}

async function visit(person: Person, language: Language, width = 1280): Promise<Visit> {
  const page = await (await world.browser.person({ language, width })).newPage()
  const errors = watchErrors(page)
  onTestFailed(async () => {
    await screenshot(page, `controls-99-failed-${person}-${language}`)
    console.error(await lastWords(world.product))
  })
  await signIn(page, world.product.url, person, language)
  return {
    page,
    open: async (path) => {
      await page.goto(world.product.url + path)
      await settled(page)
    },
    look: async (name) => {
      await screenshot(page, `controls-${name}-${language}${width === 1280 ? '' : `-${width}`}`)
      expect([name, await axe(page), await overflow(page)]).toEqual([name, [], 0])
    },
    leave: async () => {
      expect(errors).toEqual([])
      await page.context().close()
    },
  }
}

describe('a control', { timeout: LONG_MS }, () => {
  test('is found, shows its forms, and runs its cases in the page, by keyboard too', async () => {
    const { page, open, look, leave } = await visit('operator', 'ja')
    await open('/controls')
    await page.getByRole('searchbox', { name: '絞り込み' }).fill('EBS 暗号化')
    await page.getByRole('link', { name: 'EBS ボリュームの暗号化' }).click()
    await page.getByRole('heading', { level: 1, name: 'EBS ボリュームの暗号化' }).waitFor()
    await settled(page)
    for (const type of ['予防的', '事前', '発見的', '是正'])
      await page.getByRole('region', { name: type, exact: true }).waitFor()
    await page.getByRole('region', { name: 'scp.json の内容' }).getByText('ec2:CreateVolume').waitFor()
    await page.getByText('Rankan はこの統制を適用していません').first().waitFor()

    await tabTo(page, page.getByRole('button', { name: '確認例を実行' }))
    await page.keyboard.press('Enter')
    await page.getByText(/件すべて期待どおりです/).waitFor()
    await look('cases')

    await page.getByText('入力を変えて試す: 暗号化 / encrypted').first().click()
    const input = page.getByRole('textbox', { name: '入力(JSON): 暗号化 / encrypted' })
    await input.fill((await input.inputValue()).replace('true', 'false'))
    await page.getByRole('button', { name: 'この入力で判定' }).click()
    await page.getByText('Encrypted を true にしてください').first().waitFor()
    await input.fill('{ "Resources": ')
    await page.getByRole('button', { name: 'この入力で判定' }).click()
    await page.getByText('JSON として読めません').waitFor()
    await look('try')
    await leave()
  })

  test('follows its parameters', async () => {
    const { page, open, leave } = await visit('auditor', 'en')
    await open('/controls/allowed-regions')
    await page.getByRole('textbox', { name: /allowedRegions/ }).fill('eu-central-1')
    const document = page.getByRole('region', { name: 'Contents of scp.json' })
    await document.getByText('eu-central-1').waitFor()
    expect(await document.getByText('ap-northeast-1').count()).toBe(0)
    await page.getByRole('button', { name: 'Run the cases' }).click()
    // The cases speak of Tokyo, which is not allowed any more.
    await page.getByText('Not as expected').first().waitFor()
    await page.getByRole('button', { name: 'Back to the defaults' }).click()
    await document.getByText('ap-northeast-1').waitFor()
    await leave()
  })

  test('is open to a tenant on a narrow screen, with its guidance, and what the centre does is not', async () => {
    const { page, open, look, leave } = await visit('owner', 'en', 320)
    await page.getByRole('button', { name: 'Menu' }).click()
    const paths = await menuPaths(page, 'en')
    expect(paths).toContain('/controls')
    expect(paths).not.toContain('/control-plans')
    await open('/controls/no-access-keys')
    await page.getByText('When this control stops you, do this instead.').waitFor()
    await page.getByText('There is no place to show').waitFor()
    expect(await page.getByText('Applied by Rankan to').count()).toBe(0)
    await look('tenant')
    await leave()
  })
})

describe('a framework', { timeout: LONG_MS }, () => {
  test('shows its gaps first, leads to controls, and gives map and table', async () => {
    const { page, open, look, leave } = await visit('operator', 'en')
    await open('/frameworks')
    await page.getByText(/of 106 elements have a control/).waitFor()
    await page.getByText('PR Protect').last().click()
    const protect = page.getByRole('table', { name: 'PR', exact: true })
    await protect.waitFor()
    await look('framework')

    const svg = await fileOf(page, 'Map (SVG)')
    expect([svg.startsWith('<svg'), svg.trimEnd().endsWith('</svg>')]).toEqual([true, true])
    const rows = (await fileOf(page, 'Table (CSV)')).split('\r\n')
    expect(rows[0]).toContain('section,group,element')
    expect(rows[1]).toMatch(/,yes,,,$/)

    await protect.getByRole('link', { name: /preventive controls? of PR\.DS-01$/ }).click()
    await page.getByText('Only controls that serve PR.DS-01 of nist-csf-2.0').waitFor()
    await page.getByRole('link', { name: 'EBS volumes are encrypted' }).waitFor()
    await leave()
  })
})

async function fileOf(page: Page, name: string): Promise<string> {
  const waiting = page.waitForEvent('download')
  await page.getByRole('link', { name }).click()
  return readFile(await (await waiting).path(), 'utf8')
}

describe('a control set', { timeout: LONG_MS }, () => {
  test('is planned, read and applied with a reason', async () => {
    const { page, open, look, leave } = await visit('operator', 'ja')
    await open('/control-plans')
    await page.getByText('まだ計画がありません').waitFor()
    await look('plans')
    await page.getByRole('button', { name: /コントロールセット/ }).click()
    await page.getByRole('option', { name: 'ガバメントクラウドの基本統制' }).click()
    await page.getByRole('button', { name: '計画を作る', exact: true }).click()
    await page.waitForURL(/\/control-plans\/cpl_/)
    await page.getByText('適用できます').waitFor({ timeout: LONG_MS })
    await page.getByText('文と統制の対応').first().click()
    await look('plan')

    await page.getByRole('button', { name: '適用する' }).click()
    const dialog = page.getByRole('dialog', { name: 'この計画を適用しますか?' })
    await dialog.getByRole('button', { name: '適用する' }).click()
    await dialog.getByText('理由を 5 文字以上で入力してください').waitFor()
    await look('apply-reason')
    await dialog.getByLabel(/^理由/).fill('画面の試験のため')
    await dialog.getByRole('button', { name: '適用する' }).click()
    await page.waitForURL(/\/control-applies\/cap_/)
    await page.getByText('画面の試験のため').waitFor()
    await page
      .getByRole('status')
      .filter({ hasText: /^✓?\s*完了/ })
      .waitFor({ timeout: LONG_MS })
    await look('apply')

    await open('/controls/no-access-keys')
    await page.getByRole('link', { name: /government-baseline/ }).waitFor()
    await leave()
  })
})
