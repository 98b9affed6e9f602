import type { Locator, Page } from 'playwright-core'

/** How a person puts something into a form: the same application can be filled in by mouse or by keyboard. */
export interface Hands {
  /** Into the field with that `name`; a date as `YYYY-MM-DD`. */
  type(name: string, value: string): Promise<void>
  /** One of the radio buttons. */
  choose(label: string): Promise<void>
  /** A tick box, the nth (from 0) of that name; a text must be the whole name. */
  tick(label: string | RegExp, nth?: number): Promise<void>
  /** An option of a list that opens. */
  pick(label: string, option: string | RegExp): Promise<void>
  press(button: string): Promise<void>
}

const box = (page: Page, label: string | RegExp, nth: number): Locator =>
  page.getByRole('checkbox', { name: label, exact: typeof label === 'string' }).nth(nth)
const buttonOf = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })
const fieldOf = (page: Page, name: string): Locator => page.locator(`[name="${name}"]`)

// The native control is visually hidden behind our mark, as usual with React Aria: hence `force`.
export const mouse = (page: Page): Hands => ({
  type: (name, value) => fieldOf(page, name).fill(value),
  choose: (label) => page.getByRole('radio', { name: label }).check({ force: true }),
  tick: (label, nth = 0) => box(page, label, nth).check({ force: true }),
  pick: async (label, option) => {
    await page.getByRole('button', { name: label }).click()
    await page.getByRole('option', { name: option }).first().click()
  },
  press: (name) => buttonOf(page, name).click(),
})

/** A person would give up after so many presses. */
const AT_MOST = 120

/** Tab, Space, Enter, arrows and letters; nothing is focused or clicked but by a key. */
export const keyboard = (page: Page): Hands => ({
  type: async (name, value) => {
    const field = fieldOf(page, name)
    await tabTo(page, field)
    if ((await field.getAttribute('type')) === 'date') return typeDay(page, value)
    await page.keyboard.press('Control+A')
    await page.keyboard.type(value)
  },
  choose: async (label) => {
    const wanted = page.getByRole('radio', { name: label })
    const group = page.getByRole('radiogroup').filter({ has: wanted })
    await tabTo(page, group, ':focus-within')
    await page.keyboard.press('Space')
    await pressUntil(page, 'ArrowDown', () => wanted.isChecked())
  },
  tick: async (label, nth = 0) => {
    const wanted = box(page, label, nth)
    await tabTo(page, wanted)
    if (!(await wanted.isChecked())) await page.keyboard.press('Space')
  },
  pick: async (label, option) => {
    await tabTo(page, page.getByRole('button', { name: label }))
    await page.keyboard.press('Enter')
    const wanted = page.getByRole('option', { name: option }).first()
    await wanted.waitFor()
    await pressUntil(page, 'ArrowDown', () => isAt(page, wanted, ':focus'))
    await page.keyboard.press('Enter')
    await wanted.waitFor({ state: 'detached' })
  },
  press: async (name) => {
    await tabTo(page, buttonOf(page, name))
    await page.keyboard.press('Enter')
  },
})

const isAt = async (page: Page, target: Locator, selector: string): Promise<boolean> =>
  (await target.and(page.locator(selector)).count()) > 0

/** Presses Tab until the focus is there; the page's own order decides how long that takes. */
export async function tabTo(page: Page, target: Locator, selector = ':focus'): Promise<void> {
  await target.waitFor({ state: 'attached' })
  await pressUntil(page, 'Tab', () => isAt(page, target, selector))
}

async function pressUntil(page: Page, key: string, done: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses <= AT_MOST; presses++) {
    if (await done()) return
    await page.keyboard.press(key)
  }
  const at = await page.evaluate('document.activeElement?.outerHTML.slice(0, 300) ?? "nothing"')
  throw new Error(`\`${key}\` was pressed ${AT_MOST} times in vain; the focus is at ${at}`)
}

/** Month, day, year: the packed Chromium knows American English only, whatever the page's language. */
async function typeDay(page: Page, day: string): Promise<void> {
  const [year, month, date] = day.split('-')
  await page.keyboard.type(`${month}${date}${year}`)
}
