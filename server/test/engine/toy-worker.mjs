// A worker process with toy workflows on the real engine, for tests and benchmarks of the engine alone.
// Effects are rows in `toy_effect`, one for every call, so that a test sees what ran twice.
import { randomBytes } from 'node:crypto'
import pg from 'pg'

const dist = process.env.RANKAN_TEST_DIST ?? '../../dist'
const { IDLE_TRANSACTION_MS, startEngine } = await import(`${dist}/engine/index.js`)
const { openDatabase, openPool } = await import(`${dist}/storage/database.js`)
const { workStore } = await import(`${dist}/storage/queue/store.js`)
const { RankanError } = await import(`${dist}/kernel/errors.js`)

const url = process.env.TOY_DATABASE_URL
const timeScale = Number(process.env.TOY_TIME_SCALE ?? '1000')
const operationMs = Number(process.env.TOY_OPERATION_MS ?? '1800000') / timeScale
const throttleShare = Number(process.env.TOY_THROTTLE ?? '0')
const executorId = `${process.env.TOY_NAME ?? 'toy'}-${process.pid}-${randomBytes(3).toString('hex')}`
const world = new pg.Pool({ connectionString: url, max: 5 })
world.on('error', () => {})

const effect = (workId, step) =>
  world.query('insert into toy_effect (work_id, step, executor) values ($1, $2, $3)', [
    workId,
    step,
    executorId,
  ])

function maybeThrottle() {
  if (Math.random() < throttleShare)
    throw new RankanError('throttled', 'ThrottlingException', 'Rate exceeded')
}

// The account exists once per work, however often it is asked for, and is ready after `operationMs`.
async function begin(workId) {
  maybeThrottle()
  await effect(workId, 'begin')
  await world.query('insert into toy_account (work_id) values ($1) on conflict do nothing', [workId])
  return workId
}

async function look(workId) {
  maybeThrottle()
  const result = await world.query(
    "select begun_at < clock_timestamp() - $2 * interval '1 millisecond' as ready from toy_account where work_id = $1",
    [workId, operationMs],
  )
  return result.rows[0]?.ready ? 'ready' : null
}

const limits = { firstMs: 60_000, everyMs: 30_000, timeoutMs: 7_200_000 }
const small = (ctx, workId, name) =>
  ctx.step(name, async () => {
    maybeThrottle()
    await effect(workId, name)
  })

const isMarked = async (workId) =>
  (await world.query('select 1 from toy_mark where work_id = $1', [workId])).rows.length > 0

const kinds = [
  {
    kind: 'vend',
    async do(ctx, workId) {
      await small(ctx, workId, 'reserve')
      await ctx.holding('account_operations', 'aws_1', async () => {
        await ctx.step('begin', () => begin(workId))
        await ctx.until('ready', `toy:${workId}`, () => look(workId), limits)
      })
      for (const name of ['contacts', 'budget']) await small(ctx, workId, name)
      await ctx.holding('assignments_in_flight', 'aws_1', () => small(ctx, workId, 'assign'))
      await small(ctx, workId, 'finish')
    },
    giveUp: (ctx, workId) => small(ctx, workId, 'clean'),
  },
  {
    kind: 'move',
    async do(ctx, workId) {
      await small(ctx, workId, 'before')
      await ctx.holding('account_operations', 'aws_1', async () => {
        const marked = await ctx.step('check', () => isMarked(workId))
        if (!marked)
          await ctx.fail('check', { code: 'not_marked', message: 'Mark it first.', correctable: ['mark'] })
        await small(ctx, workId, 'inside')
      })
      await small(ctx, workId, 'after')
    },
    giveUp: (ctx, workId) => small(ctx, workId, 'clean'),
  },
]

const quiet = () => {}
const log = process.env.TOY_LOG
  ? {
      debug: quiet,
      info: (fields, text) => console.error(executorId, text, JSON.stringify(fields)),
      warn: (fields, text) => console.error(executorId, 'WARN', text, JSON.stringify(fields)),
      error: (fields, text) => console.error(executorId, 'ERROR', text, JSON.stringify(fields)),
    }
  : { debug: quiet, info: quiet, warn: quiet, error: quiet }
const observer = {
  async tell(workId, moments) {
    for (const moment of moments)
      await world.query('insert into toy_told (work_id, kind, body) values ($1, $2, $3)', [
        workId,
        moment.type,
        moment,
      ])
  },
}
const orders = {
  started: (workId) => effect(workId, 'order:started'),
  needsRepair: (workId) => effect(workId, 'order:needs-repair'),
  over: async () => false,
}

const db = openDatabase({ url, maxConnections: 8, steady: true, onError: quiet })
const durablePool = openPool({
  url,
  maxConnections: 8,
  steady: true,
  idleInTransactionMs: IDLE_TRANSACTION_MS,
  onError: quiet,
})
const store = workStore({ db, url, timeScale, leaseMs: Number(process.env.TOY_LEASE_MS ?? '4000') })
const engine = await startEngine({
  databaseUrl: url,
  durablePool,
  store,
  executorId,
  kinds,
  orders,
  observer,
  log,
  timeScale,
})
process.send?.({ ready: executorId })
process.on('message', async (message) => {
  try {
    if (message.retry) await engine.retry(message.retry, { fromStep: message.fromStep })
    if (message.abandon) await engine.abandon(message.abandon, 'test')
    if (message.metrics) process.send?.({ metrics: await engine.metrics.registry.metrics() })
    if (message.cpu) process.send?.({ cpu: process.cpuUsage() })
    process.send?.({ done: message })
  } catch (error) {
    process.send?.({ error: error.message })
  }
})
process.on('SIGTERM', async () => {
  await engine.stop()
  await Promise.all([db.destroy(), durablePool.end()])
  await world.end()
  process.exit(0)
})
