/** JSON bodies to and from a model's shapes: awsJson1.0, awsJson1.1 and the bodies of restJson1. */
import { AwsError } from './contract.ts'
import type { ModelMember, ModelShape, ServiceModel } from './model.ts'
import { timestampIn, timestampOut } from './timestamps.ts'

const wrong = (at: string, what: string) =>
  new AwsError(
    'SerializationException',
    `${what} can not be converted to the type of \`${at || 'the request'}\``,
  )

/** Keeps what the shape knows, drops the rest and nulls; a wrong type is a SerializationException. */
export function decodeJson(model: ServiceModel, shapeName: string, value: unknown, at = ''): unknown {
  const shape = shapeOf(model, shapeName)
  switch (shape.type) {
    case 'structure':
      return shape.document ? value : decodeStructure(model, shape, object(value, at), at)
    case 'list':
      if (!Array.isArray(value)) throw wrong(at, 'A value that is no list')
      return value.map((item, i) => decodeJson(model, shape.member?.shape ?? '', item, `${at}[${i}]`))
    case 'map':
      return mapValues(object(value, at), (v, k) =>
        decodeJson(model, shape.value?.shape ?? '', v, `${at}.${k}`),
      )
    case 'timestamp':
      return timestampIn(value, at)
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(at, 'A value that is no boolean')
      return value
    case 'string':
    case 'blob':
      if (typeof value !== 'string') throw wrong(at, `${typeName(value)}`)
      return value
    default:
      if (typeof value !== 'number') throw wrong(at, `${typeName(value)}`)
      return value
  }
}

function decodeStructure(
  model: ServiceModel,
  shape: ModelShape,
  value: Record<string, unknown>,
  at: string,
): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const given = value[member.locationName ?? name]
    if (given !== undefined && given !== null)
      out[name] = decodeJson(model, member.shape, given, at === '' ? name : `${at}.${name}`)
  }
  return out
}

export function encodeJson(
  model: ServiceModel,
  shapeName: string,
  value: unknown,
  member?: ModelMember,
): unknown {
  const shape = shapeOf(model, shapeName)
  switch (shape.type) {
    case 'structure':
      return shape.document ? value : encodeStructure(model, shape, value as Record<string, unknown>)
    case 'list':
      return (value as unknown[]).map((item) => encodeJson(model, shape.member?.shape ?? '', item))
    case 'map':
      return mapValues(value as Record<string, unknown>, (v) =>
        encodeJson(model, shape.value?.shape ?? '', v),
      )
    case 'timestamp':
      return timestampOut(value, member?.timestampFormat ?? shape.timestampFormat ?? 'unixTimestamp')
    default:
      return value
  }
}

function encodeStructure(model: ServiceModel, shape: ModelShape, value: Record<string, unknown>) {
  const out: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const given = value[name]
    if (given === undefined || given === null || (member.location && member.location !== 'statusCode'))
      continue
    out[member.locationName ?? name] = encodeJson(model, member.shape, given, member)
  }
  return out
}

export function shapeOf(model: ServiceModel, name: string): ModelShape {
  const shape = model.shapes[name]
  if (!shape) throw new Error(`The model of ${model.metadata.serviceId} has no shape \`${name}\`.`)
  return shape
}

function object(value: unknown, at: string): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw wrong(at, 'A value that is no object')
  return value as Record<string, unknown>
}

const typeName = (value: unknown) => `${(value === null ? 'null' : typeof value).toUpperCase()}_VALUE`

function mapValues(value: Record<string, unknown>, f: (value: unknown, key: string) => unknown) {
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, f(v, k)]))
}
