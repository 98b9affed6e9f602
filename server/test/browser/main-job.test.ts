import type { Page } from 'playwright-core'
import { describe, expect, onTestFailed, test } from 'vitest'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { apply } from './apply.ts'
import { axe, type Language, overflow, screenshot, watchErrors, watchRequests } from './browser.ts'
import { lastWords } from './logs.ts'
import { type Person, settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld(() => ({ RANKAN_TIME_SCALE: '600' }))

const WORDS = {
  newApplication: { ja: '利用申請を始める', en: 'Start an application' },
  wizard: { ja: '利用申請', en: 'Application' },
  approve: { ja: '承認', en: 'Approve' },
  approveIt: { ja: '承認する', en: 'Approve' },
  forOrganisation: { ja: '組織の承認待ち', en: 'Waits for the organisation' },
  forCentre: { ja: '中央の承認待ち', en: 'Waits for the centre' },
  ready: { ja: '利用可能', en: 'Ready' },
  accounts: { ja: 'AWS アカウント', en: 'AWS accounts' },
  active: { ja: '利用中', en: 'Active' },
} as const satisfies Record<string, Record<Language, string>>

const CASES = [
  { language: 'ja', width: 1280, systemCode: 'juki-b1', systemName: '住民記録システム(新)' },
  { language: 'en', width: 320, systemCode: 'juki-b2', systemName: 'New resident records' },
] as const

/** Vending takes AWS half an hour; at the speed of this run, seconds. The rest is the machine, with everything on it. */
const VENDED_WITHIN_MS = 150_000

describe.each(CASES)(
  'the main job in $language on $width px',
  ({ language, width, systemCode, systemName }) => {
    const shot = (page: Page, name: string) => screenshot(page, `main-${language}-${name}`)

    const opened = new Map<Page, () => readonly string[]>()
    const personAt = async (person: Person): Promise<Page> => {
      const page = await (await world.browser.person({ language, width })).newPage()
      opened.set(page, watchRequests(page))
      await signIn(page, world.product.url, person, language)
      return page
    }

    test('apply, approve as two other people, watch, and use the accounts', {
      timeout: 420_000,
    }, async () => {
      onTestFailed(async () => {
        console.error(await lastWords(world.product))
        for (const [page, waiting] of opened) {
          if (page.isClosed()) continue
          console.error(page.url(), waiting())
          await shot(page, `99-failed-${opened.size}`)
        }
      })
      const applicant = await personAt('pjmo')
      const errors = watchErrors(applicant)
      await shot(applicant, '01-home')
      await applicant.getByRole('link', { name: WORDS.newApplication[language] }).click()
      await applicant.getByRole('heading', { level: 1, name: WORDS.wizard[language] }).waitFor()
      await settled(applicant)
      const start = addDays(dayInJapan(new Date()), 14)
      const fiscalYear = Number(start.slice(0, 4)) - (Number(start.slice(5, 7)) < 4 ? 1 : 0)
      await apply(applicant, language, { systemCode, systemName, start, fiscalYear }, async (step) => {
        // The picture first: it resizes the window for a moment, and a click that comes just then may miss its button.
        await shot(applicant, `02-${step}`)
        expect(await axe(applicant), step).toEqual([])
        expect(await overflow(applicant), step).toBe(0)
      })
      await applicant.waitForURL(/\/applications\/app_/)
      const address = applicant.url()
      await stateOf(applicant, WORDS.forOrganisation[language])
      await shot(applicant, '03-submitted')

      await decide('owner', address)
      await stateOf(applicant, WORDS.forCentre[language])
      await shot(applicant, '04-accepted')
      await decide('operator', address)

      // The applicant's page was not loaded again: what it shows now came by server-sent events.
      await stateOf(applicant, WORDS.ready[language], VENDED_WITHIN_MS)
      await shot(applicant, '05-ready')
      expect(await axe(applicant)).toEqual([])
      expect(await overflow(applicant)).toBe(0)

      await applicant.goto(`${world.product.url}/accounts`)
      await settled(applicant)
      const table = applicant.getByRole('table', { name: WORDS.accounts[language] })
      const mine = table.getByRole('row').filter({ hasText: systemCode })
      await expect.poll(() => mine.count(), { timeout: 60_000 }).toBe(2)
      for (const row of await mine.all()) expect(await row.textContent()).toContain(WORDS.active[language])
      await shot(applicant, '06-accounts')
      await mine.first().getByRole('link').click()
      await applicant.getByText(`${systemCode}`).first().waitFor()
      await settled(applicant)
      expect(await axe(applicant)).toEqual([])
      await shot(applicant, '07-account')
      expect(errors).toEqual([])
      await applicant.context().close()
    })

    /** A person other than the applicant opens the application and approves it. */
    async function decide(person: Person, address: string): Promise<void> {
      const page = await personAt(person)
      const errors = watchErrors(page)
      await page.goto(address)
      await page.getByRole('button', { name: WORDS.approve[language], exact: true }).click()
      const dialog = page.getByRole('dialog')
      await shot(page, `04-approve-${person}`)
      expect(await axe(page)).toEqual([])
      await dialog.getByRole('button', { name: WORDS.approveIt[language], exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      expect(errors).toEqual([])
      await page.context().close()
    }

    const stateOf = (page: Page, text: string, timeout?: number) =>
      page
        .getByTestId('state')
        .filter({ hasText: text })
        .waitFor(timeout === undefined ? {} : { timeout })
  },
)
