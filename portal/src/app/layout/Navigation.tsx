import { Link, useRouterState } from '@tanstack/react-router'
import { classes } from '../../components/classes.ts'
import { common } from '../../i18n/common.ts'
import { usePick } from '../../i18n/language.tsx'
import { useTexts } from '../../i18n/messages.ts'
import type { NavEntry } from '../nav.ts'
import { useNavigation } from '../navigation.tsx'
import { may, useActor, useEstateIsSandbox } from '../session.tsx'

export function Navigation({ open }: { readonly open: boolean }) {
  const t = useTexts(common)
  const pick = usePick()
  const navigation = useNavigation()
  const actor = useActor()
  const isSandbox = useEstateIsSandbox()
  const entries = navigation.filter(
    (entry) => may(actor, entry.action) && (isSandbox || !entry.onlyInSandbox),
  )
  const current = useCurrent(entries)
  return (
    <nav
      id="navigation"
      aria-label={t.mainNavigation}
      className={classes(
        'shrink-0 px-4 py-4 lg:block lg:w-64 lg:border-r lg:border-solid-gray-200',
        !open && 'hidden',
      )}
    >
      <ul className="flex flex-col gap-1">
        {[{ to: '/', title: { ja: t.home, en: t.home } }, ...entries].map((entry) => (
          <li key={entry.to}>
            <Link
              to={entry.to}
              activeOptions={{ exact: entry.to !== current || entry.to === '/' }}
              className="block rounded-8 px-3 py-2 text-solid-gray-900 no-underline hover:bg-solid-gray-50 hover:underline aria-[current=page]:bg-blue-100 aria-[current=page]:font-700 aria-[current=page]:text-blue-1000"
            >
              {pick(entry.title)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The router would mark every entry whose address begins the page's; one is enough, the nearest (`/applications/new`). */
function useCurrent(entries: readonly NavEntry[]): string {
  const path = useRouterState({ select: (state) => state.location.pathname })
  const above = entries.map(({ to }) => to).filter((to) => path === to || path.startsWith(`${to}/`))
  return above.reduce((nearest, to) => (to.length > nearest.length ? to : nearest), '/')
}
