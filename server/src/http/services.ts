import type { Authorise } from '../identity/authorise.ts'
import type { Clock } from '../kernel/clock.ts'
import type { IdSource } from '../kernel/ids.ts'
import type { Persona } from '../storage/organisations/personas.ts'
import type { Changes } from '../storage/transact.ts'

/** What the server is made of; `main` builds it. `on` goes into `transact` and `read`. */
export interface Services {
  readonly on: Changes
  readonly clock: Clock
  readonly ids: IdSource
  readonly authorise: Authorise
  /** Demo personas; null when the estate is real AWS, where there is no sign-in by choosing a name. */
  readonly personas: (() => Promise<readonly Persona[]>) | null
  /** Base URL of the sandbox's control API; null on real AWS. */
  readonly sandboxControlUrl: string | null
  /** Wakes workers: `signal('work')` after something was queued. */
  readonly changes: ChangeFeed
  readonly log: Log
  /** Domain under which account root e-mail addresses are made, e.g. `aws.example.lg.jp`. */
  readonly rootMailDomain: string
  /** AWS's durations are divided by it; 1 on real AWS. */
  readonly timeScale: number
}

export interface Change {
  readonly topic: string
  readonly id: string
  readonly organisationId: string | null
}

/** Changes after their commit, from every process (PostgreSQL NOTIFY). */
export interface ChangeFeed {
  subscribe(listener: (change: Change) => void): () => void
}

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
