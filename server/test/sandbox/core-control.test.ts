import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as o from '@aws-sdk/client-organizations'
import { afterEach, describe, expect, test } from 'vitest'
import type { SandboxState } from '../../src/sandbox/control/api.ts'
import type { Effect } from '../../src/sandbox/core/world.ts'
import type { Sandbox } from '../../src/sandbox/server.ts'
import { get, organizationsOf, post, seededOf, start } from './core-support.ts'

const open: Sandbox[] = []
const run = async (options: Parameters<typeof start>[0] = {}) => {
  const sandbox = await start(options)
  open.push(sandbox)
  return sandbox
}
const folders: string[] = []
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'rankan-control-'))
  folders.push(dir)
  return dir
}
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.stop()
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

const state = async (sandbox: Sandbox) => (await get(sandbox, 'state')) as SandboxState

describe('the folder', () => {
  test('keeps estate, credentials, faults, settings and time scale over a restart', async () => {
    const dataDir = folder()
    const first = await run({ dataDir })
    await post(first, 'faults', { service: 'iam', fault: { do: 'throttle' } })
    await post(first, 'time', { scale: 60 })
    await post(first, 'settings', { limits: { 'organizations.ous': 7 } }, 'PUT')
    await post(first, 'organizations', { name: 'Third' })
    const before = { ...first.credentials(), endpoint: '' }
    const { virtualTime: _, ...known } = await state(first)
    await first.stop()
    open.length = 0
    const second = await run({ dataDir })
    expect({ ...second.credentials(), endpoint: '' }).toEqual(before)
    expect(await state(second)).toMatchObject(known)
    expect(second.credentials().organizations.map(({ name }) => name)).toEqual([
      'Government Cloud',
      'Prefecture Cloud',
      'Third',
    ])
  })

  test('brings the role to the actions that are declared now', async () => {
    const dataDir = folder()
    await (await start({ dataDir, allowedActions: ['organizations:ListRoots'] })).stop()
    const journal = () => statSync(join(dataDir, 'journal.log')).size
    const size = journal()
    await (await start({ dataDir, allowedActions: ['organizations:ListRoots'] })).stop()
    expect(journal()).toBe(size) // nothing changed, nothing was written
    await (await start({ dataDir, allowedActions: ['organizations:ListRoots', 'iam:GetRole'] })).stop()
    expect(journal()).toBeGreaterThan(size)
  })

  test('belongs to one sandbox at a time; a lock of a process that is gone is taken over', async () => {
    const dataDir = folder()
    const first = await run({ dataDir })
    await expect(start({ dataDir })).rejects.toMatchObject({ code: 'sandbox_folder_in_use' })
    await first.stop()
    open.length = 0
    writeFileSync(join(dataDir, 'lock'), '4194303 12345')
    await run({ dataDir })
  })

  test('damaged in the middle is not silently cut off', async () => {
    const dataDir = folder()
    const first = await start({ dataDir })
    await first.stop()
    const path = join(dataDir, 'journal.log')
    const good = readFileSync(path)
    writeFileSync(path, Buffer.concat([Buffer.from('0badc0de {}\n'), good]))
    await expect(start({ dataDir })).rejects.toMatchObject({ code: 'sandbox_data_damaged' })
    writeFileSync(path, good)
    appendFileSync(path, 'torn')
    await run({ dataDir })
    expect(readFileSync(path).subarray(0, good.length)).toEqual(good)
  })
})

test('a busy port is named', async () => {
  const first = await run()
  await expect(start({ port: first.port })).rejects.toMatchObject({ code: 'port_in_use' })
})

describe('the control API', () => {
  test('answers no web page', async () => {
    const sandbox = await run()
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const asked = request(`${sandbox.url}/_sandbox/reset`, { method: 'POST', headers }, (r) => {
          r.resume()
          resolve(r.statusCode)
        })
        asked.once('error', reject)
        asked.end()
      })
    expect(await status({ origin: 'https://evil.example' })).toBe(403)
    expect(await status({ host: 'rebound.example' })).toBe(403)
    expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await status({})).toBe(200)
  })

  test('refuses nonsense and says what is wrong', async () => {
    const sandbox = await run()
    const bad: [string, string, unknown, string][] = [
      ['POST', 'faults', {}, 'fault.do'],
      ['POST', 'faults', { fault: { do: 'explode' } }, 'throttle, fail'],
      ['POST', 'faults', { fault: { do: 'throttle' }, probability: 2 }, 'probability'],
      ['POST', 'faults', { fault: { do: 'throttle' }, times: 0 }, 'times'],
      ['DELETE', 'faults/none', {}, 'none'],
      ['POST', 'time', { scale: -1 }, 'scale'],
      ['POST', 'time', { advanceMs: 'x' }, 'advanceMs'],
      ['PUT', 'settings', { limits: { nothing: 1 } }, 'nothing'],
      ['POST', 'organizations', { name: 'x', engine: 'account_factory' }, 'landing zone'],
      ['POST', 'fast-load', { organizationId: 'o-none', accounts: 1 }, 'o-none'],
      ['GET', 'nowhere', undefined, 'nowhere'],
    ]
    for (const [method, path, body, part] of bad) {
      const reply = await fetch(`${sandbox.url}/_sandbox/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      expect(reply.ok, path).toBe(false)
      expect(((await reply.json()) as { message: string }).message).toContain(part)
    }
  })

  test('effects are the calls that changed something, in order, and nothing else', async () => {
    const sandbox = await run()
    const { rootId, admin } = seededOf(sandbox)
    const api = organizationsOf(sandbox, admin)
    const make = (Name: string) => api.send(new o.CreateOrganizationalUnitCommand({ ParentId: rootId, Name }))
    await make('a')
    await api.send(new o.ListRootsCommand({}))
    await make('a').catch(() => {})
    await make('b')
    const effects = (await get(sandbox, 'effects')) as Effect[]
    expect(effects.map(({ operation, input }) => [operation, (input as { Name: string }).Name])).toEqual([
      ['CreateOrganizationalUnit', 'a'],
      ['CreateOrganizationalUnit', 'b'],
    ])
    expect(await get(sandbox, `effects?after=${effects[0]?.seq}`)).toHaveLength(1)
    expect(await get(sandbox, 'calls')).toMatchObject({
      'organizations.CreateOrganizationalUnit': {
        calls: 3,
        outcomes: { ok: 2, DuplicateOrganizationalUnitException: 1 },
      },
    })
  })

  test('reset brings the first estate back, with the same keys', async () => {
    const sandbox = await run({ dataDir: folder() })
    const { rootId, admin } = seededOf(sandbox)
    await organizationsOf(sandbox, admin).send(
      new o.CreateOrganizationalUnitCommand({ ParentId: rootId, Name: 'a' }),
    )
    const credentials = sandbox.credentials()
    await post(sandbox, 'reset', {})
    expect(sandbox.credentials()).toEqual(credentials)
    expect(await get(sandbox, 'effects')).toEqual([])
    expect((await state(sandbox)).organizations[0]?.ous).toBe(6)
  })

  test('ten thousand accounts are there at once and a page stays a page', async () => {
    const sandbox = await run()
    const { organizationId, admin } = seededOf(sandbox, 1)
    await post(sandbox, 'fast-load', { organizationId, accounts: 10_000 })
    const api = organizationsOf(sandbox, admin)
    const seen = new Set<string>()
    let NextToken: string | undefined
    for (let i = 0; i < 20; i++) {
      const page = await api.send(new o.ListAccountsCommand({ NextToken }))
      for (const account of page.Accounts ?? []) seen.add(account.Id ?? '')
      NextToken = page.NextToken
    }
    expect(seen.size).toBe(400)
    expect((await state(sandbox)).organizations[1]?.accounts).toEqual({ ACTIVE: 10_003 })
  })
})
