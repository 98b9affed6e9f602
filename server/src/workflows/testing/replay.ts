import type { Effect, StepFailure, WorkflowContext } from '../../ports/workflow.ts'

/** The process died here. Nothing of the run is left but its journal. */
export class Crash extends Error {}

export class NeedsRepair extends Error {
  readonly step: string
  readonly failure: StepFailure
  constructor(step: string, failure: StepFailure) {
    super(failure.message)
    this.step = step
    this.failure = failure
  }
}

export interface Journal {
  /** Results of finished steps, in order, as JSON: what a durable engine would give back after a crash. */
  readonly done: { readonly step: string; readonly result: string }[]
  readonly held: Map<string, number>
  /** Most units of one quota that were held at one time. */
  readonly most: Map<string, number>
}

export const journal = (): Journal => ({ done: [], held: new Map(), most: new Map() })

/** A durable engine in thirty lines: replays what the journal holds, and fails loudly when the workflow is not deterministic. */
export function replayContext(workflowId: string, log: Journal): WorkflowContext {
  let position = 0
  log.held.clear()
  const step = async <T>(name: string, effect: Effect<T>): Promise<T> => {
    const known = log.done[position++]
    if (known) {
      if (known.step !== name)
        throw new Error(`Not deterministic: step ${position} was \`${known.step}\` and is \`${name}\`.`)
      return JSON.parse(known.result) as T
    }
    const result = await effect(true)
    log.done.push({ step: name, result: JSON.stringify(result ?? null) })
    return result
  }
  return {
    workflowId,
    step,
    until: (name, _topic, look) =>
      step(name, async () => {
        for (let i = 0; i < 50; i++) {
          const found = await look()
          if (found !== null) return found
        }
        throw new Error(`The step \`${name}\` never came to an end.`)
      }),
    async holding(quota, scope, body) {
      const key = `${quota}@${scope}`
      const now = (log.held.get(key) ?? 0) + 1
      log.held.set(key, now)
      log.most.set(key, Math.max(now, log.most.get(key) ?? 0))
      try {
        return await body()
      } finally {
        log.held.set(key, now - 1)
      }
    },
    fail: async (name, failure) => {
      throw new NeedsRepair(name, failure)
    },
  }
}

/** As a person's retry: forgets the named step and everything after it. */
export function rewind(log: Journal, fromStep: string): void {
  const at = log.done.findIndex((one) => one.step === fromStep)
  if (at >= 0) log.done.splice(at)
}
