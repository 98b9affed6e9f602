import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import {
  axe,
  type Language,
  overflow,
  screenshot,
  startBrowser,
  type TestBrowser,
  watchErrors,
} from './browser.ts'
import { tabTo } from './hands.ts'
import { lastWords } from './logs.ts'
import { type Person, settled, signIn } from './people.ts'
import { KEEP_TRAIL, ORGANIZATION, type PoliciesWorld, policiesWorld } from './policies-world.ts'

/** The product, the trail and the browser share two cores with whatever else runs. */
const LONG_MS = 420_000

let world: PoliciesWorld
let browser: TestBrowser

beforeAll(async () => {
  ;[world, browser] = await Promise.all([policiesWorld(), startBrowser()])
}, LONG_MS)
afterAll(async () => {
  await browser?.close()
  await world?.product.stop()
  await world?.product.remove()
})

interface Visit {
  readonly page: Page
  readonly errors: readonly string[]
  open(path: string): Promise<void>
  /** A picture, and nothing that axe or the width of the screen has to say against it. */
  look(name: string): Promise<void>
  leave(): Promise<void>
}

async function visit(person: Person, language: Language, width = 1280): Promise<Visit> {
  const page = await (await browser.person({ language, width })).newPage()
  const errors = watchErrors(page)
  onTestFailed(async () => {
    await screenshot(page, `policies-99-failed-${language}`)
    console.error(await lastWords(world.product))
  })
  await signIn(page, world.product.url, person, language)
  return {
    page,
    errors,
    open: async (path) => {
      await page.goto(world.product.url + path)
      await settled(page)
    },
    look: async (name) => {
      await screenshot(page, `policies-${name}-${language}${width === 1280 ? '' : `-${width}`}`)
      expect([name, await axe(page), await overflow(page)]).toEqual([name, [], 0])
    },
    leave: async () => {
      expect(errors).toEqual([])
      await page.context().close()
    },
  }
}

const BROKEN = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Deny", "Action": "s4:GetObject", "Resorce": "*" }
  ]
}`

const NO_LIST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'NobodyLists', Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' }],
})

describe('policies in force', () => {
  test.each(['ja', 'en'] as const)('are listed with their places and slots, in %s', async (language) => {
    const { page, open, look, leave } = await visit('auditor', language)
    await open('/policies')
    await page.getByRole('link', { name: 'keep-the-trail' }).waitFor()
    const places = page.getByRole('table').nth(1)
    expect(await places.getByText('keep-the-trail').count()).toBeGreaterThan(0)
    await look('in-force')
    await leave()
  })

  test('open in the editor', async () => {
    const { page, open, look, leave } = await visit('operator', 'ja')
    await open(`/policies/editor?organization=${ORGANIZATION}&policy=${world.policyId}`)
    const document = page.getByRole('textbox', { name: 'ポリシー文書(JSON)' })
    await expect
      .poll(async () => JSON.parse(await document.inputValue()) as unknown)
      .toEqual(JSON.parse(KEEP_TRAIL))
    await page.getByText('誤りは見つかりませんでした').waitFor()
    await page.getByText('すべての対象(リソース)に対する操作').waitFor()
    await look('editor')
    await leave()
  })
})

describe('who may not see or start it', () => {
  test('is told in their language, and whom to ask', async () => {
    const { page, open, look, leave } = await visit('auditor', 'ja')
    await open('/replays/new')
    await page.getByText('リプレイを始められるのは中央管理者です').waitFor()
    await look('replay-not-yours')
    await leave()

    const tenant = await visit('owner', 'ja')
    await tenant.open('/policies')
    await tenant.page.getByText('必要な場合は中央管理者にご相談ください。').waitFor()
    expect(await tenant.page.getByText('may not do').isVisible()).toBe(false)
    await tenant.page.getByText('技術的な内容').click()
    await tenant.page.getByText('may not do').waitFor()
    await tenant.look('in-force-refused')
    // The browser writes the refused request into its console: that is the one error here.
    expect(tenant.errors.filter((error) => !/status of 403/.test(error))).toEqual([])
    await tenant.page.context().close()
  })
})

describe('the editor', () => {
  test('says what is wrong as one types, jumps there by keyboard, and keeps the draft', async () => {
    const { page, open, look, leave } = await visit('operator', 'ja')
    await open('/policies/editor')
    const document = page.getByRole('textbox', { name: 'ポリシー文書(JSON)' })
    await document.fill(BROKEN)
    await page.getByText('誤り 1 件、注意 0 件').waitFor()
    await page.getByText('という要素はありません').waitFor()
    await look('errors')
    // Nothing is left to ask: an answer would be taken for one about the draft.
    await page.getByRole('tab', { name: '試してみる' }).click()
    await page.getByText('下書きの誤りを直すと判定します').waitFor()
    expect(await page.getByText('禁止なし').count()).toBe(0)
    await page.getByRole('tab', { name: '言葉で説明' }).click()
    await tabTo(page, page.getByRole('button', { name: '4 行 51 列' }))
    await page.keyboard.press('Enter')
    const cursor = await document.evaluate((area: { selectionStart: number }) => area.selectionStart)
    expect(BROKEN.slice(cursor, cursor + 9)).toBe('"Resorce"')
    await page.keyboard.type('  ')
    await page.keyboard.press('Control+Z')

    // Longer than its box: numbers and lines scroll together, as the text area is as high as its text.
    await document.fill(`${'\n'.repeat(60)}${BROKEN.replace('s4:GetObject', 'ec2:\u202eRun')}`)
    await page.getByText('誤り 2 件').waitFor()
    const hidden = await document.evaluate(
      (area: { scrollHeight: number; clientHeight: number; scrollTop: number }) =>
        area.scrollTop + Math.max(0, area.scrollHeight - area.clientHeight),
    )
    expect(hidden).toBe(0)
    // What turns the direction of writing turns the author's word alone.
    const word = page.getByRole('code').filter({ hasText: 'Run' }).first()
    expect(await word.getAttribute('dir')).toBe('ltr')
    await look('long')

    await document.fill(BROKEN.replace('Resorce', 'Resource'))
    await page.getByText('誤り 0 件、注意 1 件').waitFor()
    await page.getByText('という AWS サービスはありません').waitFor()
    await page.reload()
    await settled(page)
    expect(await document.inputValue()).toContain('s4:GetObject')

    await page.getByRole('button', { name: /例から始める/ }).click()
    await page.getByRole('option', { name: /タグポリシー/ }).click()
    await page.getByText('下位のポリシーは、ここから下を変えられません').waitFor()
    await document.fill(JSON.stringify({ tags: { project: { tag_key: 'Project' } } }))
    await page.getByText('の値に継承演算子がありません').waitFor()
    await look('management')
    await leave()
  })

  test('answers what would happen, also by keyboard, with what is in force on an account', async () => {
    const { page, open, look, leave } = await visit('operator', 'en')
    await open('/policies/editor')
    await page.getByRole('tab', { name: 'What if' }).click()
    await page.getByText('This call is denied.').waitFor()
    await page.getByRole('button', { name: 'Remove key aws:RequestedRegion' }).click()
    await page.getByText('This would decide it').waitFor()
    await look('what-if-unknown')

    const action = page.getByRole('combobox', { name: /^Action/ })
    await tabTo(page, action)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('cloudtrail:StopLo')
    await page.getByRole('option', { name: 'cloudtrail:StopLogging' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await action.inputValue()).toBe('cloudtrail:StopLogging')
    const account = page.getByRole('combobox', { name: /^Account/ })
    await account.scrollIntoViewIfNeeded()
    await account.click()
    await page.keyboard.type(world.account)
    await page
      .getByRole('option', { name: new RegExp(world.account) })
      .first()
      .click()
    await page
      .getByText(/attached to/)
      .filter({ hasText: 'keep-the-trail' })
      .waitFor()
    await page.getByText('Every statement, and why it does not match').click()
    await page.getByText('Deny: keep-the-trail').first().waitFor()
    await look('what-if')
    await leave()
  })
})

describe('a replay', () => {
  test('is explained before there is one, then cancelled after a question', {
    timeout: LONG_MS,
  }, async () => {
    const { page, open, look, leave } = await visit('operator', 'en')
    await open('/replays')
    await page.getByText('There is no replay yet').waitFor()
    await look('replays-empty')
    await page.getByRole('link', { name: 'Start a replay' }).click()
    await page.getByRole('heading', { level: 1, name: 'Start a replay' }).waitFor()
    await settled(page)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('Add at least one policy').waitFor()
    await page.getByText('Enter a title').waitFor()
    await look('replay-form-faults')
    await page.getByRole('button', { name: 'Paste one' }).click()
    await page.getByLabel('Document (JSON)').fill(BROKEN)
    await page.getByText(/is no element of/).waitFor()
    await look('replay-form-broken')
    await page.getByLabel('Document (JSON)').fill(KEEP_TRAIL)
    await page.getByRole('button', { name: 'Paste one' }).click()
    await page
      .getByRole('combobox', { name: /^Add an account/ })
      .last()
      .click()
    await page.keyboard.type(world.account)
    await page
      .getByRole('option', { name: new RegExp(world.account) })
      .first()
      .click()
    await page.getByRole('list', { name: 'Where draft-2 is attached' }).getByText(world.account).waitFor()
    await page.getByRole('radio', { name: /^Other policies/ }).check({ force: true })
    await page.getByLabel('Title').fill('To be cancelled')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('Add at least one policy to compare with').waitFor()
    await page.getByRole('button', { name: 'Paste one' }).last().click()
    await look('replay-form-compare')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.waitForURL(/\/replays\/rpl_/)
    await page.getByRole('heading', { name: 'Policies to compare with' }).waitFor()
    await page.getByRole('heading', { level: 1, name: 'To be cancelled' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cancel the replay?' })
    await dialog.waitFor()
    await look('replay-cancel')
    await dialog.getByRole('button', { name: 'Cancel' }).last().click()
    await page.getByText('The replay was cancelled').waitFor()
    await leave()
  })

  test('tells who would have been denied, and spares them when asked to', { timeout: LONG_MS }, async () => {
    const { page, open, look, leave } = await visit('operator', 'ja')
    await open('/policies/editor')
    await page.getByLabel('ポリシー名').fill('no-list')
    await page.getByRole('textbox', { name: 'ポリシー文書(JSON)' }).fill(NO_LIST)
    await page.getByText('誤りは見つかりませんでした').waitFor()
    await page.getByRole('tab', { name: '影響を受ける人' }).click()
    await page.getByRole('link', { name: 'この下書きでリプレイを始める' }).click()
    await page.getByRole('heading', { level: 1, name: 'リプレイを始める' }).waitFor()
    await settled(page)
    await look('replay-form')
    await page.getByRole('radio', { name: /^今/ }).check({ force: true })
    await page.getByRole('button', { name: '始める', exact: true }).click()
    await page.waitForURL(/\/replays\/rpl_/)
    await page.getByRole('progressbar').or(page.getByText('結果のあらまし')).first().waitFor()
    await look('replay-progress')

    await page.getByRole('heading', { name: '結果のあらまし' }).waitFor({ timeout: LONG_MS })
    await page.getByRole('img', { name: /日ごとの回数/ }).waitFor()
    await page.getByText('30,000', { exact: true }).first().waitFor()
    await page.getByText('読めなかった部分に記録された操作は、この結果に含まれません。').waitFor()
    await look('replay-result')
    await page.getByRole('button', { name: /ListUsers の説明$/ }).click()
    const sample = page.getByRole('dialog', { name: '例' })
    await sample.getByText('この操作は拒否されます。').waitFor()
    await sample.getByText(/^Root\(r-/).waitFor()
    await look('replay-sample')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /内訳/ }).click()
    await page.getByRole('option', { name: '利用組織' }).click()
    await page.getByRole('table', { name: '利用組織' }).getByText('鯖江市').waitFor()
    const csv = page.waitForEvent('download')
    await page.getByRole('button', { name: /内訳/ }).click()
    await page.getByRole('option', { name: '操作', exact: true }).click()
    await page.getByRole('link', { name: 'この表のすべてを CSV で取得' }).click()
    expect((await csv).suggestedFilename()).toMatch(/\.csv$/)

    await page.getByRole('tab', { name: /除外の提案/ }).click()
    await page.getByRole('checkbox').first().check({ force: true })
    await look('replay-proposals')
    const before = page.url()
    await page.getByRole('button', { name: '選んだ 1 件を除外して調べる' }).click()
    await page.waitForURL((url) => url.href !== before)
    await page
      .getByText('この期間に、このポリシーで拒否される操作はありませんでした')
      .waitFor({ timeout: LONG_MS })
    // This replay found nothing new to read: what the first one could not read is missing here, too.
    await page
      .getByText(/ファイル [0-9]+ 個、読めなかったもの 1 個/)
      .first()
      .click()
    await page.getByText('圧縮データが壊れています。').waitFor()
    await look('replay-exempted')
    await leave()
  })

  test('fits a narrow screen', async () => {
    const { page, open, look, leave } = await visit('auditor', 'en', 320)
    await open('/policies')
    await look('in-force')
    await open('/policies/editor')
    await look('editor')
    await open('/replays')
    await look('replays')
    await page
      .getByRole('link', { name: /no-list/ })
      .last()
      .click()
    await page.getByRole('heading', { name: 'In short' }).waitFor()
    await look('replay-result')
    await leave()
  })
})

const said = (account: string, action: string, tail: string) =>
  `User: arn:aws:sts::${account}:assumed-role/Worker/run is not authorized to perform: ${action} on resource: arn:aws:cloudtrail:ap-northeast-1:${account}:trail/main ${tail}`

describe('why was I denied', () => {
  test('tells a tenant who forbids it, what for, and whom to ask', async () => {
    const { page, open, look, leave } = await visit('owner', 'ja')
    await open(`/denied?account=${world.account}`)
    await page
      .getByLabel(/表示されたエラー/)
      .fill(
        said(world.account, 'cloudtrail:StopLogging', 'with an explicit deny in a service control policy'),
      )
    await page.getByRole('button', { name: '調べる', exact: true }).click()
    await page.getByText('中央の統制が禁止しています').waitFor()
    await page.getByText('keep-the-trail(KeepTheTrail)').waitFor()
    await page.getByText('中央管理者に例外の承認を申請してください').waitFor()
    await look('denied-centre')
    await page.getByText('詳しい内容(問い合わせに添えてください)').click()
    await look('denied-details')
    await leave()
  })

  test('reads an event, by keyboard alone', async () => {
    const { page, open, look, leave } = await visit('pjmo', 'en', 320)
    const record = {
      eventVersion: '1.08',
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'DeleteTrail',
      awsRegion: 'ap-northeast-1',
      errorCode: 'AccessDenied',
      eventType: 'AwsApiCall',
      eventTime: '2026-11-20T01:02:03Z',
      eventID: '00000000-0000-4000-8000-000000000001',
      recipientAccountId: world.account,
      userIdentity: {
        type: 'IAMUser',
        arn: `arn:aws:iam::${world.account}:user/megane`,
        accountId: world.account,
        userName: 'megane',
      },
      requestParameters: { name: 'main' },
    }
    await open('/denied')
    await tabTo(page, page.getByLabel(/The error that was shown/))
    await page.keyboard.insertText(JSON.stringify(record))
    await tabTo(page, page.getByRole('button', { name: 'Find out' }))
    await page.keyboard.press('Enter')
    await page.getByText('The central controls forbid it').waitFor()
    await page.getByText('keep-the-trail (KeepTheTrail)').waitFor()
    await look('denied-event')
    const encoded = `Encoded authorization failure message: ${'Ab1_'.repeat(90)}`
    await page.getByLabel(/The error that was shown/).fill(encoded)
    await page.getByRole('button', { name: 'Find out' }).click()
    await page.getByText('aws sts decode-authorization-message').waitFor()
    await look('denied-encoded')
    await leave()
  })

  test('helps with what it cannot read, and keeps the accounts of others to themselves', async () => {
    const { page, open, leave } = await visit('owner', 'en')
    await open('/denied')
    const box = page.getByLabel(/The error that was shown/)
    const ask = async (text: string, answer: string) => {
      await box.fill(text)
      await page.getByRole('button', { name: 'Find out' }).click()
      await page.getByText(answer).first().waitFor()
    }
    await ask('', 'Paste something')
    await ask('It does not work', 'There is no message of a denial in it')
    await ask('{"eventName": "Run', 'This seems to be only a part of an event')
    await ask(`Encoded authorization failure message: ${'Ab1_'.repeat(30)}`, 'This message is encoded')
    await page.getByText('aws sts decode-authorization-message').waitFor()
    const event = { eventSource: 's3.amazonaws.com', eventName: 'ListBuckets' }
    await ask(JSON.stringify(event), 'This event was not denied')
    expect(await axe(page)).toEqual([])
    await leave()

    const other = await visit('owner', 'en')
    await other.open(`/denied?account=${world.account}`)
    await other.page.getByLabel(/The error that was shown/).fill(said(world.foreign, 'iam:GetRole', ''))
    await other.page.getByRole('button', { name: 'Find out' }).click()
    await other.page.getByText('This call is not of the account that you chose').waitFor()
    await other.page.getByText(`The controls of account ${world.foreign} cannot be looked at`).waitFor()
    await other.look('denied-foreign')
    // The browser writes the refused request into its console: that is the one error here.
    expect(other.errors.filter((error) => !/status of (403|404)/.test(error))).toEqual([])
    await other.page.context().close()
  })
})
