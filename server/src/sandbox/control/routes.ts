/** The control API: what people, tests and benchmarks do to the estate that AWS would not let them. */
import { AwsError, type ServiceDefinition } from '../core/contract.ts'
import type { FaultRule } from '../core/faults.ts'
import type { WireReply, WireRequest } from '../core/protocol.ts'
import type { AllSettings } from '../core/settings.ts'
import type { Effect, Runtime } from '../core/world.ts'
import { fastLoad } from '../seed/fast-load.ts'
import { seedOrganization } from '../seed/organization.ts'
import { credentialsOf, ENVIRONMENT_OUS } from '../seed/seed.ts'
import { seeResources } from '../services/config/see.ts'
import type { Trail } from '../trail/trail.ts'
import type {
  CallCount,
  ConfigRequest,
  FastLoadRequest,
  FaultRequest,
  OrganizationRequest,
  SettingsRequest,
  TimeRequest,
  TrailState,
} from './api.ts'
import { estateOf } from './estate.ts'
import { stateOf } from './state.ts'

export interface ControlParts {
  readonly runtime: Runtime
  readonly trail: Trail | null
  readonly settings: AllSettings
  readonly services: ReadonlyMap<string, ServiceDefinition>
  readonly counts: Map<string, CallCount>
  readonly seed: () => void
  readonly allowedActions: readonly string[]
  readonly url: () => string
}

interface Ask {
  readonly parts: ControlParts
  readonly query: URLSearchParams
  readonly id: string
  readonly body: unknown
}

type Route = (ask: Ask) => unknown

const routes: Readonly<Record<string, Route>> = {
  'GET health': () => ({ ok: true }),
  'GET state': ({ parts }) => stateOf(parts.runtime),
  'GET credentials': ({ parts }) => credentialsOf(parts.runtime.world, parts.url()),
  'GET calls': ({ parts }) => Object.fromEntries([...parts.counts].sort()),
  'DELETE calls': ({ parts }) => parts.counts.clear(),
  'POST time': setTime,
  'GET faults': ({ parts }) => [...faultTable(parts).values()],
  'POST faults': addFault,
  'DELETE faults': ({ parts, id }) => parts.runtime.run(() => removeFaults(parts, id)),
  'POST organizations': createOrganization,
  'POST fast-load': ({ parts, body }) =>
    parts.runtime.run((world) => fastLoad(world, [...parts.services.values()], body as FastLoadRequest)),
  'POST config': ({ parts, body }) =>
    parts.runtime.run((world) => seeResources(world, body as ConfigRequest)),
  'GET settings': ({ parts }) => settingsOf(parts),
  'PUT settings': putSettings,
  'GET effects': ({ parts, query }) => effectsOf(parts, query),
  'GET trail': ({ parts }) => trailOf(parts),
  'POST trail': ({ parts }) => ({ files: parts.trail?.flush() ?? 0, ...trailOf(parts) }),
  'GET estate': ({ parts, query }) => estateOf(parts.runtime, query.get('org')),
  'POST reset': ({ parts }) => {
    parts.trail?.flush()
    parts.runtime.reset()
    parts.counts.clear()
    parts.seed()
  },
}

export async function control(parts: ControlParts, request: WireRequest): Promise<WireReply> {
  const [path = '', query = ''] = request.url.split('?')
  const [name = '', id = ''] = path.slice('/_sandbox/'.length).split('/')
  const route = routes[`${request.method} ${name}`]
  try {
    refuseBrowsers(request)
    if (!route)
      throw new AwsError('NotFound', `There is no \`${request.method} ${path}\` in the control API.`, {}, 404)
    parts.runtime.settle()
    const body = request.body.length > 0 ? JSON.parse(Buffer.from(request.body).toString('utf8')) : {}
    return reply(200, route({ parts, id, body, query: new URLSearchParams(query) }) ?? { ok: true })
  } catch (error) {
    if (error instanceof AwsError) return reply(error.status, { error: error.code, message: error.message })
    if (error instanceof SyntaxError)
      return reply(400, { error: 'invalid', message: `The body is no JSON: ${error.message}` })
    throw error
  }
}

/**
 * The control API has no sign-in, so a web page that somebody happens to open must not reach it: browsers name the
 * page's origin, and a rebound name shows in Host.
 */
function refuseBrowsers({ headers }: WireRequest): void {
  const local = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '')
  if (!local || headers.origin !== undefined || /cross-site|same-site/.test(headers['sec-fetch-site'] ?? ''))
    throw new AwsError(
      'denied',
      'The control API answers programs on this machine only, not web pages.',
      {},
      403,
    )
}

const reply = (status: number, value: unknown): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

const trailOf = ({ trail }: ControlParts): TrailState => ({
  dir: trail?.dir ?? null,
  pendingBytes: trail?.pending ?? 0,
})

const wrong = (message: string) => new AwsError('invalid', message, {}, 400)
const faultTable = (parts: ControlParts) => parts.runtime.world.table<FaultRule>('core.faults')

function setTime({ parts, body }: Ask): unknown {
  const { scale, advanceMs } = body as TimeRequest
  if (scale !== undefined && !(scale >= 0 && scale <= 1e7))
    throw wrong('`scale` must be a number from 0 to 10,000,000.')
  if (advanceMs !== undefined && !(advanceMs >= 0)) throw wrong('`advanceMs` must not be negative.')
  if (advanceMs !== undefined) parts.runtime.advance(advanceMs)
  if (scale !== undefined) parts.runtime.setScale(scale)
  return parts.runtime.time()
}

function addFault({ parts, body }: Ask): FaultRule {
  const asked = body as FaultRequest
  checkFault(asked)
  const probability = asked.probability ?? 1
  if (!(probability > 0 && probability <= 1)) throw wrong('`probability` must be more than 0 and at most 1.')
  return parts.runtime.run((world) => {
    const rule: FaultRule = {
      id: `flt-${world.id(8)}`,
      at: asked.at ?? 'call',
      service: asked.service ?? '*',
      operation: asked.operation ?? '*',
      subject: asked.subject ?? null,
      probability,
      times: asked.times ?? null,
      fault: asked.fault,
      struck: 0,
    }
    faultTable(parts).put(rule.id, rule)
    return rule
  })
}

const POINTS = ['call', 'outcome', 'event', 'visibility']
const DEEDS = ['throttle', 'fail', 'stick', 'taint', 'drop', 'duplicate', 'delay']

function checkFault({ fault, at = 'call', times }: FaultRequest): void {
  if (!DEEDS.includes(fault?.do)) throw wrong(`\`fault.do\` must be one of: ${DEEDS.join(', ')}.`)
  if (!POINTS.includes(at)) throw wrong(`\`at\` must be one of: ${POINTS.join(', ')}.`)
  if (times !== undefined && !(Number.isInteger(times) && times > 0))
    throw wrong('`times` must be a whole number above 0.')
  if (fault.do === 'fail' && typeof fault.code !== 'string') throw wrong('`fault.code` must name the error.')
  if (fault.do === 'delay' && !(fault.ms >= 0)) throw wrong('`fault.ms` must not be negative.')
}

function removeFaults(parts: ControlParts, id: string): void {
  if (id !== '' && !faultTable(parts).has(id))
    throw new AwsError('NotFound', `There is no fault \`${id}\`.`, {}, 404)
  for (const key of id === '' ? [...faultTable(parts).values()].map((rule) => rule.id) : [id])
    faultTable(parts).delete(key)
}

function createOrganization({ parts, body }: Ask): unknown {
  const asked = body as OrganizationRequest
  if (!asked.name) throw wrong('`name` is needed.')
  const landingZone = asked.landingZone ?? false
  const engine = asked.engine ?? (landingZone ? 'account_factory' : 'auto_enrolment')
  if (engine === 'account_factory' && !landingZone)
    throw wrong('The engine `account_factory` needs a landing zone.')
  return parts.runtime.run((world) =>
    seedOrganization(
      world,
      {
        name: asked.name,
        landingZone,
        engine,
        homeRegion: asked.homeRegion ?? 'ap-northeast-1',
        ouNames: asked.ouNames ?? ENVIRONMENT_OUS,
        emailDomain: asked.emailDomain ?? `${world.id(8)}.example.jp`,
      },
      parts.allowedActions,
    ),
  )
}

function settingsOf({ settings, runtime }: ControlParts): unknown {
  const changed = (name: string) => Object.fromEntries(runtime.world.table(name).entries())
  return {
    durations: Object.fromEntries(settings.durations),
    limits: Object.fromEntries(settings.limits),
    changed: { durations: changed('core.durations'), limits: changed('core.limits') },
  }
}

function putSettings({ parts, body }: Ask): unknown {
  const { durations = {}, limits = {} } = body as SettingsRequest
  for (const key of Object.keys(durations))
    if (!parts.settings.durations.has(key)) throw wrong(`There is no duration \`${key}\`.`)
  for (const key of Object.keys(limits))
    if (!parts.settings.limits.has(key)) throw wrong(`There is no limit \`${key}\`.`)
  for (const { ms } of Object.values(durations)) if (!(ms >= 0)) throw wrong('`ms` must not be negative.')
  for (const value of Object.values(limits)) if (!(value >= 0)) throw wrong('A limit must not be negative.')
  parts.runtime.run((world) => {
    for (const [key, value] of Object.entries(durations)) world.table('core.durations').put(key, value)
    for (const [key, value] of Object.entries(limits)) world.table('core.limits').put(key, { value })
  })
  return settingsOf(parts)
}

function effectsOf(parts: ControlParts, query: URLSearchParams): readonly Effect[] {
  const [after, service, operation] = [
    Number(query.get('after') ?? 0),
    query.get('service'),
    query.get('operation'),
  ]
  const fits = (e: Effect) =>
    e.seq > after && (service ?? e.service) === e.service && (operation ?? e.operation) === e.operation
  return [...parts.runtime.world.table<Effect>('core.effects').values()].filter(fits)
}
