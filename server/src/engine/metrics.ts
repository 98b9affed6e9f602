import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { WorkStore } from '../ports/queue.ts'

export interface EngineMetrics {
  readonly registry: Registry
  stepDone(step: string, seconds: number): void
  retried(step: string, code: string): void
  failed(step: string, code: string): void
  taken(count: number): void
}

/** The number behind a `#` or `:` names one of many; the step is the metric's label. */
const labelOf = (step: string) => step.replace(/[#:].*$/, '')

/** Prometheus metrics of one executor; the queue's own are read from the database when they are scraped. */
export function engineMetrics(store: Pick<WorkStore, 'status'>, registry = new Registry()): EngineMetrics {
  const registers = [registry]
  const steps = new Histogram({
    name: 'rankan_step_duration_seconds',
    help: 'Time from the first attempt of a step to its result',
    labelNames: ['step'],
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 1800, 3600],
    registers,
  })
  const retries = new Counter({
    name: 'rankan_step_retries_total',
    help: 'Attempts of a step that failed and were made again',
    labelNames: ['step', 'code'],
    registers,
  })
  const failures = new Counter({
    name: 'rankan_step_failures_total',
    help: 'Steps that ended as failed and wait for repair',
    labelNames: ['step', 'code'],
    registers,
  })
  const taken = new Counter({
    name: 'rankan_work_taken_over_total',
    help: 'Work taken over from executors that died',
    registers,
  })
  queueGauges(store, registry)
  return {
    registry,
    stepDone: (step, seconds) => steps.observe({ step: labelOf(step) }, seconds),
    retried: (step, code) => retries.inc({ step: labelOf(step), code }),
    failed: (step, code) => failures.inc({ step: labelOf(step), code }),
    taken: (count) => taken.inc(count),
  }
}

function queueGauges(store: Pick<WorkStore, 'status'>, registry: Registry): void {
  const registers = [registry]
  const slots = new Gauge({
    name: 'rankan_slots_used',
    help: 'Units of a quota that are held',
    labelNames: ['quota', 'scope'],
    registers,
  })
  const waiting = new Gauge({
    name: 'rankan_slots_waiting',
    help: 'Work that waits for a unit of a quota',
    labelNames: ['quota', 'scope'],
    registers,
  })
  const repair = new Gauge({
    name: 'rankan_work_needs_repair',
    help: 'Work that waits for a person',
    registers,
  })
  const eta = new Gauge({
    name: 'rankan_eta_error_p90',
    help: '90th percentile of the relative error of the first estimate, newest 500 pieces of work',
    registers,
  })
  new Gauge({
    name: 'rankan_queue_depth',
    help: 'Approved work that has not started',
    registers,
    async collect() {
      const status = await store.status()
      this.set(status.depth)
      repair.set(status.needsRepair)
      eta.set(status.etaErrorP90 ?? Number.NaN)
      slots.reset()
      waiting.reset()
      for (const slot of status.slots) {
        slots.set({ quota: slot.quota, scope: slot.scope }, slot.used)
        waiting.set({ quota: slot.quota, scope: slot.scope }, slot.waiting)
      }
    },
  })
}
