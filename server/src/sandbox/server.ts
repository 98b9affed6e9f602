/** The sandbox estate as a server: `startSandbox` opens the world, seeds it if it is empty, and listens on 127.0.0.1. */

import { join } from 'node:path'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { type Check, checksOf } from './access/checks.ts'
import type { CallCount } from './control/api.ts'
import { type ControlParts, control } from './control/routes.ts'
import { dispatch } from './core/dispatch.ts'
import { serveHttp } from './core/http.ts'
import { loadModel } from './core/load-model.ts'
import { mergeSettings } from './core/settings.ts'
import { createThrottle } from './core/throttle.ts'
import { openWorld, type Runtime } from './core/world.ts'
import { credentialsOf, type SandboxCredentials, seedDemo } from './seed/seed.ts'
import { allServices } from './services/index.ts'
import { isOpen, organizationView } from './services/organizations/scps.ts'
import { coreSettings } from './settings/core.ts'
import type { FinishedCall } from './trail/record.ts'
import { trailSettings } from './trail/settings.ts'
import { openTrail, type Trail } from './trail/trail.ts'

export interface SandboxOptions {
  /** Folder of snapshot and journal; null keeps everything in memory. */
  readonly dataDir: string | null
  /** 0 (default): any free port. */
  readonly port?: number
  /** Virtual seconds per real second, default 1; a data folder remembers what was set later. */
  readonly timeScale?: number
  /** Default 1. The same seed and the same calls give the same estate. */
  readonly seed?: number
  /** IAM actions of the role `RankanControlPlane`; everything else is denied to it. */
  readonly allowedActions: readonly string[]
  /** `demo` (default): the two organisations of the demo; `empty`: none, make them by the control API. */
  readonly estate?: 'demo' | 'empty'
  /** Where the organisations' CloudTrail goes: default `cloudtrail` in `dataDir` (none in memory); null: nowhere. */
  readonly trailDir?: string | null
  /** Sees each call that was authorised or denied, with what was asked of the policies. */
  readonly observe?: (call: ObservedCall) => void
  readonly clock?: Clock
  readonly log?: (message: string, fields: Record<string, unknown>) => void
}

export interface ObservedCall {
  readonly requestId: string
  readonly service: string
  readonly operation: string
  readonly checks: readonly Check[]
  /** null: it worked. */
  readonly errorCode: string | null
}

export interface Sandbox {
  readonly url: string
  readonly port: number
  readonly runtime: Runtime
  /** null: none is kept. */
  readonly trail: Trail | null
  credentials(): SandboxCredentials
  stop(): Promise<void>
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? systemClock
  const realNow = () => clock.now().getTime()
  const definitions = allServices(realNow)
  const services = new Map(definitions.map((service) => [service.signingName, service]))
  const models = new Map(definitions.map(({ model }) => [model, loadModel(model)]))
  const settings = mergeSettings([
    coreSettings,
    trailSettings,
    ...definitions.map((service) => service.settings),
  ])
  const log = options.log ?? (() => {})
  const runtime = openWorld({
    dataDir: options.dataDir,
    clock,
    seed: options.seed ?? 1,
    timeScale: options.timeScale ?? 1,
    services,
    settings,
    log,
    onEvent: (event) => trail?.recordEvent(event),
  })
  const trail = trailOf(options, runtime, clock, log)
  const seed = () => runtime.run((world) => seedDemo(world, options.allowedActions, options.estate ?? 'demo'))
  seed()
  const counts = new Map<string, CallCount>()
  const startedAt = realNow()
  let requests = 0
  const parts = {
    runtime,
    services,
    models,
    throttle: createThrottle((key) => settings.limits.has(key), realNow),
    organization: organizationView,
    isOpen,
    realNow,
    requestId: () => requestIdOf(startedAt, ++requests),
    count: (operation: string, outcome: string, ms: number) => countCall(counts, operation, outcome, ms),
    record(call: FinishedCall) {
      trail?.record(call)
      options.observe?.(observed(call))
    },
    log,
  }
  let url = ''
  const controlParts: ControlParts = {
    runtime,
    trail,
    settings,
    services,
    counts,
    seed,
    allowedActions: options.allowedActions,
    url: () => url,
  }
  const server = await serveHttp(options.port ?? 0, (request) =>
    request.url.startsWith('/_sandbox/') ? control(controlParts, request) : dispatch(parts, request),
  )
  url = `http://127.0.0.1:${server.port}`
  return {
    url,
    port: server.port,
    runtime,
    trail,
    credentials: () => credentialsOf(runtime.world, url),
    async stop() {
      await server.close()
      trail?.close()
      await runtime.close()
    },
  }
}

function trailOf(
  { dataDir, trailDir }: SandboxOptions,
  runtime: Runtime,
  clock: Clock,
  log: NonNullable<SandboxOptions['log']>,
): Trail | null {
  const dir = trailDir === undefined && dataDir !== null ? join(dataDir, 'cloudtrail') : trailDir
  if (dir === undefined || dir === null) return null
  const { world } = runtime
  const timeScale = () => runtime.time().scale
  return openTrail({ dir, world, organization: organizationView, clock, timeScale, log })
}

function observed({ service, call, error }: FinishedCall): ObservedCall {
  const { requestId, operation, ...rest } = call(0)
  const checks = checksOf(service, { requestId, operation, ...rest })
  return { requestId, service: service.signingName, operation, checks, errorCode: error?.code ?? null }
}

// Looks like AWS's (a UUID); counted, so that a log line can be found again.
const requestIdOf = (startedAt: number, n: number) =>
  `${(startedAt & 0xffffffff).toString(16).replace('-', '').padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

function countCall(counts: Map<string, CallCount>, operation: string, outcome: string, ms: number): void {
  const known = counts.get(operation) ?? { calls: 0, ms: 0, outcomes: {} }
  counts.set(operation, {
    calls: known.calls + 1,
    ms: known.ms + ms,
    outcomes: { ...known.outcomes, [outcome]: (known.outcomes[outcome] ?? 0) + 1 },
  })
}
