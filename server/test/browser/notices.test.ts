import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AttentionItem } from '../../src/domain/organisations/view.ts'
import { type SmtpServer, startSmtp } from '../mail/smtp-server.ts'
import { axe, type Language, overflow, screenshot, watchErrors } from './browser.ts'
import { settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

let smtp: SmtpServer
beforeAll(async () => {
  smtp = await startSmtp()
  smtp.behave('busy')
})
const world = browserWorld(() => ({
  RANKAN_SMTP_URL: smtp.url,
  RANKAN_MAIL_FROM: 'rankan@cloud.example.go.jp',
}))
afterAll(() => smtp.close())

const WORDS = {
  attention: { ja: '要対応の組織', en: 'Needs attention' },
  renew: { ja: '例外を更新', en: 'Renew the exception' },
} as const satisfies Record<string, Record<Language, string>>

/** The worker looks for what needs attention when it starts, and mails what it found some seconds later. */
const TOLD_WITHIN_MS = 90_000

const EXPIRED: AttentionItem = {
  kind: 'exception_expired',
  key: 'exception_expired|app_demo|placement_portable',
  organisation: null,
  subject: 'app_demo',
  since: '2026-04-01',
  severity: 'high',
  words: {
    ja: '配置ルール「placement_portable」の例外が 2026-04-01 に期限切れになりました',
    en: 'The exception from the rule `placement_portable` expired on 2026-04-01',
  },
  ownerToldAt: '2026-04-01T00:00:00.000Z',
  centreToldAt: '2026-04-15T00:00:00.000Z',
}

const VIEWS = [
  { language: 'ja', width: 1280 },
  { language: 'en', width: 320 },
] as const

describe.each(VIEWS)('what people are told of, in $language at $width px', ({ language, width }) => {
  const open = async (): Promise<{ page: Page; errors: readonly string[] }> => {
    const page = await (await world.browser.person({ language, width })).newPage()
    const errors = watchErrors(page)
    await signIn(page, world.product.url, 'operator', language)
    return { page, errors }
  }
  const look = async (page: Page, name: string) => {
    await screenshot(page, `notices-${name}-${language}-${width}`)
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
  }

  test('home shows what was escalated to the centre', async () => {
    const { page, errors } = await open()
    const heading = page.getByRole('heading', { name: WORDS.attention[language] })
    const section = page.locator('section').filter({ has: heading })
    await expect
      .poll(async () => section.getByRole('listitem').count(), { timeout: TOLD_WITHIN_MS })
      .toBeGreaterThan(0)
    await look(page, 'home')
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('the mails that wait stand in a table with their reason, and none by its code', async () => {
    const { page, errors } = await open()
    await page.goto(`${world.product.url}/notifications`)
    await settled(page)
    const table = page.getByRole('table')
    await table.getByText('451').first().waitFor({ timeout: TOLD_WITHIN_MS })
    expect(await table.getByText(/escalation\./).count()).toBe(0)
    await look(page, 'mails')
    expect(errors).toEqual([])
    await page.context().close()
  })

  test('an expired exception is renewed in a dialog that asks for day and reason', async () => {
    const { page } = await open()
    await page.route('**/api/organisations/attention', async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as { items: AttentionItem[] }
      await route.fulfill({ response: answer, json: { ...body, items: [EXPIRED, ...body.items] } })
    })
    await page.goto(`${world.product.url}/organisations/attention`)
    await settled(page)
    await page.getByRole('button', { name: WORDS.renew[language] }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await look(page, 'renewal')
    await dialog.getByRole('button').last().click()
    await look(page, 'renewal-wrong')
    await page.context().close()
  })
})
