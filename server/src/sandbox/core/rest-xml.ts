/** The protocol of S3, as far as objects go: what is stored is the body as it comes, errors are XML. */
import { escapeXml } from './codec-query.ts'
import type { AwsError } from './contract.ts'
import type { ModelOperation, ServiceModel } from './model.ts'

/** As `WireReply`. */
interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}
type Fields = Record<string, unknown>
type Headers = Readonly<Record<string, string>>

/** The bytes of the body under the name of the member that they are, as base64. A body that is XML is not read. */
export function restXmlBody(model: ServiceModel, input: string, body: Uint8Array): Fields {
  const { payload, members } = model.shapes[input] ?? {}
  const shape = model.shapes[members?.[payload ?? '']?.shape ?? '']
  return payload !== undefined && shape?.type === 'blob'
    ? { [payload]: Buffer.from(body).toString('base64') }
    : {}
}

export function restXmlReply(
  model: ServiceModel,
  operation: ModelOperation | undefined,
  value: Fields,
  headers: Headers,
): Reply {
  const { payload, members = {} } = model.shapes[operation?.output ?? ''] ?? {}
  const told = Object.entries(members).flatMap(([name, { location, locationName = name }]) =>
    location === 'header' && value[name] != null ? [[locationName.toLowerCase(), String(value[name])]] : [],
  )
  const bytes = payload === undefined ? undefined : value[payload]
  return {
    status: operation?.http.responseCode ?? 200,
    headers: { ...headers, ...Object.fromEntries(told) },
    // Objects of the sandbox are text.
    body: typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString('utf8') : '',
  }
}

export const restXmlError = (
  { code, message }: AwsError,
  status: number,
  headers: Headers,
  requestId: string,
): Reply => ({
  status,
  headers: { ...headers, 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message><RequestId>${requestId}</RequestId></Error>`,
})
