import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { NavEntry } from '../../app/nav.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const day = z.iso.date().optional().catch(undefined)

const organisationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/organisations',
  /** What is looked for stands in the address, so that it can be passed on and is there on the way back. */
  // The router reads `?text=182079` as a number.
  validateSearch: z.object({ text: z.coerce.string().max(200).optional().catch(undefined), on: day }),
  component: lazyRouteComponent(() => import('./pages/Organisations.tsx'), 'Organisations'),
})

const attentionRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/organisations/attention',
  component: lazyRouteComponent(() => import('./pages/Attention.tsx'), 'Attention'),
})

const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/organisations/imports',
  component: lazyRouteComponent(() => import('./pages/Imports.tsx'), 'Imports'),
})

const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/organisations/imports/$importId',
  component: lazyRouteComponent(() => import('./pages/ImportPlan.tsx'), 'ImportPlan'),
})

const profilesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/organisations/profiles',
  component: lazyRouteComponent(() => import('./pages/Profiles.tsx'), 'Profiles'),
})

const organisationRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/organisations/$organisationId',
  validateSearch: z.object({ on: day }),
  component: lazyRouteComponent(() => import('./pages/Organisation.tsx'), 'Organisation'),
})

export const routes = [
  organisationsRoute,
  attentionRoute,
  importsRoute,
  importRoute,
  profilesRoute,
  organisationRoute,
] as const

export const nav: readonly NavEntry[] = [
  {
    to: '/organisations',
    title: { ja: '利用組織', en: 'Organisations' },
    action: 'organisation.read',
    order: 20,
  },
  {
    to: '/organisations/attention',
    title: { ja: '要対応の組織', en: 'Needs attention' },
    action: 'organisation.attention.read',
    order: 22,
  },
  {
    to: '/organisations/imports',
    title: { ja: '組織一覧の取り込み', en: 'Import lists' },
    action: 'organisation.read_import',
    order: 24,
  },
]
