import type { APIResponse, Page } from 'playwright-core'
import { beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { sampleVendForm } from '../../src/domain/applications/sample.ts'
import { addDays, dayInJapan } from '../../src/kernel/days.ts'
import { axe, overflow, screenshot, watchErrors } from './browser.ts'
import { keyboard, tabTo } from './hands.ts'
import { lastWords } from './logs.ts'
import { type Person, settled, signIn } from './people.ts'
import { browserWorld } from './world.ts'

const world = browserWorld(() => ({ RANKAN_TIME_SCALE: '600' }))
let page: Page
let errors: readonly string[]

beforeAll(async () => {
  page = await (await world.browser.person({ language: 'en' })).newPage()
  errors = watchErrors(page)
  await signIn(page, world.product.url, 'operator', 'en')
})

/** Vending takes AWS half an hour; at the speed of this run, seconds. The rest is the machine, with everything on it. */
const WITHIN_MS = 150_000
const start = addDays(dayInJapan(new Date()), 14)

interface Application {
  readonly id: string
  readonly version: number
  readonly state: string
}

/** The API as another person, without a page: this test is about what the operator sees. */
async function as(person: Person) {
  const context = await world.browser.person({ language: 'en' })
  const other = await context.newPage()
  await signIn(other, world.product.url, person, 'en')
  const send = (path: string, data: unknown) =>
    other.request.post(world.product.url + path, { data, headers: { 'x-rankan-request': 'portal' } })
  return { send, done: () => context.close() }
}

const bodyOf = async (response: APIResponse): Promise<Application> => {
  if (!response.ok()) throw new Error(`${response.status()} ${await response.text()}`)
  return (await response.json()) as Application
}

/** One production account, applied for and approved by everybody who must. */
async function order(system: string): Promise<string> {
  const pjmo = await as('pjmo')
  const form = sampleVendForm({ organisation: '182079', system, start, environments: ['production'] })
  let made = await bodyOf(await pjmo.send('/api/applications', { form, submit: true }))
  await pjmo.done()
  for (const person of ['owner', 'operator'] as const) {
    if (made.state !== 'submitted' && made.state !== 'accepted') break
    const who = await as(person)
    const decision = { version: made.version, decision: 'approve', comment: '' }
    made = await bodyOf(await who.send(`/api/applications/${made.id}/decision`, decision))
    await who.done()
  }
  return made.id
}

const fault = async (body: object) =>
  expect(
    (
      await page.request.post(`${world.product.url}/api/sandbox/faults`, {
        data: body,
        headers: { 'x-rankan-request': 'portal' },
      })
    ).status(),
  ).toBe(201)

const noBudgets = {
  at: 'call',
  service: 'budgets',
  operation: 'CreateBudget',
  fault: { do: 'fail', code: 'AccessDeniedException', message: 'Injected by the test.' },
}
const heal = async () => {
  await page.request.delete(`${world.product.url}/api/sandbox/faults`, {
    headers: { 'x-rankan-request': 'portal' },
  })
}

/** Opens the dialog of the one work that is stuck; the queue page shows it without being loaded again. */
async function openRepair(hands: 'mouse' | 'keyboard' = 'mouse') {
  await page.goto(`${world.product.url}/queue`)
  await settled(page)
  const table = page.getByRole('table', { name: /Work|work/ }).last()
  const repair = table.getByRole('button', { name: 'Repair', exact: true })
  await repair.waitFor({ timeout: WITHIN_MS })
  if (hands === 'mouse') await repair.click()
  else {
    await tabTo(page, repair)
    await page.keyboard.press('Enter')
  }
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Step that failed:').waitFor()
  return dialog
}

const stateOf = async (id: string, text: string) => {
  await page.goto(`${world.product.url}/applications/${id}`)
  await page.getByTestId('state').filter({ hasText: text }).waitFor({ timeout: WITHIN_MS })
}

describe('work that is stuck, in the dialog of the queue page', { timeout: 420_000 }, () => {
  const explain = () =>
    onTestFailed(async () => {
      console.error(await lastWords(world.product))
      await screenshot(page, 'repair-99-failed')
    })

  test('goes on from the step that failed when the cause is gone, by keyboard alone', async () => {
    explain()
    const { pick, press } = keyboard(page)
    await fault(noBudgets)
    const id = await order('retry')
    const dialog = await openRepair('keyboard')
    await dialog.getByText("Rankan's role lacks a right.").waitFor()
    await dialog.getByText('Injected by the test.').waitFor()
    await screenshot(page, 'repair-retry-en')
    expect(await axe(page)).toEqual([])
    await heal()
    await pick('Begin again at', 'Set up groups and people')
    const sent = page.waitForRequest((request) => request.url().endsWith('/repair'))
    await press('Try again')
    expect((await sent).postDataJSON()).toMatchObject({ action: 'retry', fromStep: expect.any(String) })
    await dialog.waitFor({ state: 'detached' })
    await stateOf(id, 'Ready')
    expect(errors).toEqual([])
  })

  test('goes on with a field that was put right', async () => {
    explain()
    // AWS knows the address, says the fault, until another one is given.
    await fault({
      at: 'outcome',
      service: 'servicecatalog',
      operation: 'ProvisionProduct',
      times: 1,
      fault: {
        do: 'fail',
        code: 'InvalidParametersException',
        message: 'The email address is already in use. An account with that email address already exists.',
      },
    })
    const id = await order('correct')
    const dialog = await openRepair()
    const old = /aws\+182079-correct-prd-01@[a-z.]+/
    await dialog.getByRole('button', { name: 'Correct and go on' }).click()
    await dialog.getByText('Give a reason').waitFor()
    await dialog.getByLabel('Reason').fill('The old account still has the address')
    await dialog.getByLabel('New value').fill('aws+182079-correct-prd-02@aws.example.lg.jp')
    await screenshot(page, 'repair-correct-en')
    expect(await axe(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Correct and go on' }).click()
    await dialog.waitFor({ state: 'detached' })
    await stateOf(id, 'Ready')
    await page.goto(`${world.product.url}/accounts`)
    await settled(page)
    await page.getByRole('link', { name: /182079-correct-prd/ }).click()
    await page.getByText('aws+182079-correct-prd-02@aws.example.lg.jp').first().waitFor()
    expect(await page.getByText(old).count()).toBe(0)
    expect(errors).toEqual([])
  })

  test('is given up, and leaves a clean estate', async () => {
    explain()
    await fault(noBudgets)
    const id = await order('giveup')
    const dialog = await openRepair()
    await heal()
    await dialog.getByRole('button', { name: 'Give up' }).click()
    await dialog.getByText('Give a reason').waitFor()
    await dialog.getByLabel('Reason').fill('Not needed any more')
    await dialog.getByRole('button', { name: 'Give up' }).click()
    await dialog.waitFor({ state: 'detached' })
    await stateOf(id, 'Given up')
    // The account that was half made is closed, and no drift is left for somebody to find.
    await page.goto(`${world.product.url}/accounts`)
    await settled(page)
    const row = page.getByRole('row').filter({ hasText: '182079-giveup-prd' })
    await row
      .getByText(/Closed|Closing|post-closure/i)
      .first()
      .waitFor()
    expect(errors).toEqual([])
  })

  test('the page has no empty field beside its counters, and fits a narrow screen', async () => {
    await page.goto(`${world.product.url}/queue`)
    await settled(page)
    await screenshot(page, 'queue-counters-en')
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await overflow(page)).toBe(0)
    expect(await axe(page)).toEqual([])
  })
})
