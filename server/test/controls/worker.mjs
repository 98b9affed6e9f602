// A worker that carries out one apply of controls and kills itself with SIGKILL at the moment that CRASH_AT names. AWS is
// the model of `catalog/plan/testing.ts`, kept in a file, so that what was done there outlives the worker.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const dist = process.env.RANKAN_TEST_DIST ?? '../../dist'
const load = (name) => import(`${dist}/${name}.js`)
const { afterEffects } = await load('catalog/plan/testing')
const { systemActor } = await load('domain/people/roles')
const { systemClock } = await load('kernel/clock')
const { controlStore } = await load('storage/controls/store')
const { openDatabase } = await load('storage/database')
const { runNextControls } = await load('workflows/controls/next')

const { CRASH_URL, CRASH_WORLD, CRASH_AT } = process.env
const seen = () => JSON.parse(readFileSync(CRASH_WORLD, 'utf8'))

const count = new Map()
async function moment(name) {
  const n = (count.get(name) ?? 0) + 1
  count.set(name, n)
  if (`${name} #${n}` !== CRASH_AT) return
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

const policies = {
  read: async () => seen().policies,
  async begin(effect) {
    await moment('before effect')
    writeFileSync(CRASH_WORLD, JSON.stringify(afterEffects(seen(), [effect])))
    await moment('after effect')
    return { done: true, result: {} }
  },
}
const { organizationId, managementAccountId, places } = seen()
const estate = {
  organization: {
    describe: async () => ({ organizationId, managementAccountId, rootId: 'r-test' }),
    async *ous() {
      yield* places.filter(({ kind }) => kind === 'ou')
    },
    async *accountsOf() {},
  },
  controls: {
    hasLandingZone: async () => false,
    policies,
    tower: null,
    packs: null,
    securityHub: null,
    hooks: null,
    documents: null,
  },
}

const db = openDatabase({ url: CRASH_URL }, systemActor('worker'))
const store = controlStore({ db, clock: systemClock }, 'first')
const deps = {
  store: {
    ...store,
    async stepDone(job, number, result) {
      await store.stepDone(job, number, result)
      await moment('after record')
    },
  },
  estate: () => estate,
  library: [],
  hash: (text) => createHash('sha256').update(text).digest('hex'),
  clock: systemClock,
  timeScale: 1_000,
}
while (await runNextControls(deps, new AbortController().signal));
await db.destroy()
