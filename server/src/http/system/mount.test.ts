import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { OpenAPIHono } from '@hono/zod-openapi'
import { afterAll, expect, it } from 'vitest'
import type { App } from '../app.ts'
import { mountPortal } from './mount.ts'

const root = mkdtempSync(path.join(tmpdir(), 'rankan-portal-'))
writeFileSync(path.join(root, 'index.html'), '<title>Rankan</title>')
writeFileSync(path.join(root, 'rankan.svg'), '<svg/>')
afterAll(() => rmSync(root, { recursive: true }))

const app: App = new OpenAPIHono()
mountPortal(app, root)
const get = async (url: string, accept: string) => {
  const reply = await app.request(url, { headers: { accept } })
  return reply.status === 200 ? await reply.text() : reply.status
}
const PAGE = '<title>Rankan</title>'

it('gives its one page to who opens an address, whatever the names in it', async () => {
  expect(await get('/accounts/acc_1', 'text/html,*/*;q=0.8')).toBe(PAGE)
  expect(await get('/control-imports/csf-2.0', 'text/html,*/*;q=0.8')).toBe(PAGE)
})

it('says of files and of the API that there is none', async () => {
  expect(await get('/rankan.svg', 'image/*')).toBe('<svg/>')
  expect(await get('/assets/gone.js', '*/*')).toBe(404)
  expect(await get('/api/gone', 'text/html')).toBe(404)
})
