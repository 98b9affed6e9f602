import type { OrganisationRefView } from '@rankan/server/domain/organisations/view.ts'
import { Link } from '@tanstack/react-router'
import { usePick } from '../../../i18n/language.tsx'

/** An organisation's name, leading to its page (as of the same day). */
export function OrganisationLink(props: {
  readonly organisation: OrganisationRefView
  readonly on?: string | undefined
}) {
  const pick = usePick()
  const { organisation, on } = props
  return (
    <Link
      to="/organisations/$organisationId"
      params={{ organisationId: organisation.id }}
      search={on === undefined ? {} : { on }}
    >
      {pick(organisation.name)}
    </Link>
  )
}
