import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { NavEntry } from '../../app/nav.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const queueRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/queue',
  component: lazyRouteComponent(() => import('./pages/Queue.tsx'), 'Queue'),
})

const accountsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./pages/Accounts.tsx'), 'Accounts'),
})

const accountRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/accounts/$accountId',
  component: lazyRouteComponent(() => import('./pages/Account.tsx'), 'Account'),
})

const driftRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/drift',
  component: lazyRouteComponent(() => import('./pages/Drift.tsx'), 'Drift'),
})

const organizationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/aws-organizations',
  component: lazyRouteComponent(() => import('./pages/AwsOrganizations.tsx'), 'AwsOrganizations'),
})

export const routes = [queueRoute, accountsRoute, accountRoute, driftRoute, organizationsRoute] as const

export const nav: readonly NavEntry[] = [
  { to: '/queue', title: { ja: '処理待ち行列', en: 'Queue' }, action: 'queue.read', order: 19 },
  { to: '/accounts', title: { ja: 'AWS アカウント', en: 'AWS accounts' }, action: 'account.read', order: 30 },
  { to: '/drift', title: { ja: '台帳との差異', en: 'Drift' }, action: 'drift.read', order: 32 },
  {
    to: '/aws-organizations',
    title: { ja: 'AWS 組織', en: 'AWS organisations' },
    action: 'estate.read',
    order: 34,
  },
]
