import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { NavEntry } from '../../app/nav.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const sandboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sandbox',
  component: lazyRouteComponent(() => import('./pages/Sandbox.tsx'), 'Sandbox'),
})

export const routes = [sandboxRoute] as const

export const nav: readonly NavEntry[] = [
  {
    to: '/sandbox',
    title: { ja: 'サンドボックスの操作', en: 'Sandbox controls' },
    action: 'sandbox.read',
    order: 90,
    onlyInSandbox: true,
  },
]
