import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import packed from '@sparticuz/chromium'
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core'

export type Language = 'ja' | 'en'

export interface TestBrowser {
  /** A person of its own: own cookies, own language. */
  person(options: { language: Language; width?: number; height?: number }): Promise<BrowserContext>
  close(): Promise<void>
}

/** A step of a page; long, because the machine that tests runs a database, an estate and workers beside the browser. */
const STEP_MS = 60_000

/** Chromium of the npm package: no system package is needed. Unpacked into a folder of this run, because two runs may start at once. */
export async function startBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rankan-chromium-'))
  const browser = await launch(await unpack(folder))
  return {
    person: async ({ language, width = 1280, height = 900 }) => {
      const context = await browser.newContext({
        viewport: { width, height },
        locale: language === 'ja' ? 'ja-JP' : 'en-GB',
        reducedMotion: 'reduce',
      })
      context.setDefaultTimeout(STEP_MS)
      return context
    },
    close: async () => {
      await browser.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The package unpacks into the temporary folder of the environment, whatever it is told. */
async function unpack(folder: string): Promise<string> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  packed.setGraphicsMode = false
  try {
    return await packed.executablePath()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--no-zygote',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--font-render-hinting=none',
    ],
  })

/** Errors of the page that no test looks for; a clean run has none. */
export function watchErrors(page: Page): readonly string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(`page: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()}`)
  })
  return errors
}

const WRITES_KEPT = 10

/** The last changes that the page asked for, and requests without an answer yet: tells why a page waits. */
export function watchRequests(page: Page): () => readonly string[] {
  const waiting = new Map<Request, number>()
  const writes: string[] = []
  page.on('request', (request) => waiting.set(request, Date.now()))
  page.on('requestfailed', (request) => waiting.delete(request))
  page.on('requestfinished', async (request) => {
    waiting.delete(request)
    if (request.method() === 'GET') return
    writes.push(`${request.method()} ${request.url()} ${(await request.response())?.status()}`)
  })
  const pending = () =>
    [...waiting].map(
      ([request, since]) => `${request.method()} ${request.url()} for ${Date.now() - since} ms`,
    )
  return () => [...writes.slice(-WRITES_KEPT), ...pending()]
}

const SCREENSHOTS = fileURLToPath(new URL('../../../ci-output/screenshots/', import.meta.url))

/** Kept as output of the run: people look at them. The whole page, or what is seen of it while a dialog covers it. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true })
  const fullPage = (await page.getByRole('dialog').count()) === 0
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage })
}

const AXE = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/** What axe finds on the page as it stands (WCAG 2.2 A and AA, and best practices), one line for each. */
export async function axe(page: Page): Promise<readonly string[]> {
  // Not as a script element: the product's content security policy would refuse it, as it should.
  if (!(await page.evaluate('typeof window.axe === "object"'))) await page.evaluate(await AXE)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  // React Aria's announcer keeps a spoken message for some seconds, also when what it points to is gone from the page.
  const where = { exclude: [['[data-live-announcer]']] }
  const run = `window.axe.run(${JSON.stringify(where)}, { runOnly: ${JSON.stringify(tags)} })`
  const result = (await page.evaluate(run)) as AxeResult
  return result.violations.map(
    ({ id, impact, nodes }) =>
      `${id} (${impact}): ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`,
  )
}

/** Pixels by which the page is wider than the screen: 0 means nobody must scroll sideways. */
export const overflow = async (page: Page): Promise<number> =>
  Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'))
