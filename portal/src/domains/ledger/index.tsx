import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { NavEntry } from '../../app/nav.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const ledgerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/ledger',
  /** The filter stands in the address, so that an auditor can pass it on. */
  validateSearch: z.object({
    kind: z.string().max(100).optional().catch(undefined),
    subject: z.string().max(200).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/Ledger.tsx'), 'Ledger'),
})

export const routes = [ledgerRoute] as const

export const nav: readonly NavEntry[] = [
  { to: '/ledger', title: { ja: '監査台帳', en: 'Audit ledger' }, action: 'ledger.read', order: 40 },
]
