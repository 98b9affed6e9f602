import { existsSync } from 'node:fs'
import { serveStatic } from '@hono/node-server/serve-static'
import { sql } from 'kysely'
import type { Registry } from 'prom-client'
import type { App } from '../app.ts'
import type { Services } from '../services.ts'
import { type OpenApi, referencePage } from './reference.ts'

/** `/healthz`: the process lives. `/readyz`: it can work (the database answers). `/metrics`: Prometheus. */
export function mountHealth(app: App, services: Services, registry: Registry): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    try {
      await sql`select 1`.execute(services.on.db)
      return c.json({ status: 'ready' })
    } catch {
      return c.json({ status: 'database_unavailable' }, 503)
    }
  })
  app.get('/metrics', async (c) =>
    c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
}

export function mountReference(app: App): void {
  app.get('/docs/api', async (c) => {
    const document = (await (await app.request('/openapi.json')).json()) as OpenApi
    return c.html(referencePage(document))
  })
}

const YEAR_S = 31_536_000

/** The portal's files; every path that is no file is a page of the portal, which routes by itself. */
export function mountPortal(app: App, root: string): void {
  if (!existsSync(root)) return
  app.use('/assets/*', async (c, next) => {
    await next()
    // Vite puts a hash of the content into the names.
    if (c.res.status === 200) c.header('cache-control', `public, max-age=${YEAR_S}, immutable`)
  })
  app.use('*', serveStatic({ root }))
  app.get('*', async (c, next) => {
    // Names in addresses may have dots. Who opens a page asks for HTML; who lacks a file should hear that there is none.
    const wantsPage = c.req.header('accept')?.includes('text/html') ?? false
    if (c.req.path.startsWith('/api/') || (c.req.path.includes('.') && !wantsPage)) return next()
    return serveStatic({ root, path: 'index.html' })(c, next)
  })
}
