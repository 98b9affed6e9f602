import { cpuMs } from './processes.ts'
import type { World } from './world.ts'

export interface RoundTrip {
  /** CPU of one `select 1`, in milliseconds. */
  readonly client: number
  readonly server: number
}

const TIMES = 500
const APART_MS = 5 // so that both sides sleep in between, as they do at work

/** What the smallest statement costs on this machine. The timer in between is measured alone and taken off. */
export async function roundTripCpu(world: World): Promise<RoundTrip> {
  const [session] = await world.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = session?.pid ?? 0
  const timers = await clientCpu(async () => {})
  const serverBefore = cpuMs(pid)
  const client = await clientCpu(async () => void (await world.query('select 1')))
  return { client: Math.max(0, client - timers), server: (cpuMs(pid) - serverBefore) / TIMES }
}

async function clientCpu(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < TIMES; i++) {
    await work()
    await new Promise((resolve) => setTimeout(resolve, APART_MS))
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / TIMES
}
