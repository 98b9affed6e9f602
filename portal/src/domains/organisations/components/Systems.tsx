import type { OrganisationPage, SystemView } from '@rankan/server/domain/organisations/view.ts'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Card } from '../../../components/Page.tsx'
import { Facts } from '../../../components/Values.tsx'
import { usePick } from '../../../i18n/language.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { BUSINESS_CHOICES } from '../../applications/form/spec.ts'
import { endSystem } from '../api.ts'
import { EndDialog } from '../forms/EndDialog.tsx'
import { texts as formTexts } from '../forms/i18n/texts.ts'
import { percent } from '../forms/percent.ts'
import { AddSystem, ChangeShares, ChangeSystem } from '../forms/SystemForms.tsx'
import { useMayAt } from '../forms/use-may-at.ts'
import { texts } from '../i18n/texts.ts'
import { OrganisationLink } from './OrganisationLink.tsx'

/** Systems that the organisation owns or shares in, with each tenant's share. */
export function Systems({ page }: { readonly page: OrganisationPage }) {
  const t = useTexts(texts)
  const f = useTexts(formTexts)
  const mayAt = useMayAt('organisation.system.change')
  const [adding, setAdding] = useState(false)
  return (
    <div className="flex flex-col items-stretch gap-3">
      {page.systems.length === 0 ? <EmptyState title={t.noSystems} /> : null}
      {page.systems.map((system) => (
        <SystemCard key={system.id} system={system} mayChange={mayAt(system.owner.id)} />
      ))}
      {mayAt(page.id) && page.now !== null ? (
        <div>
          <Button look="secondary" onPress={() => setAdding(true)}>
            {f.addSystem}
          </Button>
        </div>
      ) : null}
      {adding ? <AddSystem organisationId={page.id} onClose={() => setAdding(false)} /> : null}
    </div>
  )
}

type Open = 'change' | 'shares' | 'end'

function SystemCard({ system, mayChange }: { readonly system: SystemView; readonly mayChange: boolean }) {
  const t = useTexts(texts)
  const f = useTexts(formTexts)
  const pick = usePick()
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  const area = BUSINESS_CHOICES.find((choice) => choice.value === system.businessArea)
  return (
    <Card>
      <h2 className="text-std-17B-170">{pick(system.name)}</h2>
      <Facts
        items={[
          { name: t.code, value: <code className="font-mono">{system.code}</code> },
          { name: t.owner, value: <OrganisationLink organisation={system.owner} /> },
          { name: f.businessArea, value: area === undefined ? f.none : pick(area.label) },
          {
            name: t.kind,
            value:
              system.useMode === 'single'
                ? t.single
                : `${t.shared} (${system.separation === null ? '' : t.separation[system.separation]})`,
          },
          { name: f.from, value: system.from ?? t.unknownBegin },
          ...(system.to === null ? [] : [{ name: f.endDay, value: system.to }]),
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
      {mayChange && system.to === null ? (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button look="secondary" small onPress={() => setOpen('change')}>
            {f.changeSystem}
          </Button>
          {system.useMode === 'shared' ? (
            <Button look="secondary" small onPress={() => setOpen('shares')}>
              {f.changeShares}
            </Button>
          ) : null}
          <Button look="quiet" small onPress={() => setOpen('end')}>
            {t.endSystem}
          </Button>
        </div>
      ) : null}
      {open === 'change' ? <ChangeSystem system={system} onClose={close} /> : null}
      {open === 'shares' ? <ChangeShares system={system} onClose={close} /> : null}
      {open === 'end' ? (
        <EndDialog
          title={t.endSystem}
          text={t.endSystemText(pick(system.name))}
          send={(day) => endSystem(system.id, day)}
          onClose={close}
        />
      ) : null}
    </Card>
  )
}
