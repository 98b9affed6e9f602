/** Inputs and outputs as CloudTrail writes them into `requestParameters` and `responseElements`. */
import type { ServiceModel } from '../core/model.ts'

/** What CloudTrail puts in the place of what it hides. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS'
// Source: example events in the user guides of Organizations and Account Management.
const STARS = '****'
const WITH_STARS = new Set(['organizations', 'account'])

// Never in a trail, not even as a hidden value.
const LEFT_OUT = new Set(['SecretAccessKey'])
// Hidden although the model does not mark it (SQS developer guide, "Logging with CloudTrail": message bodies).
const BODIES = new Set(['MessageBody'])

/** "requestParameters … maximum size of 100 KB" (CloudTrail user guide, record contents). */
const MAX_CHARS = 100 * 1024

type Plain = Readonly<Record<string, unknown>>

/** null where there is nothing to say, as CloudTrail has it. */
export function elementsOf(model: ServiceModel, shapeName: string | undefined, value: unknown): unknown {
  const written = parametersOf(model, shapeName, value)
  if (Object.keys(written).length === 0) return null
  const size = JSON.stringify(written).length
  return size > MAX_CHARS
    ? { omitted: true, originalSize: size, reason: 'field size limit exceeded' }
    : written
}

/** The same whatever its size; nothing is an empty object. */
export function parametersOf(model: ServiceModel, shapeName: string | undefined, value: unknown): Plain {
  if (shapeName === undefined || value === null || typeof value !== 'object') return {}
  const hidden = WITH_STARS.has(model.metadata.signingName) ? STARS : HIDDEN
  return write(model, shapeName, value, hidden) as Plain
}

function write(model: ServiceModel, shapeName: string, value: unknown, hidden: string): unknown {
  const shape = model.shapes[shapeName]
  if (shape === undefined || value === null || value === undefined) return value
  if (shape.sensitive) return hidden
  if (shape.type === 'structure' && shape.members) return structure(model, shape.members, value, hidden)
  if (shape.type === 'list')
    return (value as unknown[]).map((item) => write(model, shape.member?.shape ?? '', item, hidden))
  if (shape.type === 'map')
    return Object.fromEntries(
      Object.entries(value as Plain).map(([key, item]) => [
        key,
        write(model, shape.value?.shape ?? '', item, hidden),
      ]),
    )
  if (shape.type === 'timestamp') return timestamp(value)
  return value
}

function structure(
  model: ServiceModel,
  shapes: Readonly<Record<string, { readonly shape: string }>>,
  value: unknown,
  hidden: string,
): Plain {
  const written: Record<string, unknown> = {}
  for (const [name, { shape }] of Object.entries(shapes)) {
    const given = (value as Plain)[name]
    if (given === undefined || given === null || LEFT_OUT.has(name)) continue
    written[lowerFirst(name)] = BODIES.has(name) ? HIDDEN : write(model, shape, given, hidden)
  }
  return written
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

const FORMAT = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
})

/** `Nov 22, 2026, 3:04:05 AM`, as CloudTrail writes times inside elements. */
function timestamp(value: unknown): unknown {
  const ms = typeof value === 'string' ? Date.parse(value) : Number(value)
  return Number.isFinite(ms) ? FORMAT.format(ms).replace(/\u202f/g, ' ') : value
}
