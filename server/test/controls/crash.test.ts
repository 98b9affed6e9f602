import { fork } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterEffects, PRODUCTION, smallWorld } from '../../src/catalog/plan/testing.ts'
import type { ApplyDetail } from '../../src/domain/controls/applies.ts'
import type { PlanDetail, PlanView } from '../../src/domain/controls/plans.ts'
import type { ControlWorld } from '../../src/domain/controls/world.ts'
import { controlRoutes } from '../../src/http/controls/routes.ts'
import type { ControlledEstate } from '../../src/workflows/controls/deps.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { tempFolder } from '../support/folder.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { awsOrganization, connect } from '../workflows/seed.ts'
import { CENTRE, depsOf, library, REASON, runAll } from './support.ts'

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url))

/** A worker dies before and after an effect of an apply, and after the last record; the next one goes on. */
describe('an apply whose worker is killed', () => {
  let on: TestDatabase
  let http: TestApp
  let folder = ''
  const file = (name: string) => path.join(folder, name)

  beforeAll(async () => {
    on = await testDatabase()
    folder = await tempFolder('rankan-controls-')
    http = testApp(on, controlRoutes({ library, sets: {} }))
    await connect(on, awsOrganization())
    await http.call(CENTRE, 'PUT', '/api/control-sets/crash', {
      title: { ja: 'c', en: 'c' },
      description: { ja: 'c', en: 'c' },
      controls: [{ control: 'no-root-user', forms: ['preventive'] }],
    })
  })
  afterAll(async () => {
    await on.drop()
    await rm(folder, { recursive: true, force: true })
  })

  const world = async () => JSON.parse(await readFile(file('world.json'), 'utf8')) as ControlWorld
  const get = async <T>(where: string): Promise<T> => (await http.call(CENTRE, 'GET', where)).body as T

  /** Runs a worker; the signal that ended it. */
  const workUntilKilled = (at: string): Promise<NodeJS.Signals | null> => {
    const CRASH_WORLD = file('world.json')
    const child = fork(WORKER, { env: { ...process.env, CRASH_URL: on.url, CRASH_WORLD, CRASH_AT: at } })
    return new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  }
  /** As if the lease of the dead worker had ended. */
  const leaseEnds = () =>
    on.db.transaction().execute(async (trx) => {
      await sql`select set_config('rankan.scope', 'all', true)`.execute(trx)
      await sql`update control_run set lease_until = '-infinity'`.execute(trx)
    })

  /** The same model of AWS in this process: what does not die needs no process of its own. */
  const model = (): ControlledEstate => ({
    organization: {
      describe: async () => {
        const { organizationId, managementAccountId } = await world()
        return { organizationId, managementAccountId, rootId: 'r-test' }
      },
      async *ous() {
        for (const { id, name, kind, parentId } of (await world()).places)
          if (kind === 'ou') yield { id, name, parentId: parentId ?? '' }
      },
      async *accountsOf() {},
    },
    controls: {
      hasLandingZone: async () => false,
      policies: {
        read: async () => (await world()).policies,
        async begin(effect) {
          await writeFile(file('world.json'), JSON.stringify(afterEffects(await world(), [effect])))
          return { done: true, result: {} }
        },
        look: () => Promise.reject(new Error('no operations')),
      },
      tower: null,
      packs: null,
      securityHub: null,
      hooks: null,
      documents: null,
    },
  })
  const goOn = (executor: string) => runAll({ ...depsOf(on, new Map(), executor), estate: model })

  async function asked(): Promise<string> {
    await writeFile(file('world.json'), JSON.stringify(smallWorld()))
    const request = { awsOrganizationId: 'aws_1', target: PRODUCTION, set: 'crash' }
    const { id } = (await http.call(CENTRE, 'POST', '/api/control-plans', request)).body as PlanView
    await goOn('planner')
    expect(await get<PlanDetail>(`/api/control-plans/${id}`)).toMatchObject({ state: 'ready', steps: 2 })
    const answer = await http.call(CENTRE, 'POST', `/api/control-plans/${id}/apply`, { reason: REASON })
    return `/api/control-applies/${(answer.body as { id: string }).id}`
  }

  it('ends with every step done once and AWS as planned, wherever the worker died', async () => {
    const undisturbed = await asked()
    await goOn('first')
    expect(await get<ApplyDetail>(undisturbed)).toMatchObject({ state: 'done', stepsDone: 2 })
    const wanted = await world()
    for (const at of ['before effect #1', 'after effect #1', 'after effect #2', 'after record #2']) {
      const apply = await asked()
      expect([at, await workUntilKilled(at)]).toEqual([at, 'SIGKILL'])
      await leaseEnds()
      await goOn('second')
      const done = await get<ApplyDetail>(apply)
      expect([at, done.state, done.stepsDone]).toEqual([at, 'done', 2])
      const attempts = done.stepList.reduce((sum, one) => sum + one.attempts, 0)
      expect([at, attempts]).toEqual([at, at.startsWith('after record') ? 2 : 3])
      expect(await world()).toEqual(wanted)
    }
  })
})
