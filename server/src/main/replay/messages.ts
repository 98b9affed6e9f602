import type { ReplayProgress } from '../../domain/policies/replays.ts'
import type { TrailLocation } from '../../http/policies/replays.ts'
import type { ErrorKind, Issue } from '../../kernel/errors.ts'
import type { ReplayJob, ReplayOutcome } from '../../ports/replays.ts'

/** What the worker tells the process of a replay. */
export type ToReplay =
  | {
      readonly kind: 'start'
      readonly job: ReplayJob
      readonly trail: TrailLocation
      /** Folder under which facts are kept. */
      readonly factsDir: string
      /** File with the public keys of CloudTrail. */
      readonly keysFile: string | null
    }
  | { readonly kind: 'stop' }

export type FromReplay =
  | { readonly kind: 'progress'; readonly progress: ReplayProgress }
  | { readonly kind: 'done'; readonly outcome: ReplayOutcome }
  | {
      readonly kind: 'failed'
      readonly error: {
        readonly kind: ErrorKind
        readonly code: string
        readonly message: string
        readonly issues: readonly Issue[]
      }
    }
