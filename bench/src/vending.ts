import { applyForAll, makeTenants, shares, type Tenant } from './applications.ts'
import { chaos } from './chaos.ts'
import {
  accountOperations,
  audit,
  countWork,
  mean,
  percentile,
  readWork,
  round,
  secondsOf,
  type WorkRow,
} from './measure.ts'
import { cpuMs, familyCpuMs } from './processes.ts'
import { type RoundTrip, roundTripCpu } from './round-trip.ts'
import { startWorld, type World } from './world.ts'

export interface VendingOptions {
  readonly accounts: number
  readonly workers: number
  readonly chaos: boolean
  readonly timeScale: number
  readonly keep: boolean
}

const SLOTS = 5
const SMALL_BATCH = 5 // accounts of each tenant but the one with the big batch

/** The real product on a real PostgreSQL and the sandbox estate: all applications are approved, then the workers start. */
export async function vending(options: VendingOptions): Promise<object> {
  const world = await startWorld(options)
  try {
    const tenants = await makeTenants(world, shares(options.accounts, SMALL_BATCH))
    say(`${options.accounts} applications of ${tenants.length} tenants`)
    await applyForAll(world, tenants)
    const postgresBefore = familyCpuMs(world.postgresPid)
    const sandboxBefore = cpuMs(world.sandboxPid)
    await world.workers.start()
    const disturbance = options.chaos ? await chaos(world) : null
    const half = await untilAllDone(world, options.accounts)
    const disturbed = (await disturbance?.stop()) ?? null
    const workers = world.workers.workCpuMs()
    const cpu = {
      workers,
      warmUp: warmUpOf(half, { done: options.accounts, cpuMs: workers }),
      postgres: familyCpuMs(world.postgresPid) - postgresBefore,
      sandbox: cpuMs(world.sandboxPid) - sandboxBefore,
      idlePerMs: await idleCpu(world),
      roundTrip: await roundTripCpu(world),
    }
    return await report(world, options, tenants, cpu, disturbed)
  } finally {
    await world.stop()
    if (options.keep) say(`kept: ${world.dir}`)
  }
}

const IDLE_MS = 10_000

/** CPU of all workers together for each millisecond in which all is done. */
async function idleCpu(world: World): Promise<number> {
  const before = world.workers.workCpuMs()
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  return (world.workers.workCpuMs() - before) / IDLE_MS
}

const say = (text: string) => console.error(text)

/** How many accounts were done when the workers had used so much. */
interface Reached {
  readonly done: number
  readonly cpuMs: number
}

/** @returns where about half of the accounts were done. */
async function untilAllDone(world: World, accounts: number): Promise<Reached> {
  let last = ''
  let half: Reached | null = null
  for (;;) {
    const { done, stuck } = await countWork(world).catch(() => ({ done: 0, stuck: 0 }))
    const text = `${done} of ${accounts} done${stuck > 0 ? `, ${stuck} wait for repair` : ''}`
    if (text !== last) say(text)
    last = text
    if (half === null && done >= accounts / 2) half = { done, cpuMs: world.workers.workCpuMs() }
    if (done + stuck >= accounts) return half ?? { done, cpuMs: world.workers.workCpuMs() }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** What the accounts of the first half cost more than those of the second: code that runs for the first time, compiled. */
function warmUpOf(half: Reached, all: Reached): number {
  const later = all.done - half.done
  if (later <= 0) return 0
  return Math.max(0, half.cpuMs - (half.done * (all.cpuMs - half.cpuMs)) / later)
}

/** All in milliseconds. */
interface Cpu {
  readonly workers: number
  readonly warmUp: number
  readonly postgres: number
  readonly sandbox: number
  readonly idlePerMs: number
  readonly roundTrip: RoundTrip
}

async function report(
  world: World,
  options: VendingOptions,
  tenants: readonly Tenant[],
  cpu: Cpu,
  disturbed: object | null,
): Promise<object> {
  const work = await readWork(world)
  const records = (await accountOperations(world)).filter(
    (record) => record.RecordType === 'PROVISION_PRODUCT',
  )
  const virtual = (seconds: number) => seconds * options.timeScale
  const operations = records.filter((record) => record.Status === 'SUCCEEDED').map(secondsOf)
  const ideal = operations.reduce((a, b) => a + b, 0) / SLOTS
  const makespan = virtual(Math.max(...work.map((row) => row.done)))
  const found = await audit(world, options.accounts)
  return {
    benchmark: 'vending',
    accounts: options.accounts,
    workers: options.workers,
    chaos: options.chaos,
    makespan_virtual_s: round(makespan, 0),
    ideal_virtual_s: round(ideal, 0),
    ratio: round(makespan / ideal),
    duplicates: found.duplicates,
    lost: found.lost,
    needs_repair: work.filter((row) => row.state === 'needs_repair').length,
    cpu_ms_per_account: round(cpu.workers / options.accounts, 1),
    max_wait_ratio_between_tenants: waitRatio(work, tenants),
    eta_error_p90: etaError(work),
    details: {
      time_scale: options.timeScale,
      tenants: tenants.length,
      operation_virtual_s_mean: round(mean(operations), 0),
      provision_records: records.length,
      slot_virtual_s_mean: round(virtual(mean(work.map((row) => row.released - row.granted))), 0),
      // Real time of ours within a unit: before AWS begins, and after it has ended until the unit is given on.
      before_operation_ms_mean: round(1000 * mean(work.map((row) => row.begun - row.granted)), 0),
      after_operation_ms_mean: round(
        1000 * (mean(work.map((row) => row.released - row.begun)) - mean(operations) / options.timeScale),
        0,
      ),
      tail_virtual_s_mean: round(virtual(mean(work.map((row) => row.done - row.released))), 0),
      wait_virtual_s_mean_small_tenants: round(virtual(mean(waits(work, smallOf(tenants)))), 0),
      wait_virtual_s_mean_big_tenant: round(virtual(mean(waits(work, tenants.slice(0, 1)))), 0),
      postgres_cpu_ms_per_account: round(cpu.postgres / options.accounts, 1),
      sandbox_cpu_ms_per_account: round(cpu.sandbox / options.accounts, 1),
      workers_and_postgres_cpu_ms_per_account: round((cpu.workers + cpu.postgres) / options.accounts, 1),
      // Within `cpu_ms_per_account` too: it is spent once, however many accounts there are.
      warm_up_cpu_ms_per_account: round(cpu.warmUp / options.accounts, 1),
      warm_up_cpu_ms_per_worker: round(cpu.warmUp / options.workers, 0),
      // What the same workers spend in the same time when there is nothing to do; it is within `cpu_ms_per_account`.
      idle_cpu_ms_per_worker_and_s: round((cpu.idlePerMs * 1000) / options.workers, 1),
      background_cpu_ms_per_account: round(
        (cpu.idlePerMs * 1000 * (makespan / options.timeScale)) / options.accounts,
        1,
      ),
      // By this a reader can tell how fast this machine is: one `select 1` that is sent when nothing else goes on.
      round_trip_cpu_ms: { client: round(cpu.roundTrip.client, 2), server: round(cpu.roundTrip.server, 2) },
      worker_start_cpu_ms: round(world.workers.startCpuMs(), 0),
      disturbed,
    },
  }
}

const smallOf = (tenants: readonly Tenant[]) => tenants.slice(1)

const waits = (work: readonly WorkRow[], tenants: readonly Tenant[]): readonly number[] => {
  const ids = new Set(tenants.map((tenant) => tenant.id))
  return work.filter((row) => ids.has(row.tenantId)).map((row) => row.granted)
}

/** Between tenants that asked for the same number of accounts at the same time: the longest mean wait over the shortest. */
function waitRatio(work: readonly WorkRow[], tenants: readonly Tenant[]): number | null {
  const means = smallOf(tenants).map((tenant) => mean(waits(work, [tenant])))
  return means.length < 2 ? null : round(Math.max(...means) / Math.max(Math.min(...means), 0.001), 2)
}

function etaError(work: readonly WorkRow[]): number | null {
  const errors = work.flatMap((row) => (row.etaError === null ? [] : [row.etaError]))
  const value = percentile(errors, 0.9)
  return value === null ? null : round(value)
}
