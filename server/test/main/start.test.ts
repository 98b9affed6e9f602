import { spawn, spawnSync } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tempFolder } from '../support/folder.ts'
import { type Product, startProduct } from '../support/product.ts'

/** Command lines of living processes that belong to that data folder. */
async function processesOf(dir: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const of = async (file: string) =>
      (await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
    if ((await of('cmdline')).includes(dir) || (await of('environ')).includes(dir))
      found.push(`${pid} ${await of('cmdline')}`)
  }
  return found
}

async function until(check: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 150; i++) {
    if (await check()) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

const run = (dir: string, env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, ['server/bin/rankan.js', 'start'], {
    cwd: path.resolve(import.meta.dirname, '../../..'),
    env: { ...process.env, RANKAN_DATA: dir, RANKAN_PORT: '0', ...env },
    encoding: 'utf8',
    timeout: 60_000,
  })

describe('rankan start', () => {
  let product: Product
  let dir: string
  beforeAll(async () => {
    dir = await tempFolder('rankan-start-')
    product = await startProduct({}, dir)
  })
  afterAll(async () => {
    await product.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('serves the portal, the API, its reference and health', async () => {
    const get = async (at: string) => {
      const response = await fetch(new URL(at, product.url))
      return [response.status, await response.text()] as const
    }
    expect((await get('/'))[1]).toContain('<div id="root">')
    expect((await get('/accounts'))[1]).toContain('<div id="root">')
    expect(JSON.parse((await get('/openapi.json'))[1])).toMatchObject({ openapi: '3.1.0' })
    expect((await get('/docs/api'))[1]).toContain('/api/applications')
    expect((await get('/healthz'))[0]).toBe(200)
    expect((await get('/readyz'))[0]).toBe(200)
    expect((await get('/metrics'))[1]).toContain('rankan_http_request_duration_seconds')
  })

  it('refuses a second run on the same folder, and says which one runs', () => {
    const second = run(dir)
    expect(second.status).toBe(4)
    expect(second.stderr).toMatch(/already runs.*process \d+/)
  })

  it('names the port that is taken, and how to choose another', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const other = await tempFolder('rankan-port-')
    const refused = run(other, { RANKAN_PORT: String(port) })
    taken.close()
    await rm(other, { recursive: true, force: true })
    expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining(`RANKAN_PORT=${port + 1}`)])
  })

  it('names the variable that is wrong', () => {
    expect(run(dir, { RANKAN_PORT: 'eighty' }).stderr).toMatch(/`RANKAN_PORT` is `eighty`/)
    expect(run(dir, { RANKAN_PROT: '80' }).stderr).toMatch(/no setting `RANKAN_PROT`/)
  })

  it('refuses a folder of another PostgreSQL version', async () => {
    const old = await tempFolder('rankan-old-')
    spawnSync('mkdir', ['-p', path.join(old, 'postgres')])
    await writeFile(path.join(old, 'postgres', 'PG_VERSION'), '12\n')
    const refused = run(old)
    await rm(old, { recursive: true, force: true })
    expect(refused.stderr).toMatch(/made by PostgreSQL 12/)
  })

  it('starts a part again that was killed', async () => {
    const before = (await processesOf(dir)).find((line) => line.includes(' worker'))
    process.kill(Number(before?.split(' ')[0]), 'SIGKILL')
    expect(
      await until(async () =>
        (await processesOf(dir)).some((line) => line.includes(' worker') && line !== before),
      ),
    ).toBe(true)
  })

  it('recovers from a killed earlier run, with its data', async () => {
    const personas = async (url: string) =>
      ((await (await fetch(new URL('/api/session', url))).json()) as { personas: unknown[] }).personas
    const before = await personas(product.url)
    // The parts notice that the supervisor is gone; PostgreSQL is left for the next start to end.
    product.process.kill('SIGKILL')
    expect(await until(async () => !(await processesOf(dir)).some((line) => line.includes('.js')))).toBe(true)
    product = await startProduct({}, dir)
    expect(await personas(product.url)).toEqual(before)
  })

  it('stops cleanly on Ctrl-C and leaves no process behind', async () => {
    expect(await product.stop()).toBe(0)
    expect(await processesOf(dir)).toEqual([])
  })

  it('does not serve real AWS without real sign-in', async () => {
    const child = spawn(process.execPath, ['server/bin/rankan.js', 'serve'], {
      cwd: path.resolve(import.meta.dirname, '../../..'),
      env: { ...process.env, RANKAN_DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/x', RANKAN_DATA: dir },
    })
    let text = ''
    child.stderr.on('data', (chunk) => (text += chunk))
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(3)
    expect(text).toMatch(/does not start without real sign-in/)
  })
})
