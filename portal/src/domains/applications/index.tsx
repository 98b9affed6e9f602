import { APPLICATION_KINDS } from '@rankan/server/domain/applications/kinds.ts'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { NavEntry } from '../../app/nav.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const listSearch = z.object({ batchId: z.string().optional().catch(undefined) })
const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/applications',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/List.tsx'), 'List'),
})

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/applications/new',
  component: lazyRouteComponent(() => import('./pages/NewApplication.tsx'), 'NewApplication'),
})

const changeSearch = z.object({
  kind: z.enum(APPLICATION_KINDS).optional().catch(undefined),
  accountId: z.string().optional().catch(undefined),
})
const changeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/applications/change',
  validateSearch: changeSearch,
  component: lazyRouteComponent(() => import('./pages/ChangeAccount.tsx'), 'ChangeAccount'),
})

const batchRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/applications/batch',
  component: lazyRouteComponent(() => import('./pages/Batch.tsx'), 'Batch'),
})

const applicationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/applications/$applicationId',
  component: lazyRouteComponent(() => import('./pages/Application.tsx'), 'Application'),
})

const editRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/applications/$applicationId/edit',
  component: lazyRouteComponent(() => import('./pages/EditApplication.tsx'), 'EditApplication'),
})

const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./pages/Inbox.tsx'), 'Inbox'),
})

const notificationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./pages/Notifications.tsx'), 'Notifications'),
})

export const routes = [
  listRoute,
  newRoute,
  changeRoute,
  batchRoute,
  applicationRoute,
  editRoute,
  inboxRoute,
  notificationsRoute,
] as const

export const nav: readonly NavEntry[] = [
  {
    to: '/applications',
    title: { ja: '利用申請', en: 'Applications' },
    action: 'application.read',
    order: 10,
  },
  { to: '/approvals', title: { ja: '承認', en: 'Approvals' }, action: 'application.decide', order: 12 },
  { to: '/notifications', title: { ja: 'お知らせ', en: 'Notifications' }, action: 'session.read', order: 18 },
]
