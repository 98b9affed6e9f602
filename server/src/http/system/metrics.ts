import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { RequestTimer } from '../app.ts'

export interface ServerMetrics {
  readonly registry: Registry
  readonly timer: RequestTimer
}

/** Prometheus metrics of the server process; the engine adds its own to the same registry. */
export function serverMetrics(): ServerMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'rankan_' })
  const requests = new Histogram({
    name: 'rankan_http_request_duration_seconds',
    help: 'Time to answer an API request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  return {
    registry,
    timer: {
      observe: (method, route, status, seconds) =>
        requests.labels(method, route, String(status)).observe(seconds),
    },
  }
}
