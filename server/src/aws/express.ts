import { isClockSkewError, isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry'
import { getSmithyContext, HttpRequest, toEndpointV1 } from '@smithy/core/transport'
import type {
  AwsCredentialIdentity,
  EndpointV2,
  HandlerExecutionContext,
  HttpResponse,
  MiddlewareStack,
  RequestHandler,
  SdkError,
} from '@smithy/types'
import type { Clock } from '../kernel/clock.ts'
import { signer } from './sign.ts'

/** What this uses of a client's configuration, as the SDK has resolved it. */
interface ResolvedConfig {
  readonly protocol: {
    serializeRequest(operation: object, input: object, context: object): Promise<HttpRequest>
    deserializeResponse(operation: object, context: object, response: HttpResponse): Promise<object>
  }
  readonly requestHandler: RequestHandler<HttpRequest, HttpResponse>
  readonly credentials: () => Promise<AwsCredentialIdentity>
  readonly maxAttempts: () => Promise<number>
  /** What AWS's clock is ahead of ours, in ms; the SDK corrects it when AWS refuses a signature. */
  readonly systemClockOffset?: number
}

export interface ExpressOptions {
  readonly clock: Pick<Clock, 'sleep' | 'now'>
  /** As that of `inTurn`: before each attempt. */
  readonly turn?: () => Promise<void>
}

const clients = new WeakSet<object>()
export const isExpress = (client: object): boolean => clients.has(client)

const endings = new WeakMap<object, AbortSignal>()

/**
 * Ends the request of a command with `signal`. Given to `send` as its option, the SDK would put all of its middleware
 * together anew for each call. The first call of a command is not ended, only no longer waited for.
 */
export function endingWith<T>(
  signal: AbortSignal,
  command: { readonly input: object },
  sent: () => Promise<T>,
): Promise<T> {
  endings.set(command.input, signal)
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    sent()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Sends one kind of command. Null: this request goes the usual way. */
type Lane = (input: object) => Promise<{ readonly response: HttpResponse; readonly output: object } | null>

/**
 * Sends the second and all later calls of each command without the SDK's middleware, which for each call works out
 * endpoint, user agent, kind of signature and retries anew and copies its whole configuration six times: most of a call's
 * processor time. What the SDK found for the first one stays: it depends on nothing but the client. The SDK's
 * schemas, its protocol, its HTTP handler, its credentials and its judgement of what may be sent again are used as they are.
 *
 * For clients of JSON protocols whose endpoint does not depend on the input: not S3, and SQS only with a client that
 * asks for one queue.
 */
export function express(
  client: { readonly config: object; readonly middlewareStack: unknown },
  options: ExpressOptions,
): void {
  clients.add(client)
  const config = client.config as ResolvedConfig
  const stack = client.middlewareStack as MiddlewareStack<object, object>
  const sent = new WeakMap<HandlerExecutionContext, HttpRequest>()
  stack.add(
    (next, context) => async (args) => {
      if (HttpRequest.isInstance(args.request)) sent.set(context, HttpRequest.clone(args.request))
      return next(args)
    },
    { step: 'deserialize', priority: 'high', name: 'rankanSent' },
  )
  stack.add(
    (next, context) => {
      let lane: Lane | null = null
      return async (args) => {
        const done = lane === null ? null : await lane(args.input)
        if (done !== null) return done as Awaited<ReturnType<typeof next>>
        const result = await next(args)
        const request = sent.get(context)
        if (request !== undefined) lane = laneOf(config, context, request, options)
        return result
      }
    },
    { step: 'initialize', priority: 'low', name: 'rankanExpress' },
  )
}

/** AWS4-HMAC-SHA256 Credential=<key>/<day>/<region>/<service>/aws4_request, … */
const SIGNED = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/
const PLAIN_PATH = /^\/[A-Za-z0-9/._-]*$/
const AGENTS = ['user-agent', 'x-amz-user-agent'] as const

function laneOf(
  config: ResolvedConfig,
  context: HandlerExecutionContext,
  first: HttpRequest,
  { clock, turn }: ExpressOptions,
): Lane | null {
  const [, region, service] = SIGNED.exec(first.headers.authorization ?? '') ?? []
  const { operationSchema: operation } = getSmithyContext(context) as { operationSchema?: readonly unknown[] }
  const endpoint: EndpointV2 | undefined = context.endpointV2
  if (region === undefined || service === undefined || operation === undefined || endpoint === undefined)
    return null
  const [, namespace, name, traits, inputSchema, outputSchema] = operation
  const schema = { namespace, name, traits, input: inputSchema, output: outputSchema }
  const endpointV1 = toEndpointV1(endpoint)
  const serde = { ...config, ...context, endpoint: async () => endpointV1 }
  const agents = Object.fromEntries(AGENTS.map((key) => [key, first.headers[key] ?? '']))
  const sign = signer({ region, service })

  const attempt = async (request: HttpRequest, abortSignal: AbortSignal | undefined) => {
    await turn?.()
    const at = new Date(clock.now().getTime() + (config.systemClockOffset ?? 0))
    sign(request, await config.credentials(), at)
    const { response } = await config.requestHandler.handle(
      request,
      abortSignal === undefined ? {} : { abortSignal },
    )
    try {
      return { response, output: await config.protocol.deserializeResponse(schema, serde, response) }
    } catch (error) {
      throw Object.defineProperty(error as object, '$response', { value: response, enumerable: false })
    }
  }

  return async (input) => {
    const request = await config.protocol.serializeRequest(schema, input, serde)
    if (!isPlain(request, first)) return null
    Object.assign(request.headers, agents, {
      host: first.headers.host,
      'content-length': String(Buffer.byteLength(request.body)),
    })
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt(request, endings.get(input))
      } catch (error) {
        if (endings.get(input)?.aborted) throw error
        const waitMs = waitBeforeNext(error as SdkError)
        if (isClockSkewError(error as SdkError)) return null
        if (waitMs === null || attempts >= (await config.maxAttempts())) throw error
        await clock.sleep(waitMs * Math.random())
      }
    }
  }
}

const isPlain = (request: HttpRequest, first: HttpRequest): boolean =>
  (typeof request.body === 'string' || request.body instanceof Uint8Array) &&
  PLAIN_PATH.test(request.path) &&
  Object.keys(request.query ?? {}).length === 0 &&
  request.hostname === first.hostname

/** As the SDK's standard retry: at most so long, in ms; null for what sending again does not help. */
function waitBeforeNext(error: SdkError): number | null {
  if (isThrottlingError(error)) return 500
  return isTransientError(error) || isServerError(error) ? 100 : null
}
