import { type ErrorKind, type Issue, RankanError } from '../kernel/errors.ts'

/** The HTTP API as the CLI uses it. Paths are those of OpenAPI with values filled in. */
export interface ApiClient {
  readonly baseUrl: string
  get<T>(path: string): Promise<T>
  send<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    options?: SendOptions,
  ): Promise<T>
  /** A file as it is; `type` is its media type. */
  upload<T>(path: string, bytes: Uint8Array, type: string): Promise<T>
  /** Raw response, for downloads and event streams. */
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export interface SendOptions {
  readonly idempotencyKey?: string
}

const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: 'denied',
  403: 'denied',
  404: 'not_found',
  409: 'conflict',
  422: 'invalid',
  429: 'throttled',
  503: 'unavailable',
}

export function apiClient(baseUrl: string, token: () => Promise<string | null>): ApiClient {
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const secret = await token()
    const headers = new Headers(init.headers)
    headers.set('x-rankan-request', '1')
    if (secret !== null) headers.set('authorization', `Bearer ${secret}`)
    const response = await fetch(new URL(path, baseUrl), { ...init, headers }).catch((cause) => {
      throw new RankanError(
        'unavailable',
        'server_unreachable',
        `There is no Rankan server at \`${baseUrl}\`. Start it with \`npm start\`, or name another with --server.`,
        { cause },
      )
    })
    if (!response.ok) throw await toError(response)
    return response
  }
  const json = async <T>(response: Response): Promise<T> =>
    response.status === 204 ? (undefined as T) : ((await response.json()) as T)
  return {
    baseUrl,
    fetch: request,
    get: async (path) => json(await request(path)),
    send: async (method, path, body, options = {}) => {
      const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
      if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey
      return json(
        await request(path, {
          method,
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      )
    },
    upload: async (path, bytes, type) =>
      json(
        await request(path, {
          method: 'POST',
          headers: { 'content-type': type },
          body: new Blob([bytes as Uint8Array<ArrayBuffer>]),
        }),
      ),
  }
}

async function toError(response: Response): Promise<RankanError> {
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string
    detail?: string
    issues?: Issue[]
  }
  const kind = KIND_OF_STATUS[response.status] ?? 'bug'
  return new RankanError(
    kind,
    problem.code ?? `http_${response.status}`,
    problem.detail ?? `The server answered ${response.status}.`,
    {
      issues: problem.issues ?? [],
    },
  )
}
