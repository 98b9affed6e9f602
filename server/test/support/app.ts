import type { Actor } from '../../src/domain/people/roles.ts'
import { type App, createApp } from '../../src/http/app.ts'
import type { Route } from '../../src/http/route.ts'
import type { Change, Services } from '../../src/http/services.ts'
import { mountSession } from '../../src/http/session/routes.ts'
import { cedarAuthoriser } from '../../src/identity/authorise.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { idSource } from '../../src/kernel/ids.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import { openSession } from '../../src/storage/sessions/sessions.ts'
import type { TestDatabase } from './postgres.ts'

export interface TestApp {
  readonly app: App
  readonly services: Services
  readonly logged: string[]
  publish(change: Change): void
  /** Calls the API as that actor; JSON in, `{status, body}` out. */
  call(
    actor: Actor | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown; headers: Headers }>
}

/** The real app over a test database, without a socket. */
export function testApp(
  on: TestDatabase,
  routes: readonly Route[],
  personas: readonly Actor[] = [],
): TestApp {
  const listeners = new Set<(change: Change) => void>()
  const logged: string[] = []
  const log = {
    info: () => {},
    warn: (_: object, text: string) => void logged.push(text),
    error: (_: object, text: string) => void logged.push(text),
  }
  const services: Services = {
    on,
    clock: systemClock,
    ids: idSource(systemClock, systemRandom),
    authorise: cedarAuthoriser(),
    personas: async () => personas.map((actor) => ({ organisationName: null, ...actor })),
    sandboxControlUrl: null,
    changes: {
      subscribe: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    log,
    rootMailDomain: 'aws.example.lg.jp',
    timeScale: 60,
  }
  const app = createApp(services, routes, { observe: () => {} })
  mountSession(app, services)
  return {
    app,
    services,
    logged,
    publish: (change) => {
      for (const listener of listeners) listener(change)
    },
    call: async (actor, method, path, body, headers = {}) => {
      const token = actor === null ? null : (await openSession(on, { actor, language: 'en' })).token
      const response = await app.request(path, {
        method,
        headers: {
          'x-rankan-request': '1',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: parse(text), headers: response.headers }
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
