import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, onTestFailed, test } from 'vitest'
import { workbook } from '../../src/catalog/imports/testing.ts'
import { catalogDocument } from '../../src/catalog/oscal/write-catalog.ts'
import { profileDocument } from '../../src/catalog/oscal/write-profile.ts'
import { readLibrary } from '../../src/cli/control/library.ts'
import { controlTowerRules } from '../guard/official.ts'
import { axe, type Language, overflow, screenshot, watchErrors } from './browser.ts'
import { keyboard, tabTo } from './hands.ts'
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
    await page.getByText(/of 106 elements have a control\./).waitFor()
    await page.getByText(/of 106 elements have a control that is on somewhere/).waitFor()
    // The map is unfolded, and left for the controls of an element, by keyboard alone.
    await tabTo(page, page.locator('summary').filter({ hasText: 'PR Protect' }))
    await page.keyboard.press('Enter')
    const protect = page.getByRole('table', { name: 'PR', exact: true })
    await protect.waitFor()
    await look('framework')

    const svg = await fileOf(page, 'Map (SVG)')
    expect([svg.startsWith('<svg'), svg.trimEnd().endsWith('</svg>')]).toEqual([true, true])
    const rows = (await fileOf(page, 'Table (CSV)')).split('\r\n')
    expect(rows[0]).toMatch(/^.?section,group,element.*,on,places$/)
    expect(rows[1]).toMatch(/,yes,,,,,$/)

    await tabTo(page, protect.getByRole('link', { name: /preventive controls? of PR\.DS-01$/ }))
    await page.keyboard.press('Enter')
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
    await page.getByRole('button', { name: /統制セット/ }).click()
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

const HEADERS = { 'x-rankan-request': 'portal' }
const ORGANIZATION = 'aws_government_cloud'

/** The API in the name of the person of a page: what the test is not about need not be clicked. */
const api = (page: Page) => ({
  get: async (path: string) => (await page.request.get(world.product.url + path)).json(),
  send: async (path: string, data: unknown) => {
    const response = await page.request.post(world.product.url + path, { data, headers: HEADERS })
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`)
    return response.json()
  },
})

/** As people who make a set do: a title, a control, and another version with one more. */
describe('control sets', { timeout: LONG_MS }, () => {
  test('are made, changed and compared', async () => {
    const { page, open, look, leave } = await visit('operator', 'en')
    await open('/control-sets')
    await page.getByRole('link', { name: 'Make a new set' }).click()
    await page.getByRole('heading', { level: 1, name: 'New control set' }).waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Choose at least one control').waitFor()
    await look('set-faults')
    await page.getByLabel(/^Name/).fill('browser-set')
    await page.getByLabel('Title (English)').fill('Made in the browser')
    await tick(page, /no-iam-users$/)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.waitForURL(/\/control-sets\/browser-set$/)
    await page.getByText('This is the first version').first().waitFor()

    await page.getByRole('link', { name: 'Edit and make the next version' }).click()
    await page.getByRole('searchbox', { name: 'Find a control' }).fill('allowed-regions')
    await tick(page, /allowed-regions$/)
    await page.locator('summary').filter({ hasText: 'Forms and parameters' }).click()
    await page.getByRole('textbox', { name: /allowedRegions/ }).fill('ap-northeast-3')
    await look('set-edit')
    await page.getByRole('button', { name: 'Save as the next version' }).click()
    await page.waitForURL(/\/control-sets\/browser-set$/)
    const added = page.getByRole('region', { name: 'Added' })
    await added.getByRole('listitem').waitFor()
    await page.getByText('allowedRegions: ap-northeast-3').waitFor()
    await page.getByRole('button', { name: 'Make the plan' }).waitFor()
    await look('set')
    await leave()
  })
})

const file = (name: string, content: unknown) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
})

const importFiles = () => [
  {
    kind: 'Controls of Security Hub',
    button: 'Choose a file',
    name: 'hub-of-us',
    files: [
      file('definitions.json', {
        SecurityControlDefinitions: [
          {
            SecurityControlId: 'S3.8',
            Title: 'S3 general purpose buckets should block public access',
            Description: 'Checks whether a bucket blocks public access.',
            RemediationUrl: 'https://example.jp/S3.8',
            SeverityRating: 'HIGH',
            CurrentRegionAvailability: 'AVAILABLE',
          },
        ],
      }),
    ],
  },
  {
    kind: 'Proactive controls of Control Tower',
    button: 'Choose files',
    name: 'tower-of-us',
    files: controlTowerRules()
      .slice(0, 2)
      .map((one) => file(path.basename(one.file), one.text)),
  },
  {
    kind: 'A conformance pack',
    button: 'Choose a file',
    name: 'pack-of-us',
    files: [
      file(
        'pack.yaml',
        `Resources:
  Versioning:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: versioning
      Source: { Owner: AWS, SourceIdentifier: S3_BUCKET_VERSIONING_ENABLED }
`,
      ),
    ],
  },
  {
    kind: 'A catalog of OSCAL (framework)',
    button: 'Choose a file',
    name: 'catalog-of-us',
    files: [
      file('catalog.json', {
        catalog: {
          uuid: '5f1f5a3e-6b1c-4a6e-9d0a-0d5d6f1b2c3d',
          metadata: {
            title: 'Rules of us',
            'last-modified': '2026-11-01T00:00:00Z',
            version: '1',
            'oscal-version': '1.2.1',
          },
          groups: [{ id: 'g', title: 'Group', controls: [{ id: 'g-1', title: 'One' }] }],
        },
      }),
    ],
  },
]

function profileFiles() {
  const stamp = { lastModified: '2026-11-01T00:00:00Z', version: '1', language: 'en' as const }
  const choice = {
    id: 'oscal-set',
    title: { ja: '試験', en: 'Test' },
    controls: [{ id: 'log-retention', values: {} }],
  }
  return [
    file('oscal-set.json', profileDocument(choice, 'rankan-catalog.json', stamp)),
    file('rankan-catalog.json', catalogDocument(readLibrary(), stamp)),
  ]
}

/** React Aria hides the box behind its mark. */
const tick = (page: Page, name: RegExp) => page.getByRole('checkbox', { name }).check({ force: true })

describe('a control set by keyboard alone', { timeout: LONG_MS }, () => {
  test('is named, filled with a control and its parameters, and saved', async () => {
    const { page, open, look, leave } = await visit('operator', 'ja')
    await open('/control-sets/new')
    const write = async (label: string | RegExp, text: string) => {
      await tabTo(page, page.getByLabel(label))
      await page.keyboard.type(text)
    }
    await write(/^名前/, 'keyboard-set')
    await write('題名(日本語)', 'キーボードだけで')
    await write('統制を絞り込む', 'allowed-regions')
    const { tick, press } = keyboard(page)
    await tick(/allowed-regions$/)
    await tabTo(page, page.locator('summary').filter({ hasText: '使う形とパラメータ' }))
    await page.keyboard.press('Enter')
    await write(/allowedRegions/, 'ap-northeast-3')
    await look('set-keyboard')
    await press('保存')
    await page.waitForURL(/\/control-sets\/keyboard-set$/)
    await page.getByText('allowedRegions: ap-northeast-3').waitFor()
    await leave()
  })
})

describe('an import', { timeout: LONG_MS }, () => {
  test('of a spreadsheet shows its differences before it is taken, and its framework after', async () => {
    const { page, open, look, leave } = await visit('operator', 'ja')
    await open('/control-imports')
    await page.getByText('まだ何も取り込んでいません').waitFor()
    const waiting = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'ファイルを選ぶ' }).click()
    const rows = [
      ['番号', '見出し', '統制'],
      ['1', '基本対策', ''],
      ['1.1', '識別と認証', 'no-iam-users'],
      ['1.2', '権限の管理', ''],
    ]
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    const buffer = Buffer.from(workbook(rows))
    await (await waiting).setFiles({ name: 'kijun.xlsx', mimeType, buffer })
    await page.getByRole('table', { name: 'はじめの数行' }).getByText('識別と認証').waitFor()
    await page.getByRole('button', { name: '差を見る' }).click()
    await page.getByText('必要な項目を入力してください').waitFor()
    await page.getByLabel('枠組みの名前(日本語)').fill('自組織の基準')
    await page.getByLabel(/^出典/).fill('自組織の表')
    await page.getByLabel(/^確認した組織/).fill('CISO室')
    await page.getByLabel(/^確認した人/).fill('佐藤')
    await look('import-columns')
    await page.getByRole('button', { name: '差を見る' }).click()
    await page.getByText('初めての取り込みです').waitFor()
    await page.getByText('追加 4', { exact: true }).click()
    await look('import-preview')
    await page.getByRole('button', { name: 'この内容で取り込む' }).click()
    await page.getByRole('table', { name: '取り込んだもの' }).getByRole('link', { name: 'kijun' }).waitFor()

    await open('/frameworks?framework=kijun')
    await page
      .getByText(/2 項目のうち 1 項目/)
      .first()
      .waitFor()
    await open('/controls/no-iam-users')
    await page.getByText('自組織の基準').first().waitFor()
    await leave()
  })

  test('of every other kind of file is made by keyboard alone', async () => {
    const { page, open, look, leave } = await visit('operator', 'en')
    const { press } = keyboard(page)
    /** In the open list letters go to the entry that begins with them. */
    const pick = async (kind: string) => {
      await tabTo(page, page.getByRole('button', { name: /What to import/ }).first())
      await page.keyboard.press('Enter')
      const wanted = page.getByRole('option', { name: kind })
      await wanted.waitFor()
      await page.keyboard.type(kind.slice(0, 8))
      await page.keyboard.press('Enter')
      await wanted.waitFor({ state: 'detached' })
    }
    await open('/control-imports')
    for (const { kind, button, files, name } of importFiles()) {
      await pick(kind)
      const waiting = page.waitForEvent('filechooser')
      await press(button)
      await (await waiting).setFiles(files)
      const field = page.getByLabel(/^(Name of this import|Id of the framework)/)
      await tabTo(page, field)
      await page.keyboard.press('Control+A')
      await page.keyboard.type(name)
      await press('Show the differences')
      await page.getByText('It is imported for the first time').waitFor()
      if (name === 'pack-of-us') await look('import-keyboard')
      await press('Take it')
      await page.getByRole('link', { name, exact: true }).first().waitFor()
      await settled(page)
    }
    // A profile becomes a control set, and the page goes there.
    await pick('A profile of OSCAL (control set)')
    const waiting = page.waitForEvent('filechooser')
    await press('Choose files')
    await (await waiting).setFiles(profileFiles())
    await page.getByLabel(/^Name of this import/).waitFor()
    await press('Show the differences')
    await page.getByText('It is imported for the first time').waitFor()
    await press('Take it')
    await page.waitForURL(/\/control-sets\/oscal-set$/)
    await leave()
  })

  test('of what AWS has in place tells what the library has, too; the auditor reads it', async () => {
    const { page, open, look, leave } = await visit('operator', 'en')
    await open('/control-imports')
    await page
      .getByRole('button', { name: /What to import/ })
      .first()
      .click()
    await page.getByRole('option', { name: 'What AWS has today' }).click()
    await page.getByRole('button', { name: /AWS organisation/ }).click()
    await page.getByRole('option', { name: 'Government Cloud' }).click()
    await page.getByRole('button', { name: 'Show the differences' }).click()
    await page.getByText(/^Only in the library: \d+$/).waitFor({ timeout: LONG_MS })
    await look('import-in-place')
    await page.getByRole('button', { name: 'Take it' }).click()
    await page.getByRole('link', { name: ORGANIZATION }).waitFor()
    await leave()

    const auditor = await visit('auditor', 'ja', 320)
    await auditor.open(`/control-imports/${ORGANIZATION}`)
    await auditor.page.getByRole('table', { name: '内容' }).waitFor()
    await auditor.look('import-kept')
    await auditor.open('/control-imports')
    expect(await auditor.page.getByRole('button', { name: '差を見る' }).count()).toBe(0)
    await auditor.leave()
  })
})

describe('an apply that does not go as planned', { timeout: LONG_MS }, () => {
  const plan = { awsOrganizationId: ORGANIZATION, set: 'browser-set', version: 1, action: 'put' }
  const fault = {
    at: 'call',
    service: 'organizations',
    operation: 'AttachPolicy',
    fault: { do: 'fail', code: 'AccessDeniedException', message: 'Injected by the test.' },
  }

  test('needs repair, is given up, and the next one is refused when AWS moved', async () => {
    const { page, open, look, leave } = await visit('operator', 'en')
    const { get, send } = api(page)
    await send(`/api/aws-organizations/${ORGANIZATION}/sweep`, {})
    const { places } = await get(`/api/aws-organizations/${ORGANIZATION}/guardrails`)
    const target = places.find((place: { kind: string }) => place.kind === 'ou').id
    const planned = async () => {
      const { id } = await send('/api/control-plans', { ...plan, target })
      await expect
        .poll(async () => (await get(`/api/control-plans/${id}`)).state, { timeout: LONG_MS })
        .toBe('ready')
      return id as string
    }
    const begin = async (id: string) =>
      (await send(`/api/control-plans/${id}/apply`, { reason: 'The test of the pages' })).id as string
    await send('/api/sandbox/faults', fault)
    const broken = await begin(await planned())
    await open(`/control-applies/${broken}`)
    await page.getByText('A change failed').waitFor({ timeout: LONG_MS })
    await page
      .getByText(/Injected by the test/)
      .first()
      .waitFor()
    await look('apply-repair')
    const narrow = await visit('auditor', 'ja', 320)
    await narrow.open(`/control-applies/${broken}`)
    await narrow.page.getByText('失敗した変更があります').first().waitFor()
    expect(await narrow.page.getByRole('button', { name: '取り消して元に戻す' }).count()).toBe(0)
    await narrow.look('apply-repair')

    await page.request.delete(`${world.product.url}/api/sandbox/faults`, { headers: HEADERS })
    await page.getByRole('button', { name: 'Undo what was done' }).click()
    const dialog = page.getByRole('dialog', { name: 'Give the apply up?' })
    await dialog.getByLabel(/^Reason/).fill('The cause stays for now')
    await look('apply-give-up')
    await dialog.getByRole('button', { name: 'Undo what was done' }).click()
    await expect
      .poll(async () => (await get(`/api/control-applies/${broken}`)).state, { timeout: LONG_MS })
      .toBe('given_up')
    await page
      .getByRole('status')
      .filter({ hasText: /Undone/ })
      .first()
      .waitFor()
    await look('apply-given-up')
    await narrow.open(`/control-applies/${broken}`)
    await narrow.look('apply-given-up')

    const [first, second] = [await planned(), await planned()]
    const done = await begin(first)
    await expect
      .poll(async () => (await get(`/api/control-applies/${done}`)).state, { timeout: LONG_MS })
      .toBe('done')
    const refused = await begin(second)
    await open(`/control-applies/${refused}`)
    await page.getByText('AWS changed since the plan, so nothing was done').waitFor({ timeout: LONG_MS })
    await look('apply-refused')
    await narrow.open(`/control-applies/${refused}`)
    await narrow.look('apply-refused')
    await narrow.leave()
    await leave()
  })
})
