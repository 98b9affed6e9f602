import { DBOS, DBOSClient, Error as DbosErrors } from '@dbos-inc/dbos-sdk'
import type { EngineLog } from './run.ts'

/**
 * Everything that we use of DBOS. It records the results of steps, replays a workflow from them, and hands a workflow
 * to one execution at a time (a result of an execution that lost its workflow is refused by the database). Who may
 * start when, and who takes over from whom, is decided by our own queue.
 */
export interface Durable {
  start(workflowId: string, input: DurableInput): Promise<void>
  state(workflowId: string): Promise<DurableState>
  /** Takes a workflow from whatever executes it and hands it to a living executor. */
  takeOver(workflowId: string): Promise<void>
  /** Runs an ended workflow again from that step on, under the same id. */
  rewind(workflowId: string, step: number): Promise<void>
  /** Makes sure that the workflow is not running, so that it can be rewound. */
  end(workflowId: string): Promise<void>
  /** Number of the first step whose record is of no use (an error of the engine, never a result); else of the next step. */
  firstUselessStep(workflowId: string): Promise<number>
  /** Number of the last step of that name; null if it never ended. */
  stepNumber(workflowId: string, name: string): Promise<number | null>
  stop(): Promise<void>
}

export interface DurableInput {
  readonly workId: string
  readonly mode: 'do' | 'give_up'
}

export type DurableState = 'absent' | 'waiting' | 'running' | 'ended'

export interface DurableOptions {
  readonly databaseUrl: string
  readonly executorId: string
  readonly log: EngineLog
  readonly run: (input: DurableInput) => Promise<void>
  readonly maxConnections: number
}

/** The version of how steps are named and numbered. Executors with another version do not take each other's work. */
const WORKFLOW_VERSION = 'rankan-1'
const RECOVERIES = 1_000_000 // a workflow is never given up because executors died; people give up work
const IDLE_TRANSACTION_MS = 5000 // a paused process must not keep rows locked

/** Errors by which DBOS steers a workflow; they pass through ours untouched. */
export const isDurableControl = (error: unknown): boolean => error instanceof DbosErrors.DBOSError

/** Name of the recorded step that the workflow did not ask for; null when the error is another one. */
export async function unexpectedStep(error: unknown): Promise<string | null> {
  if (!(error instanceof DbosErrors.DBOSUnexpectedStepError)) return null
  const { workflowID, stepID } = error
  const steps = (await DBOS.listWorkflowSteps(workflowID)) ?? []
  return steps.find((step) => step.functionID === stepID)?.name ?? null
}

/** The only error that DBOS never records as a step's or a workflow's outcome: this execution just stops. */
export const lostWorkflow = (workflowId: string): Error =>
  new DbosErrors.DBOSWorkflowConflictError(workflowId)

export const recordStep = <T>(name: string, body: () => Promise<T>): Promise<T> =>
  DBOS.runStep(body, { name })

/** One per process: DBOS keeps its registry and its executor in static state. */
export async function launchDurable(options: DurableOptions): Promise<Durable> {
  DBOS.setConfig({
    name: 'rankan',
    systemDatabaseUrl: withIdleLimit(options.databaseUrl),
    systemDatabasePoolSize: options.maxConnections,
    applicationVersion: WORKFLOW_VERSION,
    executorID: options.executorId,
    logger: quietly(options.log),
    enableOTLP: false,
    tracingEnabled: false,
  })
  const work = DBOS.registerWorkflow(options.run, { name: 'work', maxRecoveryAttempts: RECOVERIES })
  await DBOS.launch()
  return {
    async start(workflowId, input) {
      const handle = await DBOS.startWorkflow(work, { workflowID: workflowId })(input)
      // Its outcome is in our own queue; here only an unhandled rejection has to be avoided.
      if ('workflowPromise' in handle) void (handle.workflowPromise as Promise<void>).catch(() => {})
    },
    state: async (workflowId) => stateOf((await DBOS.getWorkflowStatus(workflowId))?.status),
    takeOver: async (workflowId) => void (await DBOS.resumeWorkflow(workflowId)),
    rewind: async (workflowId, step) => void (await DBOS.rewindWorkflow(workflowId, { startStep: step })),
    end: (workflowId) => DBOS.cancelWorkflow(workflowId),
    ...stepNumbers((workflowId) => DBOS.listWorkflowSteps(workflowId)),
    stop: () => DBOS.shutdown({ deregister: true }),
  }
}

interface RecordedStep {
  readonly functionID: number
  readonly name: string
  readonly error: unknown
}

/** Brings DBOS's own tables to its version; executors and readers that start together need them before. */
export const migrateDurable = (databaseUrl: string): Promise<void> => DBOS.migrate(databaseUrl)

/** Reads the records of workflows from a process that runs none. */
export async function durableReader(
  databaseUrl: string,
): Promise<Pick<Durable, 'stepNumber' | 'firstUselessStep' | 'stop'>> {
  const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: 2 })
  return {
    ...stepNumbers((workflowId) => client.listWorkflowSteps(workflowId)),
    stop: () => client.destroy(),
  }
}

const stepNumbers = (
  list: (workflowId: string) => Promise<readonly RecordedStep[] | undefined>,
): Pick<Durable, 'stepNumber' | 'firstUselessStep'> => ({
  firstUselessStep: async (workflowId) => {
    const steps = (await list(workflowId)) ?? []
    return steps.find((step) => step.error !== null)?.functionID ?? steps.length
  },
  stepNumber: async (workflowId, name) => {
    const steps = (await list(workflowId)) ?? []
    return steps.findLast((step) => step.name === name)?.functionID ?? null
  },
})

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
