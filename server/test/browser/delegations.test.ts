import { describe, expect, onTestFailed, test } from 'vitest'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { axe, overflow, screenshot, watchErrors } from './browser.ts'
import { settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld()

const today = dayInJapan(new Date())
const CASES = [
  {
    person: 'operator',
    language: 'ja',
    width: 1280,
    colleague: '橋本 つばさ',
    absent: '監物 しずく',
    stage: '中央の承認',
  },
  {
    person: 'owner',
    language: 'en',
    width: 320,
    colleague: '眼鏡 すすむ',
    absent: '算盤 はじめ',
    stage: 'Approvals of the organisation',
  },
] as const
const WORDS = {
  to: { ja: '任せる人', en: 'Hand over to' },
  lastDay: { ja: '終了日', en: 'Last day' },
  reason: { ja: '理由', en: 'Reason' },
  handOver: { ja: '任せる', en: 'Hand over' },
  choose: { ja: '任せる人を選んでください', en: 'Choose who stands in' },
  reversed: { ja: '最後の日は最初の日以後にしてください', en: 'The last day is before the first' },
  tooLong: { ja: '期間が長すぎます。短くしてください', en: 'The time is too long: give a shorter one' },
  takeBack: { ja: '取り消す', en: 'Take back' },
  takenBack: { ja: '取り消し済み', en: 'Taken back' },
} as const

describe.each(CASES)('the $person hands approvals over ($language, $width px)', (one) => {
  test('to a colleague who may decide, for some days, and takes them back', async () => {
    const { person, language, width, colleague } = one
    const word = (key: keyof typeof WORDS) => WORDS[key][language]
    const page = await (await world.browser.person({ language, width })).newPage()
    onTestFailed(() => screenshot(page, `delegation-99-failed-${person}`))
    const errors = watchErrors(page)
    await signIn(page, world.product.url, person, language)
    await page.goto(`${world.product.url}/approvals`)
    await settled(page)
    const submit = page.getByRole('button', { name: word('handOver'), exact: true })
    await submit.click()
    await page.getByText(word('choose')).waitFor()
    await screenshot(page, `delegation-wrong-${person}-${language}`)
    expect(await axe(page)).toEqual([])
    expect(await overflow(page)).toBe(0)

    await page.getByRole('button', { name: word('to') }).click()
    // Neither the auditor nor a reader of bills can decide for somebody.
    expect(await page.getByRole('option', { name: one.absent }).count()).toBe(0)
    await page.getByRole('option', { name: colleague }).click()
    const last = page.getByLabel(word('lastDay'))
    await last.fill(addDays(today, -1))
    await page.getByText(word('reversed')).waitFor()
    await page.getByLabel(word('reason')).fill('Holiday')
    await last.fill(addDays(today, 400))
    await submit.click()
    await page.getByText(word('tooLong')).waitFor()
    await last.fill(addDays(today, 5))
    await submit.click()
    const item = page.getByRole('listitem').filter({ hasText: `→ ${colleague}` })
    await item.getByText(one.stage).waitFor()
    await screenshot(page, `delegation-${person}-${language}`)
    await item.getByRole('button', { name: word('takeBack') }).click()
    await item.getByText(word('takenBack')).waitFor()
    expect(errors.filter((error) => !/status of 422/.test(error))).toEqual([])
    await page.context().close()
  })
})
