/** From a request to an operation and its input, and from an output or error to a reply, in the service's protocol. */
import { decodeJson, encodeJson } from './codec-json.ts'
import { decodeQuery, encodeXml, escapeXml } from './codec-query.ts'
import { AwsError } from './contract.ts'
import type { ModelMember, ModelOperation, ModelShape, ServiceModel } from './model.ts'
import { restXmlBody, restXmlError, restXmlReply } from './rest-xml.ts'
import { timestampIn } from './timestamps.ts'

export interface WireRequest {
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface WireReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Which operation is meant; the input is decoded later, after the signature was checked. */
export interface Target {
  readonly operation: string
  readonly decode: () => Record<string, unknown>
}

export function targetOf(model: ServiceModel, request: WireRequest): Target {
  if (model.metadata.protocol === 'query') return queryTarget(model, request)
  if (model.metadata.protocol.startsWith('rest-')) return restTarget(model, request)
  return jsonTarget(model, request)
}

function jsonTarget(model: ServiceModel, request: WireRequest): Target {
  const [prefix, operation = ''] = (request.headers['x-amz-target'] ?? '').split('.')
  const found = prefix === model.metadata.targetPrefix ? model.operations[operation] : undefined
  if (!found) throw new AwsError('UnknownOperationException', '')
  return {
    operation,
    decode: () => record(found.input ? decodeJson(model, found.input, parse(request.body)) : {}),
  }
}

function queryTarget(model: ServiceModel, request: WireRequest): Target {
  const query = request.url.split('?')[1] ?? ''
  const params = new Map(new URLSearchParams(request.method === 'POST' ? text(request.body) : query))
  const operation = params.get('Action') ?? ''
  const version = params.get('Version') ?? ''
  const found = model.operations[operation]
  if (!found || version !== model.metadata.apiVersion)
    throw new AwsError(
      'InvalidAction',
      `Could not find operation ${operation} for version ${version || 'NO_VERSION_SPECIFIED'}`,
    )
  return { operation, decode: () => record(found.input ? decodeQuery(model, found.input, params) : {}) }
}

function restTarget(model: ServiceModel, request: WireRequest): Target {
  const [path = '/', query = ''] = request.url.split('?')
  for (const [name, operation] of Object.entries(model.operations)) {
    const labels =
      operation.http.method === request.method ? matchPath(operation.http.requestUri, path) : null
    if (labels)
      return {
        operation: name,
        decode: () => decodeRest(model, operation, request, labels, new URLSearchParams(query)),
      }
  }
  throw new AwsError('UnknownOperationException', '', {}, 404)
}

function matchPath(template: string, path: string): Record<string, string> | null {
  const [pattern = ''] = template.split('?')
  const names: string[] = []
  const source = pattern
    .replace(/[.]/g, '\\.')
    .replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
      names.push(name)
      return greedy ? '(.+)' : '([^/]+)'
    })
  const found = new RegExp(`^${source}/?$`).exec(path)
  return found && Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')]))
}

function decodeRest(
  model: ServiceModel,
  operation: ModelOperation,
  request: WireRequest,
  labels: Record<string, string>,
  query: URLSearchParams,
): Record<string, unknown> {
  if (!operation.input) return {}
  const shape = model.shapes[operation.input]
  const out = bodyOf(model, operation.input, request.body)
  for (const [name, member] of Object.entries(shape?.members ?? {})) {
    if (!member.location) continue
    delete out[name]
    const value = located(model, member, member.locationName ?? name, request, labels, query)
    if (value !== undefined) out[name] = value
  }
  return out
}

function bodyOf(model: ServiceModel, input: string, body: Uint8Array): Record<string, unknown> {
  if (model.metadata.protocol === 'rest-xml') return restXmlBody(model, input, body)
  return record(body.length > 0 ? decodeJson(model, input, parse(body)) : {})
}

function located(
  model: ServiceModel,
  member: ModelMember,
  name: string,
  request: WireRequest,
  labels: Record<string, string>,
  query: URLSearchParams,
): unknown {
  const shape = model.shapes[member.shape]
  if (member.location === 'uri') return labels[name]
  if (member.location === 'header') return scalar(shape, request.headers[name.toLowerCase()])
  if (shape?.type === 'list') return query.has(name) ? query.getAll(name) : undefined
  return scalar(shape, query.get(name) ?? undefined)
}

function scalar(shape: ModelShape | undefined, value: string | undefined): unknown {
  if (value === undefined || shape?.type === 'string') return value
  if (shape?.type === 'boolean') return value === 'true'
  if (shape?.type === 'timestamp') return timestampIn(value, 'query')
  return Number(value)
}

export function replyOf(model: ServiceModel, name: string, output: unknown, requestId: string): WireReply {
  const operation = model.operations[name]
  const value = output ?? {}
  const headers = { 'x-amzn-requestid': requestId }
  if (model.metadata.protocol === 'query') return queryReply(model, name, operation, value, headers)
  if (model.metadata.protocol === 'rest-xml') return restXmlReply(model, operation, record(value), headers)
  const body = operation?.output ? JSON.stringify(encodeJson(model, operation.output, value)) : ''
  if (model.metadata.protocol === 'rest-json')
    return {
      status: operation?.http.responseCode ?? 200,
      headers: { ...headers, 'content-type': 'application/json' },
      body: body || '{}',
    }
  return { status: 200, headers: { ...headers, 'content-type': jsonType(model) }, body }
}

function queryReply(
  model: ServiceModel,
  name: string,
  operation: ModelOperation | undefined,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): WireReply {
  const inner = operation?.output ? encodeXml(model, operation.output, value) : ''
  const result = operation?.output
    ? `<${operation.resultWrapper ?? `${name}Result`}>${inner}</${operation.resultWrapper ?? `${name}Result`}>`
    : ''
  const meta = `<ResponseMetadata><RequestId>${headers['x-amzn-requestid']}</RequestId></ResponseMetadata>`
  const body = `<${name}Response xmlns="${model.metadata.xmlNamespace ?? ''}">${result}${meta}</${name}Response>`
  return { status: 200, headers: { ...headers, 'content-type': 'text/xml' }, body }
}

export function errorReply(model: ServiceModel, error: AwsError, requestId: string): WireReply {
  const shape = model.shapes[error.code]
  const status = shape?.error?.httpStatusCode ?? (shape?.fault ? 500 : error.status)
  const headers = { 'x-amzn-requestid': requestId }
  if (model.metadata.protocol === 'query') return queryError(model, error, shape, status, headers)
  if (model.metadata.protocol === 'rest-xml') return restXmlError(error, status, headers, requestId)
  const fields = shape ? record(encodeJson(model, error.code, error.fields)) : error.fields
  const message = shape?.members && 'Message' in shape.members ? 'Message' : 'message'
  const body = JSON.stringify({
    ...(model.metadata.protocol === 'json' ? { __type: error.code } : {}),
    ...fields,
    [message]: error.message,
  })
  if (model.metadata.protocol === 'rest-json')
    return {
      status,
      headers: { ...headers, 'content-type': 'application/json', 'x-amzn-errortype': error.code },
      body,
    }
  const compatible: Record<string, string> = model.metadata.awsQueryCompatible
    ? { 'x-amzn-query-error': `${shape?.error?.code ?? error.code};${status >= 500 ? 'Receiver' : 'Sender'}` }
    : {}
  // JSON 1.0 and 1.1 answer every client error with 400, whatever the model's HTTP trait says for other protocols.
  return {
    status: status >= 500 ? status : 400,
    headers: { ...headers, ...compatible, 'content-type': jsonType(model) },
    body,
  }
}

function queryError(
  model: ServiceModel,
  error: AwsError,
  shape: ModelShape | undefined,
  status: number,
  headers: Readonly<Record<string, string>>,
): WireReply {
  const code = shape?.error?.code ?? error.code
  const type = status >= 500 ? 'Receiver' : 'Sender'
  const body =
    `<ErrorResponse xmlns="${model.metadata.xmlNamespace ?? ''}"><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${headers['x-amzn-requestid']}</RequestId></ErrorResponse>`
  return { status, headers: { ...headers, 'content-type': 'text/xml' }, body }
}

const jsonType = (model: ServiceModel) => `application/x-amz-json-${model.metadata.jsonVersion ?? '1.1'}`
const text = (body: Uint8Array) => Buffer.from(body).toString('utf8')
const record = (value: unknown) => (value ?? {}) as Record<string, unknown>

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(text(body))
  } catch {
    throw new AwsError('SerializationException', 'The request body is no JSON.')
  }
}
