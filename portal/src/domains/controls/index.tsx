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

export const routes = [listRoute, controlRoute, frameworkRoute] as const

export const nav: readonly NavEntry[] = [
  { to: '/controls', title: { ja: '統制', en: 'Controls' }, action: 'control.read', order: 32 },
  {
    to: '/frameworks',
    title: { ja: '枠組みと空白', en: 'Frameworks and gaps' },
    action: 'control.read',
    order: 33,
  },
]
