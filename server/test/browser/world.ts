import { afterAll, beforeAll } from 'vitest'
import { type Product, startProduct } from '../support/product.ts'
import { startBrowser, type TestBrowser } from './browser.ts'

export interface BrowserWorld {
  readonly product: Product
  readonly browser: TestBrowser
}

/** One product and one browser for all tests of a file; both end with it. What is asked for before they are there throws. */
export function browserWorld(env: () => Readonly<Record<string, string>> = () => ({})): BrowserWorld {
  let product: Product | undefined
  let browser: TestBrowser | undefined
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(env()), startBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    await product?.remove()
  })
  const started = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('Product and browser start before the first test of the file.')
    return thing
  }
  return {
    get product() {
      return started(product)
    },
    get browser() {
      return started(browser)
    },
  }
}
