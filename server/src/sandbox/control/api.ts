/** Types of the control API under `/_sandbox/` (JSON over HTTP on the estate's own port; no signature). */
import type { Fault, FaultPoint } from '../core/contract.ts'
import type { FaultRule } from '../core/faults.ts'
import type { Effect } from '../core/world.ts'
import type { OrganizationSpec, SeededOrganization } from '../seed/organization.ts'
import type { SandboxCredentials } from '../seed/seed.ts'

export type { Effect, Fault, FaultRule, OrganizationSpec, SandboxCredentials, SeededOrganization }

export interface CallCount {
  readonly calls: number
  /** Real milliseconds, all calls together. */
  readonly ms: number
  /** `ok` or the error's code → how often. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** GET /_sandbox/state */
export interface SandboxState {
  /** ISO 8601 */
  readonly virtualTime: string
  readonly timeScale: number
  readonly organizations: readonly (SeededOrganization & {
    readonly accounts: Readonly<Record<string, number>>
    readonly ous: number
    readonly creationsInFlight: number
  })[]
  /** Timers that wait, by `service.kind`. */
  readonly inFlight: Readonly<Record<string, number>>
  readonly nextTimerAt: string | null
  readonly faults: readonly FaultRule[]
  readonly timerFailures: number
}

/** POST /_sandbox/time: set the scale, jump ahead, or both (first the jump). */
export interface TimeRequest {
  readonly scale?: number
  readonly advanceMs?: number
}

/** POST /_sandbox/faults */
export interface FaultRequest {
  /** Default `call`. */
  readonly at?: FaultPoint['at']
  /** Default `*`. SigV4 name of the service. */
  readonly service?: string
  /** Default `*`. Operation, or the event's name. */
  readonly operation?: string
  readonly subject?: string
  /** Default 1. */
  readonly probability?: number
  /** Default: until removed. */
  readonly times?: number
  readonly fault: Fault
}

/** POST /_sandbox/organizations: default values make an organisation without landing zone. */
export type OrganizationRequest = Partial<OrganizationSpec> & Pick<OrganizationSpec, 'name'>

/** POST /_sandbox/fast-load: accounts that are there at once, spread over the organisation's OUs (or one OU). */
export interface FastLoadRequest {
  readonly organizationId: string
  readonly accounts: number
  readonly ouName?: string
}

/** PUT /_sandbox/settings: figures that AWS does not publish, or raised quotas. */
export interface SettingsRequest {
  readonly durations?: Readonly<Record<string, { readonly ms: number; readonly jitter?: number }>>
  readonly limits?: Readonly<Record<string, number>>
}

/** GET /_sandbox/trail; POST writes what waits into files and also tells how many `files` it made. */
export interface TrailState {
  /** Folder that holds `AWSLogs/`; null: no trail is kept. */
  readonly dir: string | null
  readonly pendingBytes: number
}

/** `POST /_sandbox/config`: what AWS Config saw in an account, and what rules found that the sandbox does not evaluate itself. */
export interface ConfigRequest {
  readonly accountId: string
  readonly region: string
  readonly items?: readonly {
    /** `AWS::S3::Bucket` */
    readonly resourceType: string
    readonly resourceId: string
    readonly resourceName?: string
    readonly arn?: string
    /** Default `OK`; `ResourceDeleted` takes it away. */
    readonly configurationItemStatus?: string
    readonly tags?: Readonly<Record<string, string>>
    readonly configuration: unknown
    readonly supplementaryConfiguration?: Readonly<Record<string, unknown>>
  }[]
  readonly evaluations?: readonly {
    /** Name of the rule in that account. */
    readonly rule: string
    readonly resourceType: string
    readonly resourceId: string
    readonly compliance: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE' | 'INSUFFICIENT_DATA'
    readonly annotation?: string
  }[]
}
