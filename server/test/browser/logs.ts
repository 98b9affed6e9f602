import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Product } from '../support/product.ts'

const TAIL = 3_000

/** What the product and its parts said last: without it nobody can tell why a page waits. */
export async function lastWords(product: Product): Promise<string> {
  const folder = path.join(product.dataDir, 'logs')
  const files = await readdir(folder).catch(() => [])
  const tails = files.map(
    async (file) => `== ${file}\n${(await readFile(path.join(folder, file), 'utf8')).slice(-TAIL)}`,
  )
  return [`== start\n${product.output().slice(-TAIL)}`, ...(await Promise.all(tails))].join('\n')
}
