/** The query protocol of STS and IAM: form parameters in, XML out. */
import { shapeOf } from './codec-json.ts'
import { AwsError } from './contract.ts'
import type { ModelMember, ModelShape, ServiceModel } from './model.ts'
import { timestampIn, timestampOut } from './timestamps.ts'

export function decodeQuery(
  model: ServiceModel,
  shapeName: string,
  params: ReadonlyMap<string, string>,
): unknown {
  return decodeAt(model, shapeName, params, '') ?? {}
}

function decodeAt(
  model: ServiceModel,
  shapeName: string,
  params: ReadonlyMap<string, string>,
  at: string,
): unknown {
  const shape = shapeOf(model, shapeName)
  if (shape.type === 'structure') return decodeStructure(model, shape, params, at)
  if (shape.type === 'list') return decodeList(model, shape, params, at)
  const text = params.get(at)
  return text === undefined ? undefined : decodeScalar(shape, text, at)
}

function decodeStructure(
  model: ServiceModel,
  shape: ModelShape,
  params: ReadonlyMap<string, string>,
  at: string,
): Record<string, unknown> | undefined {
  const out: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const key = member.queryName ?? member.locationName ?? name
    const value = decodeAt(model, member.shape, params, at === '' ? key : `${at}.${key}`)
    if (value !== undefined) out[name] = value
  }
  return at === '' || Object.keys(out).length > 0 ? out : undefined
}

function decodeList(
  model: ServiceModel,
  shape: ModelShape,
  params: ReadonlyMap<string, string>,
  at: string,
): unknown[] | undefined {
  const prefix = shape.flattened ? at : `${at}.${shape.member?.locationName ?? 'member'}`
  const out: unknown[] = []
  for (let i = 1; ; i++) {
    const value = decodeAt(model, shape.member?.shape ?? '', params, `${prefix}.${i}`)
    if (value === undefined) break
    out.push(value)
  }
  return out.length > 0 || params.has(at) ? out : undefined
}

function decodeScalar(shape: ModelShape, text: string, at: string): unknown {
  if (shape.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if (shape.type === 'timestamp') return timestampIn(text, at)
  if (shape.type === 'string' || shape.type === 'blob') return text
  const number = shape.type === 'boolean' || text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(number))
    throw new AwsError('MalformedInput', `The value of \`${at}\` is no ${shape.type}.`)
  return number
}

/** The elements of an output structure, without an element around them. */
export function encodeXml(model: ServiceModel, shapeName: string, value: unknown): string {
  const shape = shapeOf(model, shapeName)
  return Object.entries(shape.members ?? {})
    .map(([name, member]) => encodeMember(model, name, member, (value as Record<string, unknown>)[name]))
    .join('')
}

function encodeMember(model: ServiceModel, name: string, member: ModelMember, value: unknown): string {
  if (value === undefined || value === null) return ''
  return encodeElement(model, member.locationName ?? name, member, value)
}

function encodeElement(model: ServiceModel, tag: string, member: ModelMember, value: unknown): string {
  const shape = shapeOf(model, member.shape)
  const wrap = (inner: string) => `<${tag}>${inner}</${tag}>`
  switch (shape.type) {
    case 'structure':
      return wrap(encodeXml(model, member.shape, value))
    case 'list': {
      const of = shape.member ?? { shape: '' }
      const itemTag = shape.flattened ? tag : (of.locationName ?? 'member')
      const items = (value as unknown[]).map((item) => encodeElement(model, itemTag, of, item)).join('')
      return shape.flattened ? items : wrap(items)
    }
    case 'map':
      return wrap(
        Object.entries(value as Record<string, unknown>)
          .map(
            ([k, v]) =>
              `<entry><key>${escapeXml(k)}</key>${encodeElement(model, 'value', shape.value ?? { shape: '' }, v)}</entry>`,
          )
          .join(''),
      )
    case 'timestamp':
      return wrap(String(timestampOut(value, member.timestampFormat ?? shape.timestampFormat ?? 'iso8601')))
    default:
      return wrap(escapeXml(String(value)))
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
}
export const escapeXml = (text: string) => text.replace(/[&<>"'\r]/g, (c) => ESCAPES[c] ?? c)
