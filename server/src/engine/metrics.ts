import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { QueueStatus, WorkStore } from '../ports/queue.ts'

export interface EngineMetrics {
  readonly registry: Registry
  stepDone(step: string, seconds: number): void
  retried(step: string, code: string): void
  failed(step: string, code: string): void
  taken(count: number): void
}

/** The number behind a `#` or `:` names one of many; the step is the metric's label. */
const labelOf = (step: string) => step.replace(/[#:].*/s, '')

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

/** Several gauges are collected in one scrape; they share one look at the queue. */
const SHARE_MS = 1000

function queueGauges(store: Pick<WorkStore, 'status'>, registry: Registry): void {
  const look = shared(() => store.status())
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    fill: (gauge: Gauge, status: QueueStatus) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        this.reset()
        fill(this, await look())
      },
    })
  gauge('rankan_queue_depth', 'Approved work that has not started', [], (g, s) => g.set(s.depth))
  gauge('rankan_work_running', 'Work that holds a unit or runs', [], (g, s) => g.set(s.running))
  gauge('rankan_work_needs_repair', 'Work that waits for a person', [], (g, s) => g.set(s.needsRepair))
  gauge(
    'rankan_eta_error_p90',
    '90th percentile of the relative error of the first estimate, newest 500 pieces of work',
    [],
    (g, s) => g.set(s.etaErrorP90 ?? Number.NaN),
  )
  const labels = ['quota', 'scope']
  gauge('rankan_slots_used', 'Units of a quota that are held', labels, (g, s) => {
    for (const { quota, scope, used } of s.slots) g.set({ quota, scope }, used)
  })
  gauge('rankan_slots_waiting', 'Work that waits for a unit of a quota', labels, (g, s) => {
    for (const { quota, scope, waiting } of s.slots) g.set({ quota, scope }, waiting)
  })
}

function shared(read: () => Promise<QueueStatus>): () => Promise<QueueStatus> {
  let last: { readonly at: number; readonly value: Promise<QueueStatus> } | null = null
  return () => {
    const now = performance.now()
    if (last === null || now - last.at > SHARE_MS) last = { at: now, value: read() }
    return last.value
  }
}
