import type { Locator, Page } from 'playwright-core'
import { describe, expect, onTestFailed, test } from 'vitest'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { axe, type Language, overflow, screenshot, watchErrors } from './browser.ts'
import { settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld()

const WORDS = {
  systems: { ja: '情報システム', en: 'Systems' },
  contracts: { ja: '契約', en: 'Contracts' },
  contacts: { ja: '連絡先', en: 'Contacts' },
  people: { ja: '担当者', en: 'People' },
  save: { ja: '保存する', en: 'Save' },
  addSystem: { ja: '情報システムを登録', en: 'Register a system' },
  nameJa: { ja: '名称', en: 'Name (Japanese)' },
  nameEn: { ja: '名称(英語)', en: 'Name in English' },
  code: { ja: 'システムコード', en: 'System code' },
  shared: { ja: '共同利用', en: 'Shared' },
  separation: { ja: '分離方式', en: 'Separation' },
  byNetwork: { ja: 'ネットワーク分離', en: 'By network' },
  tenant: { ja: '団体', en: 'Tenant' },
  equal: { ja: '等分にする', en: 'Split equally' },
  percentOf1: { ja: '団体 1 の割合(%)', en: 'Share of tenant 1 (%)' },
  percentOf2: { ja: '団体 2 の割合(%)', en: 'Share of tenant 2 (%)' },
  notWhole: { ja: 'ちょうど 100 %', en: 'exactly 100 %' },
  codeTaken: { ja: 'このシステムコードは使われています', en: 'This system code is taken' },
  changeShares: { ja: '負担割合を変更', en: 'Change shares' },
  changeSystem: { ja: '名称・業務区分を変更', en: 'Change name or area' },
  from: { ja: '開始日', en: 'From' },
  tooEarly: { ja: '現在の名称の開始日より前です', en: 'The present name began after this day' },
  endSystem: { ja: '情報システムを終了', en: 'End the system' },
  addContract: { ja: '契約を登録', en: 'Register a contract' },
  number: { ja: '契約番号', en: 'Contract number' },
  company: { ja: '受託者', en: 'Company' },
  to: { ja: '終了日(この日から無効)', en: 'Ends (no longer valid on)' },
  afterStart: { ja: '開始日より後の日にしてください', en: 'Choose a day after the beginning' },
  endContract: { ja: '契約を終了', en: 'End the contract' },
  companyRole: { ja: '受託者の担当者に役割を付与', en: 'Give a role to a person of a company' },
  userName: { ja: '利用者名', en: 'User name' },
  nobody: { ja: 'その利用者名の人はいません', en: 'nobody of that user name' },
  operatorCompany: { ja: '運用管理補助者', en: 'Operator company' },
  endContact: { ja: '連絡先を終了', en: 'End the contact' },
  correct: { ja: '訂正', en: 'Put right' },
  giveRole: { ja: '役割を付与', en: 'Give a role' },
} as const satisfies Record<string, Record<Language, string>>

const today = dayInJapan(new Date())

// Each works in an organisation of its own: what one ends, the other would miss.
const CASES = [
  { language: 'ja', width: 1280, person: 'owner', organisation: '182079', code: 'forms-ja' },
  { language: 'en', width: 320, person: 'operator', organisation: '312011', code: 'forms-en' },
] as const

describe.each(CASES)('the forms of the register in $language at $width px', (one) => {
  const { language, width, person, organisation, code } = one
  const word = (key: keyof typeof WORDS) => WORDS[key][language]

  test('register, change and end what belongs to an organisation', { timeout: 300_000 }, async () => {
    const page = await (await world.browser.person({ language, width })).newPage()
    onTestFailed(() => screenshot(page, `forms-99-failed-${language}`))
    const errors = watchErrors(page)
    const dialog = page.getByRole('dialog')
    const look = async (name: string) => {
      await screenshot(page, `forms-${name}-${language}`)
      expect(await axe(page), name).toEqual([])
      // Behind a dialog the page cannot be scrolled; what it measures then says nothing.
      if ((await dialog.count()) === 0) expect(await overflow(page), name).toBe(0)
    }
    await signIn(page, world.product.url, person, language)
    await page.goto(`${world.product.url}/organisations?text=${organisation}`)
    await page.getByRole('link', { name: language === 'ja' ? '鯖江市' : 'Tottori-shi' }).click()
    await settled(page)
    const tab = (key: 'systems' | 'contracts' | 'contacts' | 'people') =>
      page.getByRole('tab', { name: word(key), exact: true }).click()
    const press = (name: string, within: Page | Locator = page) =>
      within.getByRole('button', { name, exact: true }).click()
    const field = (key: keyof typeof WORDS) => dialog.getByRole('textbox', { name: word(key) })
    /** The dialog went away; notices that it left lie over the foot of a narrow page until they are closed. */
    const gone = async () => {
      await dialog.waitFor({ state: 'detached' })
      const notices = page.getByRole('region', { name: /Notices|お知らせ/ }).getByRole('button')
      for (const notice of await notices.all()) await notice.click().catch(() => {})
    }

    // A system in shared use: what is missing is told at its place before anything is sent.
    await tab('systems')
    await press(word('addSystem'))
    await dialog.locator('input[type=text]').nth(0).fill('共同の試み')
    await dialog.locator('input[type=text]').nth(1).fill('A shared attempt')
    await dialog.locator('input[type=text]').nth(2).fill('juki')
    await dialog.getByRole('radio', { name: word('shared') }).check({ force: true })
    await press(word('save'), dialog)
    await dialog.getByText(word('notWhole')).waitFor()
    await look('01-system-wrong')
    await dialog.getByRole('button', { name: word('separation') }).click()
    await page.getByRole('option', { name: word('byNetwork') }).click()
    for (const [n, name, found] of [
      [1, '鯖江', language === 'ja' ? '鯖江市' : 'Sabae-shi'],
      [2, '鳥取市', language === 'ja' ? '鳥取市' : 'Tottori-shi'],
    ] as const) {
      await dialog.getByRole('combobox', { name: `${word('tenant')} ${n}` }).fill(name)
      await page.getByRole('option', { name: found, exact: true }).click()
    }
    await press(word('equal'), dialog)
    await press(word('save'), dialog)
    // The server refuses the code, which another system has, and the field says so.
    await dialog.getByText(word('codeTaken')).waitFor()
    await look('02-system-taken')
    await field('code').fill(code)
    await press(word('save'), dialog)
    await gone()
    const card = page
      .getByRole('tabpanel')
      .locator('div')
      .filter({ has: page.getByText(code, { exact: true }) })
      .filter({ has: page.getByRole('button', { name: word('endSystem') }) })
      .last()
    await card.getByText('50.00 %').first().waitFor()

    await press(word('changeShares'), card)
    await dialog.getByLabel(word('percentOf1')).fill('66.67')
    await press(word('save'), dialog)
    await dialog.getByText(word('notWhole')).waitFor()
    await dialog.getByLabel(word('percentOf2')).fill('33.33')
    await look('03-shares')
    await press(word('save'), dialog)
    await gone()
    await card.getByText('66.67 %').waitFor()

    await press(word('changeSystem'), card)
    await dialog.locator('input[type=date]').fill(addDays(today, -1))
    await press(word('save'), dialog)
    await dialog.getByText(word('tooEarly')).waitFor()
    await dialog.locator('input[type=date]').fill(today)
    await dialog.locator('input[type=text]').nth(0).fill('改めた名前')
    await dialog.locator('input[type=text]').nth(1).fill('Another name')
    await press(word('save'), dialog)
    await gone()
    await card.getByText(language === 'ja' ? '改めた名前' : 'Another name').waitFor()

    await press(word('endSystem'), card)
    await dialog.locator('input[type=date]').fill(addDays(today, 1))
    await look('04-end-system')
    await press(word('endSystem'), dialog)
    await gone()
    await look('05-systems')

    await tab('contracts')
    await press(word('addContract'))
    await dialog.locator('input[type=text]').nth(0).fill(`R8-${code}`)
    await dialog.getByRole('combobox', { name: word('company') }).fill('みなと')
    await page
      .getByRole('option', { name: language === 'ja' ? 'みなと運用サービス' : 'Minato Operations' })
      .click()
    await dialog.locator('input[type=date]').nth(1).fill(today)
    await press(word('save'), dialog)
    await dialog.getByText(word('afterStart')).waitFor()
    await look('06-contract')
    await dialog.locator('input[type=date]').nth(1).fill(addDays(today, 365))
    await press(word('save'), dialog)
    await gone()
    await page.getByText(`R8-${code}`).waitFor()

    await press(word('companyRole'))
    if (person === 'owner') {
      await dialog.getByRole('button', { name: word('contracts') }).click()
      await page.getByRole('option', { name: `R8-${code}` }).click()
    }
    await dialog.locator('input[type=text]').fill('nobody.here')
    await press(word('save'), dialog)
    await dialog.getByText(word('nobody')).waitFor()
    await look('07-company-role')
    await dialog.locator('input[type=text]').fill('wataru.minato')
    // In Sabae the person has this role under the older contract until 2029.
    await dialog.locator('input[type=date]').fill(person === 'owner' ? '2029-04-02' : today)
    await press(word('save'), dialog)
    if (person === 'owner') {
      await dialog
        .getByText(language === 'ja' ? '契約はその日より前に終わります' : 'The contract is over')
        .waitFor()
      await page.keyboard.press('Escape')
    }
    await gone()

    const contract = page
      .getByRole('tabpanel')
      .locator('div')
      .filter({ has: page.getByText(`R8-${code}`, { exact: true }) })
      .filter({ has: page.getByRole('button', { name: word('endContract') }) })
      .last()
    await press(word('endContract'), contract)
    await dialog.locator('input[type=date]').fill(addDays(today, 30))
    await look('08-end-contract')
    await press(word('endContract'), dialog)
    await gone()
    await contract.getByText(addDays(today, 30)).waitFor()
    await look('09-contracts')

    await tab('contacts')
    await page
      .getByRole('button', { name: word('endContact') })
      .first()
      .click()
    await look('10-end-contact')
    await dialog.locator('input[type=date]').fill('2020-01-01')
    await press(word('endContact'), dialog)
    await dialog.getByText(word('afterStart')).waitFor()
    await page.keyboard.press('Escape')
    await gone()

    await tab('people')
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('button', { name: word('correct') }) })
      .first()
    await row.getByRole('button', { name: word('correct') }).click()
    await dialog.locator('input[type=text]').nth(1).fill('漢字')
    await press(word('save'), dialog)
    await dialog.getByText(language === 'ja' ? 'ローマ字で入力してください' : 'Use Latin letters').waitFor()
    await look('11-person')
    await page.keyboard.press('Escape')
    await gone()
    await row.getByRole('button', { name: word('giveRole') }).click()
    await look('12-role')
    await page.keyboard.press('Escape')
    await gone()
    await look('13-people')
    // Refusals of the server are answers, and the browser's console notes them; nothing else went wrong.
    expect(errors.filter((error) => !/status of (404|409|422)/.test(error))).toEqual([])
    await page.context().close()
  })
})
