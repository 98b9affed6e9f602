import type { SystemView } from '@rankan/server/domain/organisations/view.ts'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Card } from '../../../components/Page.tsx'
import { Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'
import { OrganisationLink } from './OrganisationLink.tsx'

/** Systems that the organisation owns or shares in, with each tenant's share. */
export function Systems({ systems }: { readonly systems: readonly SystemView[] }) {
  const t = useTexts(texts)
  const pick = usePick()
  if (systems.length === 0) return <EmptyState title={t.noSystems} />
  return (
    <div className="flex flex-col gap-3">
      {systems.map((system) => (
        <Card key={system.id}>
          <h3 className="text-std-17B-170">{pick(system.name)}</h3>
          <Facts
            items={[
              { name: t.code, value: <code className="font-mono">{system.code}</code> },
              { name: t.owner, value: <OrganisationLink organisation={system.owner} /> },
              {
                name: t.kind,
                value:
                  system.useMode === 'single'
                    ? t.single
                    : `${t.shared} (${system.separation === null ? '' : t.separation[system.separation]})`,
              },
            ]}
          />
          {system.tenants.length === 0 ? null : (
            <ul aria-label={t.share} className="mt-3 flex flex-col gap-1">
              {system.tenants.map((tenant) => (
                <li key={tenant.organisation.id} className="flex gap-4">
                  <span className="w-20 text-right tabular-nums">{percent(tenant.basisPoints)}</span>
                  <OrganisationLink organisation={tenant.organisation} />
                </li>
              ))}
            </ul>
          )}
        </Card>
      ))}
    </div>
  )
}

/** Basis points as per cent, without floating point: 2500 → 25.00 %. */
export const percent = (basisPoints: number): string =>
  `${Math.trunc(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')} %`
