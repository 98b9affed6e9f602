import { randomUUID } from 'node:crypto'
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import { DynamicSchedulerLoop } from '@dbos-inc/dbos-sdk/internal/scheduler/scheduler'
import { INTERNAL_QUEUE_NAME } from '@dbos-inc/dbos-sdk/internal/utils'
import { wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue'
import { workflowTimeoutConfig } from '@dbos-inc/dbos-sdk/internal/workflow_management'

/**
 * What DBOS does by itself all the time and nobody here needs. Each second it asks for queues (ours is our own), for
 * delays and time limits of workflows (none has any), for a minute for schedules (none either), and for workflows that were handed over: the last alone is needed,
 * and only after one of our own calls, see `pickUp`. Ten times a second it looks for traces to export. Of a worker that
 * waits for AWS that was most of its work, and of PostgreSQL's.
 *
 * These are DBOS's internal modules, of the exact version that `package.json` names.
 */
export function stillBeforeLaunch(everyMs: number): void {
  workflowTimeoutConfig.pollingIntervalMs = everyMs
  wfQueueRunner.dispatchLoop = () => Promise.resolve()
  DynamicSchedulerLoop.prototype.initialize = () => Promise.resolve()
}

/** After the launch: nothing is exported, so that the collector of what to export may end at once. */
export async function stillAfterLaunch(): Promise<void> {
  await DBOSExecutor.globalInstance?.logger.destroy()
}

/** Runs here the workflows that were handed over to whoever asks next. DBOS's own loop asked each second. */
export async function pickUp(applicationVersion: string): Promise<void> {
  const executor = DBOSExecutor.globalInstance
  const queue = wfQueueRunner.getInternalQueue(INTERNAL_QUEUE_NAME)
  if (executor === undefined || queue === undefined) return
  const owner = randomUUID()
  const { systemDatabase, executorID } = executor
  const ids = await systemDatabase.findAndMarkStartableWorkflows(
    queue,
    executorID,
    applicationVersion,
    undefined,
    0,
    0,
    owner,
  )
  await executor.dispatchDequeuedWorkflows(ids, owner)
}
