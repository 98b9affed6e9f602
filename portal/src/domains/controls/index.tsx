import { CONTROL_TYPES } from '@rankan/server/src/catalog/types.ts'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { NavEntry } from '../../app/nav.ts'
import { shellRoute } from '../../app/shell-route.tsx'

/** A wrong value in an address is as if it was not there. */
const type = z.enum(CONTROL_TYPES).optional().catch(undefined)
const service = z.string().optional().catch(undefined)

const listSearch = z.object({
  type,
  service,
  framework: z.coerce.string().optional(),
  element: z.coerce.string().optional(),
})

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/controls',
  component: lazyRouteComponent(() => import('./pages/Controls.tsx'), 'Controls'),
  validateSearch: (search) => listSearch.parse(search),
  staticData: { crumb: { ja: '統制', en: 'Controls' } },
})

const controlRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/controls/$controlId',
  component: lazyRouteComponent(() => import('./pages/Control.tsx'), 'Control'),
})

const frameworkSearch = z.object({ framework: z.coerce.string().optional(), type, service })

const frameworkRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/frameworks',
  component: lazyRouteComponent(() => import('./pages/Framework.tsx'), 'FrameworkPage'),
  validateSearch: (search) => frameworkSearch.parse(search),
})

const plansRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-plans',
  component: lazyRouteComponent(() => import('./plans/pages/Plans.tsx'), 'Plans'),
  staticData: { crumb: { ja: '統制の適用', en: 'Apply controls' } },
})

const planRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-plans/$planId',
  component: lazyRouteComponent(() => import('./plans/pages/Plan.tsx'), 'Plan'),
})

const applyRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-applies/$applyId',
  component: lazyRouteComponent(() => import('./plans/pages/Apply.tsx'), 'Apply'),
})

const setsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-sets',
  component: lazyRouteComponent(() => import('./sets/pages/Sets.tsx'), 'Sets'),
  staticData: { crumb: { ja: '統制セット', en: 'Control sets' } },
})

const newSetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-sets/new',
  component: lazyRouteComponent(() => import('./sets/pages/EditSet.tsx'), 'NewSet'),
})

const setSearch = z.object({ version: z.coerce.number().int().min(1).optional().catch(undefined) })

const setRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-sets/$name',
  component: lazyRouteComponent(() => import('./sets/pages/SetPage.tsx'), 'SetPage'),
  validateSearch: (search) => setSearch.parse(search),
})

const editSetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-sets/$name/edit',
  component: lazyRouteComponent(() => import('./sets/pages/EditSet.tsx'), 'EditSet'),
})

const importsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-imports',
  component: lazyRouteComponent(() => import('./imports/pages/Imports.tsx'), 'Imports'),
  staticData: { crumb: { ja: '統制の取り込み', en: 'Import controls' } },
})

const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/control-imports/$name',
  component: lazyRouteComponent(() => import('./imports/pages/Import.tsx'), 'Import'),
})

export const routes = [
  setsRoute,
  newSetRoute,
  setRoute,
  editSetRoute,
  importsRoute,
  importRoute,
  listRoute,
  controlRoute,
  frameworkRoute,
  plansRoute,
  planRoute,
  applyRoute,
] as const

export const nav: readonly NavEntry[] = [
  { to: '/controls', title: { ja: '統制', en: 'Controls' }, action: 'control.read', order: 32 },
  {
    to: '/frameworks',
    title: { ja: '枠組みと空白', en: 'Frameworks and gaps' },
    action: 'control.read',
    order: 33,
  },
  {
    to: '/control-sets',
    title: { ja: '統制セット', en: 'Control sets' },
    action: 'control_set.read',
    order: 33,
  },
  {
    to: '/control-imports',
    title: { ja: '統制の取り込み', en: 'Import controls' },
    action: 'control_import.read',
    order: 33,
  },
  {
    to: '/control-plans',
    title: { ja: '統制の適用', en: 'Apply controls' },
    action: 'control_plan.read',
    order: 33,
  },
]
