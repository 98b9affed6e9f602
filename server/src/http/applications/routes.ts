import type { Route } from '../route.ts'
import { delegationRoutes } from './delegations.ts'
import { exceptionRoutes } from './exceptions.ts'
import { type ApplicationDeps, applicationReadRoutes } from './read.ts'
import { applicationWriteRoutes } from './write.ts'

/** Everything about applications. Fixed paths come before `{id}`, because the first match answers. */
export const applicationRoutes = (deps: ApplicationDeps): readonly Route[] => [
  ...applicationReadRoutes(deps),
  ...applicationWriteRoutes(deps),
  ...delegationRoutes(deps),
  ...exceptionRoutes,
]
