import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router'
import { sessionQuery } from '../api/session.ts'
import { NotFound, RouteError } from './layout/fallbacks.tsx'
import { Shell } from './layout/Shell.tsx'

export interface RouterContext {
  readonly queryClient: QueryClient
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
})

/** Parent of every page behind the sign-in: header, menu, breadcrumbs. Domains hang their routes here. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery)
    if (session.actor === null) throw redirect({ to: '/sign-in', search: { next: location.href } })
  },
})

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Text of the page's breadcrumb; the last page's own title stands in its `Page`. */
    readonly crumb?: import('@rankan/server/kernel/text.ts').Bilingual
  }
}
