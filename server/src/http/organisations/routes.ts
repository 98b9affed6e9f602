import { changeRoutes } from './change-routes.ts'
import { importRoutes } from './import-routes.ts'
import { registerRoutes } from './register-routes.ts'
import { tenancyRoutes } from './tenancy-routes.ts'

export const organisationRoutes = [...registerRoutes, ...importRoutes, ...tenancyRoutes, ...changeRoutes]
