import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useLiveUpdates } from '../../api/live.ts'
import { Toasts } from '../../components/Toast.tsx'
import { common } from '../../i18n/common.ts'
import { useTexts } from '../../i18n/messages.ts'
import { Breadcrumbs } from './Breadcrumbs.tsx'
import { Header } from './Header.tsx'
import { Navigation } from './Navigation.tsx'

/** Header, menu at the left (under a button on narrow screens), breadcrumbs and the page. */
export function Shell() {
  const t = useTexts(common)
  const [menuOpen, setMenuOpen] = useState(false)
  const main = useFocusOnNewPage(() => setMenuOpen(false))
  useLiveUpdates(true)
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only bg-white p-3 focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50"
      >
        {t.skip}
      </a>
      <Header menuOpen={menuOpen} onMenu={() => setMenuOpen(!menuOpen)} />
      <div className="mx-auto flex w-full max-w-[96rem] flex-1 flex-col lg:flex-row">
        <Navigation open={menuOpen} />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="min-w-0 flex-1 px-4 pt-4 pb-16 outline-none sm:px-8"
        >
          <Breadcrumbs />
          <Outlet />
        </main>
      </div>
      <Toasts />
    </div>
  )
}

/** After a change of page the focus goes to the content, as it would after a full load; screen readers then read the title. */
function useFocusOnNewPage(onNewPage: () => void) {
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const before = useRef(path)
  const act = useRef(onNewPage)
  act.current = onNewPage
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    act.current()
    main.current?.focus({ preventScroll: true })
  }, [path])
  return main
}
