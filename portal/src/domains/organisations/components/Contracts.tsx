import type { OrganisationPage } from '@rankan/server/domain/organisations/view.ts'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Card } from '../../../components/Page.tsx'
import { Facts } from '../../../components/Values.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { endContract } from '../api.ts'
import { AddContract, ChangeContract } from '../forms/ContractForms.tsx'
import { EndDialog } from '../forms/EndDialog.tsx'
import { texts as formTexts } from '../forms/i18n/texts.ts'
import { GiveCompanyRole } from '../forms/PersonForms.tsx'
import { useMayAt } from '../forms/use-may-at.ts'
import { texts } from '../i18n/texts.ts'
import { OrganisationLink } from './OrganisationLink.tsx'

type Contract = OrganisationPage['contracts'][number]

/** Contracts in which the organisation is client or company. The client keeps them. */
export function Contracts({ page }: { readonly page: OrganisationPage }) {
  const t = useTexts(texts)
  const f = useTexts(formTexts)
  const mayChange = useMayAt('organisation.contract.change')
  const mayGive = useMayAt('organisation.people.change')
  const [open, setOpen] = useState<'add' | 'role' | null>(null)
  const close = () => setOpen(null)
  const isClient = page.contracts.some((contract) => contract.client.id === page.id)
  return (
    <div className="flex flex-col gap-3">
      {page.contracts.length === 0 ? <EmptyState title={t.noContracts} /> : null}
      {page.contracts.map((contract) => (
        <ContractCard
          key={contract.id}
          page={page}
          contract={contract}
          mayChange={mayChange(contract.client.id)}
        />
      ))}
      {page.now === null ? null : (
        <div className="flex flex-wrap gap-3">
          {mayChange(page.id) ? (
            <Button look="secondary" onPress={() => setOpen('add')}>
              {f.addContract}
            </Button>
          ) : null}
          {mayGive(page.id) && isClient ? (
            <Button look="secondary" onPress={() => setOpen('role')}>
              {f.companyRole}
            </Button>
          ) : null}
        </div>
      )}
      {open === 'add' ? <AddContract page={page} onClose={close} /> : null}
      {open === 'role' ? <GiveCompanyRole page={page} onClose={close} /> : null}
    </div>
  )
}

function ContractCard(props: {
  readonly page: OrganisationPage
  readonly contract: Contract
  readonly mayChange: boolean
}) {
  const t = useTexts(texts)
  const f = useTexts(formTexts)
  const { page, contract } = props
  const [open, setOpen] = useState<'change' | 'end' | null>(null)
  const close = () => setOpen(null)
  return (
    <Card>
      <Facts
        items={[
          { name: t.contractNumber, value: contract.number },
          { name: t.kind, value: t.contractRole[contract.role] },
          { name: t.client, value: <OrganisationLink organisation={contract.client} /> },
          { name: t.operator, value: <OrganisationLink organisation={contract.operator} /> },
          { name: f.from, value: contract.from ?? t.unknownBegin },
          { name: t.end, value: contract.to },
          { name: t.systems, value: contract.systems.join(', ') || '—' },
        ]}
      />
      {props.mayChange ? (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button look="secondary" small onPress={() => setOpen('change')}>
            {f.changeContract}
          </Button>
          <Button look="quiet" small onPress={() => setOpen('end')}>
            {t.endContract}
          </Button>
        </div>
      ) : null}
      {open === 'change' ? <ChangeContract page={page} contract={contract} onClose={close} /> : null}
      {open === 'end' ? (
        <EndDialog
          title={t.endContract}
          text={t.endContractText(contract.number)}
          send={(day) => endContract(contract.id, day)}
          onClose={close}
        />
      ) : null}
    </Card>
  )
}
