import type { SandboxStateView } from '@rankan/server/domain/sandbox/view.ts'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { Section } from '../../../components/Page.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { texts } from '../i18n/texts.ts'

type Organization = SandboxStateView['organizations'][number]

export function Organizations({ state }: { readonly state: SandboxStateView }) {
  const t = useTexts(texts)
  const columns: readonly Column<Organization>[] = [
    { key: 'name', title: t.organization, width: 14, value: (row) => `${row.name} (${row.organizationId})` },
    { key: 'zone', title: t.landingZone, width: 8, value: (row) => (row.hasLandingZone ? t.yes : t.no) },
    {
      key: 'accounts',
      title: t.accounts,
      width: 14,
      value: (row) =>
        Object.entries(row.accounts)
          .map(([name, count]) => `${name} ${count}`)
          .join(', '),
    },
    { key: 'ous', title: t.ous, width: 5, align: 'end', value: (row) => row.ous },
    { key: 'inFlight', title: t.inFlight, width: 6, align: 'end', value: (row) => row.creationsInFlight },
  ]
  return (
    <Section title={t.organizations}>
      <DataTable
        label={t.organizations}
        rows={state.organizations}
        columns={columns}
        rowKey={(row) => row.organizationId}
      />
    </Section>
  )
}
