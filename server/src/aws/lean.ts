import { setTimeout as sleep } from 'node:timers/promises'
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols'
import { isClockSkewError, isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry'
import { toEndpointV1 } from '@smithy/core/transport'
import {
  type AuthScheme,
  type ClientProtocol,
  type EndpointV2,
  type HandlerExecutionContext,
  type MiddlewareStack,
  type RequestSigner,
  type RetryErrorType,
  type RetryStrategyV2,
  type RetryToken,
  SMITHY_CONTEXT_KEY,
} from '@smithy/types'

/** What a call needs of a client's resolved configuration, whose type is another one for each service. */
interface Config {
  readonly protocol: ClientProtocol<HttpRequest, HttpResponse>
  readonly requestHandler: { handle(request: HttpRequest): Promise<{ readonly response: HttpResponse }> }
  readonly retryStrategy: () => Promise<RetryStrategyV2>
  readonly signer: (scheme?: AuthScheme) => Promise<RequestSigner>
  /** Ours to AWS's clock, in milliseconds, as the SDK found it out. */
  readonly systemClockOffset: number
}

type Operation = Parameters<Config['protocol']['serializeRequest']>[0]
type SdkError = Parameters<typeof isServerError>[0]
type Serde = Parameters<Config['protocol']['serializeRequest']>[2]

/** What the SDK finds out for each call, and finds the same each time. */
interface Route {
  readonly serde: Serde
  readonly signer: RequestSigner
  readonly signedFor: { readonly signingRegion?: string; readonly signingService?: string }
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The SDK resolves endpoint, signer and user agent anew for each call and copies its whole configuration four times, which
 * takes more processor time than the call itself. Here its first call of a client shows the way, and each later one is
 * only serialised, signed, sent and deserialised, all by the SDK's own parts, and tried again by its own rules. Where AWS
 * complains of our clock, the SDK goes its whole way once more and corrects it. For services whose endpoint depends on nothing in
 * the input and whose commands have no middleware of their own.
 * @param turn resolves when the call may be sent, as for `inTurn`.
 */
export function lean<I extends object, O extends object>(
  client: { readonly config: object; readonly middlewareStack: MiddlewareStack<I, O> },
  turn: () => Promise<void> = async () => {},
): void {
  const config = client.config as Config
  let route: Route | null = null
  client.middlewareStack.add(
    (next, context) => {
      const operation = operationOf(context)
      return async (args) => {
        const known = route
        if (known === null || operation === null) return next(args)
        try {
          return await attempts(config, () => send<I, O>(config, known, operation, args.input, turn))
        } catch (error) {
          if (!isClockSkewError(error as SdkError)) throw error
        }
        return next(args)
      }
    },
    { step: 'initialize', priority: 'low', name: 'rankanLean' },
  )
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (route === null && HttpRequest.isInstance(args.request) && context.endpointV2 !== undefined)
        route = await routeOf(config, context.endpointV2, args.request)
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'rankanRoute' },
  )
}

/** As the middleware of the SDK does it. Null for a call that can be aborted, which only the SDK knows how to do. */
function operationOf(context: HandlerExecutionContext): Operation | null {
  const smithy: { readonly operationSchema?: readonly unknown[]; readonly abortSignal?: unknown } =
    context[SMITHY_CONTEXT_KEY] ?? {}
  if (smithy.operationSchema === undefined || smithy.abortSignal !== undefined) return null
  const [, namespace, name, traits, input, output] = smithy.operationSchema
  return { namespace, name, traits, input, output } as Operation
}

async function routeOf(config: Config, endpoint: EndpointV2, request: HttpRequest): Promise<Route> {
  const scheme = endpoint.properties?.authSchemes?.[0]
  const { signingRegion, signingName } = (scheme ?? {}) as {
    readonly signingRegion?: string
    readonly signingName?: string
  }
  const place = toEndpointV1(endpoint)
  const { host, 'user-agent': agent, 'x-amz-user-agent': amzAgent } = request.headers
  return {
    // Read by name only, so a copy is not needed.
    serde: Object.assign(Object.create(config) as Serde, { endpoint: async () => place }),
    signer: await config.signer(scheme),
    signedFor: {
      ...(signingRegion === undefined ? {} : { signingRegion }),
      ...(signingName === undefined ? {} : { signingService: signingName }),
    },
    headers: {
      ...(host === undefined ? {} : { host }),
      ...(agent === undefined ? {} : { 'user-agent': agent }),
      ...(amzAgent === undefined ? {} : { 'x-amz-user-agent': amzAgent }),
    },
  }
}

async function send<I extends object, O extends object>(
  config: Config,
  route: Route,
  operation: Operation,
  input: I,
  turn: () => Promise<void>,
): Promise<{ readonly response: HttpResponse; readonly output: O }> {
  const request = await config.protocol.serializeRequest(operation, input, route.serde)
  Object.assign(request.headers, route.headers)
  if (request.body !== undefined) request.headers['content-length'] = String(Buffer.byteLength(request.body))
  await turn()
  const signingDate = new Date(Date.now() + config.systemClockOffset)
  const signed = await route.signer.sign(request, { ...route.signedFor, signingDate })
  const { response } = await config.requestHandler.handle(signed as HttpRequest)
  try {
    const output = await config.protocol.deserializeResponse(operation, route.serde, response)
    return { response, output: output as unknown as O }
  } catch (error) {
    throw error instanceof Error ? withResponse(error, response) : error
  }
}

/** Where the SDK has them, and not among what a log prints of an error. */
function withResponse(error: Error, response: HttpResponse): Error {
  const metadata = { httpStatusCode: response.statusCode, requestId: response.headers['x-amzn-requestid'] }
  if (!('$metadata' in error)) Object.defineProperty(error, '$metadata', { value: metadata })
  return Object.defineProperty(error, '$response', { value: response })
}

/** As often as the client's own configuration says, and with its waits. */
async function attempts<T>(config: Config, attempt: () => Promise<T>): Promise<T> {
  let token: RetryToken | null = null
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      token = await nextAttempt(config, token, error)
      await sleep(token.getRetryDelay())
    }
  }
}

/** Throws the error where it is not worth another attempt, or none is left. */
async function nextAttempt(config: Config, token: RetryToken | null, thrown: unknown): Promise<RetryToken> {
  const error = thrown as SdkError
  const errorType = retryTypeOf(error)
  if (errorType === null) throw thrown
  const strategy = await config.retryStrategy()
  const last = token ?? (await strategy.acquireInitialRetryToken(''))
  return strategy.refreshRetryTokenForRetry(last, { error, errorType }).catch(() => Promise.reject(thrown))
}

/** Null: AWS would answer the same again. */
function retryTypeOf(error: SdkError): RetryErrorType | null {
  if (isThrottlingError(error)) return 'THROTTLING'
  if (isTransientError(error)) return 'TRANSIENT'
  return isServerError(error) ? 'SERVER_ERROR' : null
}
