import { ledgerRoutes } from '../http/ledger/routes.ts'
import { organisationRoutes } from '../http/organisations/routes.ts'
import type { Route } from '../http/route.ts'
import { eventsRoute } from '../http/system/events.ts'

/** Every guarded route of the API. */
export const allRoutes: readonly Route[] = [...organisationRoutes, ...ledgerRoutes, eventsRoute]
