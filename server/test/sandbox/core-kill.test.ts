import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as o from '@aws-sdk/client-organizations'
import { afterEach, expect, test } from 'vitest'
import type { SandboxCredentials } from '../../src/sandbox/seed/seed.ts'

interface Alive {
  readonly child: ChildProcess
  readonly api: o.OrganizationsClient
  readonly rootId: string
}

let living: ChildProcess | undefined
const folder = mkdtempSync(join(tmpdir(), 'rankan-kill-'))
afterEach(() => {
  living?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<Alive> {
  const child = fork(fileURLToPath(new URL('./core-worker.mjs', import.meta.url)), {
    env: { ...process.env, SANDBOX_FOLDER: folder },
  })
  living = child
  const { url, credentials } = await new Promise<{ url: string; credentials: SandboxCredentials }>(
    (resolve, reject) => {
      child.once('message', (message) => resolve(message as { url: string; credentials: SandboxCredentials }))
      child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)))
    },
  )
  const [first] = credentials.organizations
  if (!first) throw new Error('no organisation')
  const api = new o.OrganizationsClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: first.admin,
    maxAttempts: 1,
  })
  return { child, api, rootId: first.rootId }
}

async function kill({ child, api }: Alive): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  api.destroy()
}

const namesOf = async ({ api, rootId }: Alive): Promise<string[]> => {
  const names: string[] = []
  for await (const page of o.paginateListOrganizationalUnitsForParent({ client: api }, { ParentId: rootId }))
    names.push(...(page.OrganizationalUnits ?? []).map((ou) => ou.Name ?? ''))
  return names
}

test('what was answered is there after SIGKILL, what was not is there once or not at all, and work in flight ends', async () => {
  let alive = await start()
  const answered: string[] = []
  const asked: string[] = []
  const creation = await alive.api.send(
    new o.CreateAccountCommand({ AccountName: 'in flight', Email: 'flight@example.jp' }),
  )
  // Killed after so many answers, not after a time: a slow machine must have answered as well.
  for (const [round, answers] of [0, 1, 6, 20].entries()) {
    let left = answers
    let enough = () => {}
    const answeredEnough = new Promise<void>((resolve) => {
      enough = resolve
    })
    const calls = Array.from({ length: 40 }, async (_, i) => {
      const Name = `ou-${round}-${i}`
      asked.push(Name)
      await alive.api.send(new o.CreateOrganizationalUnitCommand({ ParentId: alive.rootId, Name }))
      answered.push(Name)
      if (--left <= 0) enough()
    })
    const settled = Promise.allSettled(calls)
    if (answers > 0) await Promise.race([answeredEnough, settled])
    await kill(alive)
    await settled
    alive = await start()
    const names = await namesOf(alive)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(answered))
    for (const name of names)
      expect([
        ...asked,
        'Security',
        'Infrastructure',
        'Production',
        'Staging',
        'Development',
        'Operation',
      ]).toContain(name)
  }
  expect(answered.length).toBeGreaterThan(0)
  const CreateAccountRequestId = creation.CreateAccountStatus?.Id
  await expect
    .poll(
      async () =>
        (await alive.api.send(new o.DescribeCreateAccountStatusCommand({ CreateAccountRequestId })))
          .CreateAccountStatus?.State,
      { timeout: 30_000 },
    )
    .toBe('SUCCEEDED')
})
