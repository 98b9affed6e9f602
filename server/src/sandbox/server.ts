/** The sandbox estate as a server: `startSandbox` opens the world, seeds it if it is empty, and listens on 127.0.0.1. */
import { type Clock, systemClock } from '../kernel/clock.ts'
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
import { isOpen, scpsOf } from './services/organizations/scps.ts'
import { coreSettings } from './settings/core.ts'

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
  readonly clock?: Clock
  readonly log?: (message: string, fields: Record<string, unknown>) => void
}

export interface Sandbox {
  readonly url: string
  readonly port: number
  readonly runtime: Runtime
  credentials(): SandboxCredentials
  stop(): Promise<void>
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = options.clock ?? systemClock
  const realNow = () => clock.now().getTime()
  const definitions = allServices(realNow)
  const services = new Map(definitions.map((service) => [service.signingName, service]))
  const models = new Map(definitions.map(({ model }) => [model, loadModel(model)]))
  const settings = mergeSettings([coreSettings, ...definitions.map((service) => service.settings)])
  const log = options.log ?? (() => {})
  const runtime = openWorld({
    dataDir: options.dataDir,
    clock,
    seed: options.seed ?? 1,
    timeScale: options.timeScale ?? 1,
    services,
    settings,
    log,
  })
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
    scpsOf,
    isOpen,
    realNow,
    requestId: () => requestIdOf(startedAt, ++requests),
    count: (operation: string, outcome: string, ms: number) => countCall(counts, operation, outcome, ms),
    log,
  }
  let url = ''
  const controlParts: ControlParts = {
    runtime,
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
    credentials: () => credentialsOf(runtime.world, url),
    async stop() {
      await server.close()
      await runtime.close()
    },
  }
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
