import { createRouter } from '@tanstack/react-router'
import { signInRoute } from '../domains/home/sign-in-route.tsx'
import { routes } from './domains.ts'
import { queryClient } from './query-client.ts'
import { rootRoute, shellRoute } from './shell-route.tsx'

const routeTree = rootRoute.addChildren([signInRoute, shellRoute.addChildren(routes)])

export const router = createRouter({
  routeTree,
  context: { queryClient },
  scrollRestoration: true,
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
