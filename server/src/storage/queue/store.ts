import { sql } from 'kysely'
import { type Clock, systemClock } from '../../kernel/clock.ts'
import type { GrantedWork, QueueListener, WorkStore } from '../../ports/queue.ts'
import { type Db, listen } from '../database.ts'
import { type QueueContext, queueFacts } from './context.ts'
import { recordFirstEstimates } from './estimates.ts'
import {
  announce,
  claimWork,
  findWork,
  guardSession,
  heartbeat,
  holdsLease,
  leave,
  look,
  waitedMs,
} from './leases.ts'
import { acquireUnit, endWork, grantFree, releaseUnit, requeueWork } from './slots.ts'
import { queueStatus } from './status.ts'

/** All processes of an installation must use one channel and one lease. */
const CHANNEL = 'rankan_work'
export const LEASE_MS = 10_000

export interface WorkStoreOptions {
  readonly db: Db
  /** For LISTEN, which needs a connection of its own. */
  readonly url: string
  readonly timeScale: number
  readonly clock?: Clock
  readonly leaseMs?: number
}

export function queueContext(options: Omit<WorkStoreOptions, 'url'>): QueueContext {
  const clock = options.clock ?? systemClock
  return {
    db: options.db,
    clock,
    timeScale: options.timeScale,
    leaseMs: options.leaseMs ?? LEASE_MS,
    facts: queueFacts(options.db, clock, options.timeScale),
  }
}

/** The queue on PostgreSQL, for one executor. */
export function workStore(options: WorkStoreOptions): WorkStore {
  const on = queueContext(options)
  return {
    leaseMs: on.leaseMs,
    grant: (executorId, only) => grantFree(on, executorId, only),
    claim: (workId, executorId) => claimWork(on, workId, executorId),
    holdsLease: (workId, epoch) => holdsLease(on, workId, epoch),
    acquire: (request, executorId) => acquireUnit(on, request, executorId),
    release: (release) => releaseUnit(on, release),
    end: (workId, epoch, executorId, outcome) => endWork(on, workId, epoch, executorId, outcome),
    requeue: (workId, how) => requeueWork(on, workId, how),
    waitedMs: (workId, step) => waitedMs(on, workId, step),
    announce: (executorId) => announce(on, executorId),
    heartbeat: (executorId) => heartbeat(on, executorId),
    leave: (executorId) => leave(on, executorId),
    look: (executorId) => look(on, executorId),
    find: (workId) => findWork(on, workId),
    async signal(topic) {
      await sql`select pg_notify('rankan_work', ${JSON.stringify({ type: 'signal', topic })})`.execute(on.db)
    },
    listen: (executorId, listener) =>
      listen(options.url, CHANNEL, (payload) => hear(payload, listener), {
        first: guardSession(executorId),
        onConnected: listener.onGap,
        onLost: listener.onLost,
      }),
    estimate: () => recordFirstEstimates(on),
    status: () => queueStatus(on),
  }
}

type Message =
  | { readonly type: 'start'; readonly executor: string; readonly work: GrantedWork }
  | { readonly type: 'granted'; readonly id: string }
  | { readonly type: 'signal'; readonly topic: string }
  | { readonly type: 'free' }
  | { readonly type: 'gone' }

function hear(payload: string, listener: QueueListener): void {
  const message = JSON.parse(payload) as Message
  if (message.type === 'start') listener.onStart(message.executor, message.work)
  else if (message.type === 'granted') listener.onGranted(message.id)
  else if (message.type === 'signal') listener.onSignal(message.topic)
  else if (message.type === 'gone') listener.onGone()
  else listener.onFree()
}
