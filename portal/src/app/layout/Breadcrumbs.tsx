import { Link, useMatches } from '@tanstack/react-router'
import { common } from '../../i18n/common.ts'
import { usePick } from '../../i18n/language.tsx'
import { useTexts } from '../../i18n/messages.ts'
import { useNavigation } from '../navigation.tsx'

/** Home › section › page. A route tells its own text as `staticData.crumb`. */
export function Breadcrumbs() {
  const t = useTexts(common)
  const pick = usePick()
  const navigation = useNavigation()
  const leaf = useMatches({ select: (matches) => matches.at(-1) })
  if (leaf === undefined || leaf.pathname === '/') return null
  const section = navigation.find((entry) => leaf.pathname.startsWith(`${entry.to}/`))
  const own =
    leaf.staticData.crumb ?? navigation.find((entry) => entry.to === leaf.pathname.replace(/\/$/, ''))?.title
  return (
    <nav aria-label={t.breadcrumbs} className="mb-4">
      <ol className="flex flex-wrap gap-x-2 text-oln-14N-100 leading-150">
        <li>
          <Link to="/">{t.home}</Link>
        </li>
        {section === undefined ? null : (
          <li>
            <span aria-hidden="true">› </span>
            <Link to={section.to}>{pick(section.title)}</Link>
          </li>
        )}
        {own === undefined ? null : (
          <li aria-current="page">
            <span aria-hidden="true">› </span>
            {pick(own)}
          </li>
        )}
      </ol>
    </nav>
  )
}
