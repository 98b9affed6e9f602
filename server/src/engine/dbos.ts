import { AsyncResource } from 'node:async_hooks'
import { DBOS, DBOSClient, type DBOSConfig, Error as DbosErrors } from '@dbos-inc/dbos-sdk'
import type { KeepPage, Page } from './journal.ts'
import type { EngineLog } from './run.ts'
import { pickUp, stillAfterLaunch, stillBeforeLaunch } from './unused.ts'

/**
 * Everything that we use of DBOS. It records the results of steps, replays a workflow from them, and hands a workflow
 * to one execution at a time (a result of an execution that lost its workflow is refused by the database). Who may
 * start when, and who takes over from whom, is decided by our own queue.
 */
export interface Durable {
  start(workflowId: string, input: DurableInput): Promise<void>
  state(workflowId: string): Promise<DurableState>
  /** Takes a workflow from whatever executes it and goes on with it here. */
  takeOver(workflowId: string): Promise<void>
  /** Goes on here with workflows that were handed over and not picked up: who did it may have died in between. */
  pickUp(): Promise<void>
  /** Runs an ended workflow again from that step on, under the same id. */
  rewind(workflowId: string, step: number): Promise<void>
  /** Makes sure that the workflow is not running, so that it can be rewound. */
  end(workflowId: string): Promise<void>
  /** The pages of its journal that are written. Null for a record that is of no use: another version's, or an error of the engine. */
  pages(workflowId: string): Promise<readonly (Page | null)[]>
  stop(): Promise<void>
}

export interface DurableInput {
  readonly workId: string
  readonly mode: 'do' | 'give_up'
}

export type DurableState = 'absent' | 'waiting' | 'running' | 'ended'

/** Of `pg`, whose home is `storage`. Who makes it ends it, after the engine has stopped. */
export type DurablePool = NonNullable<DBOSConfig['systemDatabasePool']>

export interface DurableOptions {
  readonly databaseUrl: string
  /** The connections to use; DBOS opens its own if not given. */
  readonly pool?: DurablePool
  readonly executorId: string
  readonly log: EngineLog
  readonly run: (input: DurableInput) => Promise<void>
  readonly maxConnections: number
}

/** The version of how steps are named and numbered. Executors with another version do not take each other's work. */
const WORKFLOW_VERSION = 'rankan-1'
const RECOVERIES = 1_000_000 // a workflow is never given up because executors died; people give up work
const UNUSED_EVERY_MS = 60_000
export const IDLE_TRANSACTION_MS = 5000 // a paused process must not keep rows locked

/** Errors by which DBOS steers a workflow; they pass through ours untouched. */
export const isDurableControl = (error: unknown): boolean => error instanceof DbosErrors.DBOSError

/** The only error that DBOS never records as a step's or a workflow's outcome: this execution just stops. */
export const lostWorkflow = (workflowId: string): Error =>
  new DbosErrors.DBOSWorkflowConflictError(workflowId)

const PAGE = 'page'

/** Inside a workflow only. */
export const keepPage: KeepPage = (page) => DBOS.runStep(page, { name: PAGE })

/** One per process: DBOS keeps its registry and its executor in static state. */
export async function launchDurable(options: DurableOptions): Promise<Durable> {
  DBOS.setConfig({
    name: 'rankan',
    systemDatabaseUrl: withIdleLimit(options.databaseUrl),
    ...(options.pool === undefined
      ? { systemDatabasePoolSize: options.maxConnections }
      : { systemDatabasePool: options.pool }),
    applicationVersion: WORKFLOW_VERSION,
    executorID: options.executorId,
    logger: quietly(options.log),
    // Its events and schedules are not used; by default it wakes a hundred times a second to pass on none.
    notificationCoalesceMs: UNUSED_EVERY_MS,
    schedulerPollingIntervalMs: UNUSED_EVERY_MS,
    enableOTLP: false,
    tracingEnabled: false,
  })
  stillBeforeLaunch(UNUSED_EVERY_MS)
  const work = DBOS.registerWorkflow(options.run, { name: 'work', maxRecoveryAttempts: RECOVERIES })
  await DBOS.launch()
  await stillAfterLaunch()
  // Asked from within a workflow, the list itself would become one of its records.
  const outside = new AsyncResource('rankan-durable')
  const pickUpOutside = () => outside.runInAsyncScope(() => pickUp(WORKFLOW_VERSION))
  return {
    async start(workflowId, input) {
      const handle = await DBOS.startWorkflow(work, { workflowID: workflowId })(input)
      // Its outcome is in our own queue; here only an unhandled rejection has to be avoided.
      if ('workflowPromise' in handle) void (handle.workflowPromise as Promise<void>).catch(() => {})
    },
    state: async (workflowId) => stateOf((await DBOS.getWorkflowStatus(workflowId))?.status),
    async takeOver(workflowId) {
      await DBOS.resumeWorkflow(workflowId)
      await pickUpOutside()
    },
    async rewind(workflowId, step) {
      await DBOS.rewindWorkflow(workflowId, { startStep: step })
      await pickUpOutside()
    },
    pickUp: pickUpOutside,
    end: (workflowId) => DBOS.cancelWorkflow(workflowId),
    pages: (workflowId) =>
      outside.runInAsyncScope(async () => ((await DBOS.listWorkflowSteps(workflowId)) ?? []).map(pageOf)),
    stop: () => DBOS.shutdown({ deregister: true }),
  }
}

interface RecordedStep {
  readonly name: string
  readonly output: unknown
  readonly error: unknown
}

/** Our own records only, so their shape is known. */
const pageOf = (step: RecordedStep): Page | null =>
  step.name === PAGE && step.error === null ? (step.output as Page) : null

/** Brings DBOS's own tables to its version; executors and readers that start together need them before. */
export const migrateDurable = (databaseUrl: string): Promise<void> => DBOS.migrate(databaseUrl)

/** Reads the journals of workflows from a process that runs none. */
export async function durableReader(databaseUrl: string): Promise<Pick<Durable, 'pages' | 'stop'>> {
  const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: 2 })
  return {
    pages: async (workflowId) => ((await client.listWorkflowSteps(workflowId)) ?? []).map(pageOf),
    stop: () => client.destroy(),
  }
}

function withIdleLimit(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  const given = url.searchParams.get('options')
  const mine = `-c idle_in_transaction_session_timeout=${IDLE_TRANSACTION_MS}`
  url.searchParams.set('options', given === null ? mine : `${given} ${mine}`)
  return url.toString()
}

function stateOf(status: string | undefined): DurableState {
  if (status === undefined) return 'absent'
  if (status === 'PENDING') return 'running'
  return status === 'ENQUEUED' || status === 'DELAYED' ? 'waiting' : 'ended'
}

/** DBOS reports each parked execution and each poll of its queue; only its errors are news to an operator. */
const quietly = (log: EngineLog) => ({
  debug: () => {},
  info: (entry: unknown) => log.debug({ from: 'dbos' }, String(entry)),
  warn: (entry: unknown) => log.debug({ from: 'dbos' }, String(entry)),
  error: (entry: unknown) => log.warn({ from: 'dbos' }, String(entry)),
})
