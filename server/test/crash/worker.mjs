// A worker process on the real engine, whose ports and stores are wrapped by a counting decorator. It kills itself
// with SIGKILL at the effect that the plan names for a work, once; whoever takes the work over goes on.
import { randomBytes } from 'node:crypto'
import { appendFileSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'

const dist = process.env.RANKAN_TEST_DIST ?? '../../dist'
const load = (name) => import(`${dist}/${name}.js`)
const { IDLE_TRANSACTION_MS, startEngine } = await load('engine/index')
const { createEstate } = await load('aws/estate')
const { systemClock } = await load('kernel/clock')
const { openDatabase, openPool } = await load('storage/database')
const { workStore } = await load('storage/queue/store')
const { applicationOrders } = await load('storage/applications/order-store')
const { composeOrderStore } = await load('storage/estate/order-store')
const { accountRegister } = await load('storage/estate/register')
const { lifecycleStore } = await load('storage/estate/lifecycle')
const { timelineObserver } = await load('storage/estate/timeline')
const { bindWorkflows } = await load('workflows/registry')
const { consumeLifecycle } = await load('workflows/lifecycle')
const { counted } = await load('workflows/testing/count')
const { TIMINGS } = await load('workflows/timings')

const url = process.env.CRASH_DATABASE_URL
const folder = process.env.CRASH_FOLDER
const timeScale = Number(process.env.CRASH_TIME_SCALE)
const executorId = `crash-${process.pid}-${randomBytes(3).toString('hex')}`
const readJson = (name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'))

// What only reads: dying before it is the same as dying after the effect before it.
const READS =
  /^(orders\.(load|over|creationAttempt)|register\.account|estate\.organization\.(describe|account|parentOf|childOu|ouState)|estate\.identity\.(members|findGroup)|estate\.contacts\.read)$/
// What waits for AWS looks again and again; dying at the first look of each wait is dying in the middle of the wait.
const LOOKS = /^(estate\.creation\.look|estate\.identity\.look\w+|lifecycle\.latest)$/

// Counts the effects of one execution. `key` names the work and whether it is done or given up.
function probeFor(key) {
  const count = new Map()
  const point = (effect, args) => {
    const name = LOOKS.test(effect) ? `${effect}(${JSON.stringify(args)})` : effect
    const n = (count.get(name) ?? 0) + 1
    count.set(name, n)
    if (!LOOKS.test(effect)) return `${effect}#${n}`
    if (n > 1) return null
    const waits = (count.get(`waits ${effect}`) ?? 0) + 1
    count.set(`waits ${effect}`, waits)
    return `${effect}#${waits}`
  }
  let current = null
  return async (effect, moment, args) => {
    if (READS.test(effect)) return
    if (moment === 'before') current = point(effect, args)
    if (current === null) return
    const here = `${moment} ${current}`
    appendFileSync(path.join(folder, `${key}.seen`), `${here}\n`)
    if (readJson('plan.json')[key] === here) await dieOnce(key)
  }
}

async function dieOnce(key) {
  try {
    openSync(path.join(folder, `${key}.died`), 'wx')
  } catch {
    return
  }
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

const estates = new Map()
const stop = new AbortController()
function estateFor(id) {
  const known = estates.get(id)
  if (known) return known
  const onEventError = (error) => console.error(executorId, 'event', String(error))
  const estate = createEstate({
    id,
    clock: systemClock,
    onEventError,
    ...readJson('organizations.json')[id],
  })
  estates.set(id, estate)
  const consume = async () => {
    while (!stop.signal.aborted)
      await consumeLifecycle(lifecycle, estate, stop.signal).catch(async (error) => {
        if (process.env.CRASH_LOG) console.error(executorId, 'lifecycle', error.message)
        await new Promise((resolve) => setTimeout(resolve, 200))
      })
  }
  void consume()
  return estate
}

const db = openDatabase({ url, maxConnections: 5, steady: true, onError: () => {} })
const durablePool = openPool({
  url,
  maxConnections: 5,
  steady: true,
  idleInTransactionMs: IDLE_TRANSACTION_MS,
  onError: () => {},
})
const on = { db, clock: systemClock }
const queue = workStore({ db, url, timeScale, leaseMs: Number(process.env.CRASH_LEASE_MS) })
// The probe of the execution of each work that runs here: a claim begins one.
const probes = new Map()
const seenInQueue =
  (name, workIdOf) =>
  async (...args) => {
    const probe = probes.get(workIdOf(args))
    await probe?.(`queue.${name}`, 'before', args)
    const result = await queue[name](...args)
    await probe?.(`queue.${name}`, 'after', args)
    return result
  }
const store = {
  ...queue,
  async claim(workId, executor) {
    const claim = await queue.claim(workId, executor)
    if (claim !== null) probes.set(workId, probeFor(`${workId}~${claim.mode}`))
    return claim
  },
  acquire: seenInQueue('acquire', ([request]) => request.workId),
  release: seenInQueue('release', ([release]) => release.workId),
  end: seenInQueue('end', ([workId]) => workId),
}
const orders = composeOrderStore(on, applicationOrders(on))
const register = accountRegister(on)
const lifecycle = lifecycleStore(on)

function depsFor(workId) {
  const probe = probes.get(workId) ?? (async () => {})
  const wrapped = new Map()
  const estate = (id) => {
    const { events: _, destroy: __, ...ports } = estateFor(id)
    if (!wrapped.has(id)) wrapped.set(id, counted(ports, 'estate', probe))
    return wrapped.get(id)
  }
  return {
    orders: counted(orders, 'orders', probe),
    register: counted(register, 'register', probe),
    lifecycle: counted(lifecycle, 'lifecycle', probe),
    estate,
    // The event may come late after a death; here only the event may confirm, so that all runs end alike.
    timings: {
      ...TIMINGS,
      looksBeforeConfirmingWithoutEvent: Number(process.env.CRASH_LOOKS ?? 1_000_000),
      confirmation: { firstMs: 0, everyMs: 60_000, timeoutMs: 60_000 * timeScale },
    },
  }
}

const kinds = bindWorkflows(depsFor('')).map(({ kind }) => {
  const workflow = (mode) => (ctx, workId) =>
    bindWorkflows(depsFor(workId))
      .find((one) => one.kind === kind)
      [mode](ctx, workId)
  return { kind, do: workflow('do'), giveUp: workflow('giveUp') }
})

const quiet = () => {}
const say = (level) => (fields, text) => console.error(executorId, level, text, JSON.stringify(fields))
const log =
  process.env.CRASH_LOG === 'worker'
    ? { debug: quiet, info: say('info'), warn: say('WARN'), error: say('ERROR') }
    : { debug: quiet, info: quiet, warn: quiet, error: say('ERROR') }

const engine = await startEngine({
  databaseUrl: url,
  durablePool,
  store,
  executorId,
  kinds,
  orders,
  observer: timelineObserver(on),
  log,
  timeScale,
  pageMs: Number(process.env.CRASH_PAGE_MS ?? 2000),
})
process.send?.({ ready: executorId })
process.on('SIGTERM', async () => {
  stop.abort()
  await engine.stop()
  await Promise.all([db.destroy(), durablePool.end()])
  process.exit(0)
})
process.on('disconnect', () => process.exit(1))
