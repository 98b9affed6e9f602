import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { NavEntry } from '../../app/nav.ts'
import { shellRoute } from '../../app/shell-route.tsx'

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/policies',
  component: lazyRouteComponent(() => import('./pages/Policies.tsx'), 'Policies'),
  staticData: { crumb: { ja: 'ポリシー', en: 'Policies' } },
})

/** `organization` and `policy`: open that policy in force; without them, the draft of this browser window. */
const editorSearch = z.object({ organization: z.string().optional(), policy: z.string().optional() })

const editorRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/policies/editor',
  component: lazyRouteComponent(() => import('./pages/Editor.tsx'), 'Editor'),
  validateSearch: (search) => editorSearch.parse(search),
})

const replaysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/replays',
  component: lazyRouteComponent(() => import('./replay/pages/Replays.tsx'), 'Replays'),
  staticData: { crumb: { ja: 'リプレイ', en: 'Replays' } },
})

/** `from`: begin with what that replay was asked. */
const newReplaySearch = z.object({ from: z.string().optional() })

const newReplayRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/replays/new',
  component: lazyRouteComponent(() => import('./replay/pages/NewReplay.tsx'), 'NewReplay'),
  validateSearch: (search) => newReplaySearch.parse(search),
})

const replayRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/replays/$replayId',
  component: lazyRouteComponent(() => import('./replay/pages/Replay.tsx'), 'Replay'),
})

const deniedSearch = z.object({ account: z.coerce.string().optional() })

const deniedRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/denied',
  component: lazyRouteComponent(() => import('./denied/pages/Denied.tsx'), 'Denied'),
  validateSearch: (search) => deniedSearch.parse(search),
})

export const routes = [
  listRoute,
  editorRoute,
  replaysRoute,
  newReplayRoute,
  replayRoute,
  deniedRoute,
] as const

export const nav: readonly NavEntry[] = [
  {
    to: '/denied',
    title: { ja: 'なぜ拒否されたか', en: 'Why was I denied' },
    action: 'denial.explain',
    order: 31,
  },
  { to: '/policies', title: { ja: 'ポリシー', en: 'Policies' }, action: 'guardrail.read', order: 35 },
  { to: '/replays', title: { ja: 'リプレイ', en: 'Replays' }, action: 'replay.read', order: 36 },
]
