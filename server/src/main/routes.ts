import type { Control } from '../catalog/record.ts'
import type { ApplicationDeps } from '../http/applications/read.ts'
import { applicationRoutes } from '../http/applications/routes.ts'
import { importRoutes } from '../http/catalog/imports.ts'
import { catalogRoutes } from '../http/catalog/routes.ts'
import { controlRoutes } from '../http/controls/routes.ts'
import { type EstateControl, estateActRoutes } from '../http/estate/act.ts'
import { quotaRoutes } from '../http/estate/quotas.ts'
import { estateReadRoutes } from '../http/estate/read.ts'
import { organizationSettingsRoutes } from '../http/estate/settings.ts'
import { ledgerRoutes } from '../http/ledger/routes.ts'
import { mailRoutes } from '../http/mail/routes.ts'
import { organisationRoutes } from '../http/organisations/routes.ts'
import { denialRoutes } from '../http/policies/denials.ts'
import { guardrailRoutes } from '../http/policies/guardrails.ts'
import { replayRoutes, type TrailPlaces } from '../http/policies/replays.ts'
import type { Route } from '../http/route.ts'
import { sandboxRoutes } from '../http/sandbox/routes.ts'
import { eventsRoute } from '../http/system/events.ts'
import type { ControlsPort } from '../ports/controls.ts'
import type { ShippedSets } from '../storage/controls/sets.ts'

export interface RouteParts {
  readonly applications: ApplicationDeps
  readonly estate: EstateControl
  readonly trails: TrailPlaces
  /** The library of controls. */
  readonly catalog: readonly Control[]
  /** Control sets that come with Rankan. */
  readonly controlSets: ShippedSets
  /** What carries controls in an AWS organisation; throws `not_found`. */
  readonly controlsOf: (awsOrganizationId: string) => ControlsPort
}

/** Every guarded route of the API. */
export const allRoutes = (parts: RouteParts): readonly Route[] => [
  ...organisationRoutes,
  ...mailRoutes,
  ...applicationRoutes(parts.applications),
  ...estateReadRoutes,
  ...estateActRoutes(parts.estate),
  ...quotaRoutes,
  ...organizationSettingsRoutes,
  ...guardrailRoutes,
  ...denialRoutes,
  ...replayRoutes(parts.trails),
  ...catalogRoutes(parts.catalog),
  ...importRoutes({ library: parts.catalog, sets: parts.controlSets, controls: parts.controlsOf }),
  ...controlRoutes({ library: parts.catalog, sets: parts.controlSets }),
  ...ledgerRoutes,
  ...sandboxRoutes,
  eventsRoute,
]
