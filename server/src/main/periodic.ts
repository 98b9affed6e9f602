import type { Clock } from '../kernel/clock.ts'

interface PeriodicLog {
  warn(fields: object, message: string): void
}

export interface Periodic {
  readonly name: string
  readonly everyMs: number
  run(): Promise<unknown>
  /** Between two runs; may end before `everyMs`. Just that time when left out. */
  pause?(ms: number): Promise<unknown>
}

/** Runs a task again and again until it is told to stop; a failure is logged and never ends it. */
export function periodically(
  task: Periodic,
  clock: Clock,
  log: PeriodicLog,
  stop: AbortSignal,
): Promise<void> {
  const loop = async (): Promise<void> => {
    while (!stop.aborted) {
      try {
        await task.run()
      } catch (err) {
        if (!stop.aborted) log.warn({ err, task: task.name }, `\`${task.name}\` failed and is tried again`)
      }
      await (task.pause?.(task.everyMs) ?? clock.sleep(task.everyMs, stop)).catch(() => {})
    }
  }
  return loop()
}
