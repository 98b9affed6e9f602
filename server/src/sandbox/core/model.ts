/**
 * The compact service models in `../models/*.json` (see `../models/README.md`): AWS's own description of operations,
 * shapes, limits and errors without its documentation, from which the core reads requests, checks and writes replies.
 */

export type Protocol = 'json' | 'query' | 'rest-json' | 'rest-xml'

export interface ModelMetadata {
  readonly apiVersion: string
  readonly endpointPrefix: string
  readonly protocol: Protocol
  readonly protocols: readonly Protocol[]
  readonly serviceFullName: string
  readonly serviceId: string
  readonly signingName: string
  /** `json`: the part of `X-Amz-Target` before the dot. */
  readonly targetPrefix?: string
  /** `json`: `1.0` or `1.1`, as in `application/x-amz-json-1.1`. */
  readonly jsonVersion?: string
  /** `query`: namespace of the reply's root element. */
  readonly xmlNamespace?: string
  /** Present: error replies also carry `x-amzn-query-error: <code>;<Sender|Receiver>`. */
  readonly awsQueryCompatible?: Readonly<Record<string, never>>
}

export interface ModelOperation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number }
  /** Names of shapes. */
  readonly input?: string
  readonly output?: string
  /** `query`: the element around the output. */
  readonly resultWrapper?: string
  readonly errors: readonly string[]
  readonly idempotent?: boolean
  readonly readonly?: boolean
  /** `none`: needs no signature. */
  readonly authtype?: string
}

export interface ModelMember {
  readonly shape: string
  /** `rest-json`: where the value stands; absent: in the body. */
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode'
  readonly locationName?: string
  readonly queryName?: string
  readonly flattened?: boolean
  readonly timestampFormat?: 'iso8601' | 'unixTimestamp' | 'rfc822'
  readonly xmlNamespace?: { readonly uri: string; readonly prefix?: string }
  /** The client fills it in when the caller does not. */
  readonly idempotencyToken?: boolean
  readonly streaming?: boolean
}

export type ShapeType =
  | 'structure'
  | 'list'
  | 'map'
  | 'string'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'timestamp'
  | 'blob'

export interface ModelShape {
  readonly type: ShapeType
  /** structure */
  readonly members?: Readonly<Record<string, ModelMember>>
  readonly required?: readonly string[]
  /** structure: exactly one member is set */
  readonly union?: boolean
  /** structure: any JSON value */
  readonly document?: boolean
  readonly payload?: string
  readonly wrapper?: boolean
  /** structure: an error that clients see */
  readonly exception?: boolean
  /** structure: the server's fault (HTTP 5xx) */
  readonly fault?: boolean
  readonly error?: {
    readonly code?: string
    readonly httpStatusCode: number
    readonly senderFault?: boolean
  }
  /** list */
  readonly member?: ModelMember
  /** map */
  readonly key?: ModelMember
  readonly value?: ModelMember
  readonly flattened?: boolean
  readonly locationName?: string
  /** Length of a string or list, or value of a number. */
  readonly min?: number
  readonly max?: number
  /** For ``new RegExp(`^(?:${pattern})$`, 'u')``. */
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly timestampFormat?: 'iso8601' | 'unixTimestamp' | 'rfc822'
  readonly sensitive?: boolean
  readonly box?: boolean
}

/** As botocore's paginators say; `result_key` may be a list, tokens may be lists too. */
export interface ModelPagination {
  readonly input_token?: string | readonly string[]
  readonly output_token?: string | readonly string[]
  readonly limit_key?: string
  readonly result_key?: string | readonly string[]
}

export interface ServiceModel {
  readonly metadata: ModelMetadata
  readonly operations: Readonly<Record<string, ModelOperation>>
  readonly pagination: Readonly<Record<string, ModelPagination>>
  readonly shapes: Readonly<Record<string, ModelShape>>
}
