import type { SandboxLoadRequest, SandboxStateView } from '@rankan/server/domain/sandbox/view.ts'
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Card, Section } from '../../../components/Page.tsx'
import { Select } from '../../../components/Select.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { load, useChange } from '../api.ts'
import { texts } from '../i18n/texts.ts'

const AT_MOST = 10_000

export function LoadAccounts({ state }: { readonly state: SandboxStateView }) {
  const t = useTexts(texts)
  const [organizationId, setOrganizationId] = useState(state.organizations[0]?.organizationId ?? null)
  const [count, setCount] = useState('1000')
  const send = useChange((body: SandboxLoadRequest) => load(body), t.loaded)
  const accounts = Number(count)
  const isCount = Number.isInteger(accounts) && accounts >= 1 && accounts <= AT_MOST
  return (
    <Section title={t.load}>
      <Card>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (isCount && organizationId !== null) send.mutate({ organizationId, accounts })
          }}
        >
          <p>{t.loadText}</p>
          {send.error === null ? null : <ErrorView error={send.error} />}
          <div className="flex flex-wrap items-end gap-4">
            <Select
              label={t.organization}
              value={organizationId}
              onChange={setOrganizationId}
              className="w-64"
              options={state.organizations.map((one) => ({ value: one.organizationId, label: one.name }))}
            />
            <Field
              label={t.loadCount}
              value={count}
              onChange={setCount}
              className="w-48"
              error={isCount ? null : t.loadCountError}
            />
            <Button type="submit" isPending={send.isPending}>
              {t.loadDo}
            </Button>
          </div>
        </form>
      </Card>
    </Section>
  )
}
