import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { signOut } from '../../api/session.ts'
import { Button } from '../../components/Button.tsx'
import { common } from '../../i18n/common.ts'
import { useTexts } from '../../i18n/messages.ts'
import { useActor, useEstateIsSandbox } from '../session.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { Wordmark } from './Wordmark.tsx'

export function Header({ menuOpen, onMenu }: { readonly menuOpen: boolean; readonly onMenu: () => void }) {
  const t = useTexts(common)
  const isSandbox = useEstateIsSandbox()
  return (
    <header className="border-b border-solid-gray-420 bg-white">
      <div className="mx-auto flex max-w-[96rem] flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-8 lg:px-6">
        <Link to="/" className="-order-2 mr-auto no-underline">
          <Wordmark />
        </Link>
        <LanguageSwitch />
        <Who />
        <button
          type="button"
          aria-expanded={menuOpen}
          aria-controls="navigation"
          onClick={onMenu}
          className="-order-1 min-h-11 cursor-pointer rounded-8 border border-solid-gray-600 px-3 sm:order-none lg:hidden"
        >
          <span aria-hidden="true">{menuOpen ? '✕' : '☰'}</span> {menuOpen ? t.closeMenu : t.menu}
        </button>
      </div>
      {isSandbox ? (
        <p className="border-t border-yellow-700 bg-yellow-50 px-4 py-1 text-center text-std-16N-170">
          {t.sandboxBanner}
        </p>
      ) : null}
    </header>
  )
}

function Who() {
  const t = useTexts(common)
  const actor = useActor()
  const client = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    await signOut()
    client.clear()
    await navigate({ to: '/sign-in', search: {} })
  }
  return (
    <div className="flex items-center gap-3 max-sm:ml-auto">
      <p className="text-right">
        <span className="block text-oln-16B-100 leading-130">{actor.name}</span>
        <span className="block text-oln-14N-100 leading-130 text-solid-gray-700">{t.role[actor.role]}</span>
      </p>
      <Button look="secondary" small onPress={() => void leave()}>
        {t.signOut}
      </Button>
    </div>
  )
}
