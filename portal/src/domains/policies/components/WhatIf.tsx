import type { Policy } from '@rankan/server/src/policy/policies.ts'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, memo, useMemo, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../../components/Button.tsx'
import { Radios } from '../../../components/Choice.tsx'
import { ComboBox } from '../../../components/ComboBox.tsx'
import { ErrorView } from '../../../components/ErrorView.tsx'
import { Field } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import type { Option } from '../../../components/options.tsx'
import { useTexts } from '../../../i18n/messages.ts'
import { accountPoliciesQuery, searchAccounts } from '../api.ts'
import { readInForce } from '../engine/in-force.ts'
import { type WhatIf as Asked, NOTHING_IN_FORCE, whatIf } from '../engine/what-if.ts'
import { texts } from '../i18n/texts.ts'
import { ActionField } from './ActionField.tsx'
import { DecisionView } from './DecisionView.tsx'
import { KeysField } from './KeysField.tsx'

const FIRST: Asked = {
  principal: 'arn:aws:iam::111122223333:role/Worker',
  action: 'ec2:RunInstances',
  resource: '*',
  keys: [{ key: 'aws:RequestedRegion', state: 'known', values: 'us-east-1' }],
  unlisted: 'unknown',
  own: 'allow',
}

/** "What would happen if": one request against the draft and what is in force, decided in the browser as one types. */
export const WhatIf = memo(function WhatIf({ policy }: { readonly policy: Policy | null }) {
  const t = useTexts(texts)
  const [form, setForm] = useState<Asked>(FIRST)
  const [account, setAccount] = useState<Option | null>(null)
  const bound = useQuery({
    ...accountPoliciesQuery(account?.value ?? ''),
    enabled: account !== null,
  })
  const inForce = useMemo(
    () => (account === null || bound.data === undefined ? null : readInForce(bound.data)),
    [account, bound.data],
  )
  const answer = useMemo(() => whatIf(form, policy, inForce ?? NOTHING_IN_FORCE), [form, policy, inForce])
  const faults = 'faults' in answer ? answer.faults : []
  const faultOf = (field: string) => (faults.some((one) => one.field === field) ? t.faultOf(field) : null)
  const change = (part: Partial<Asked>) => setForm((before) => ({ ...before, ...part }))
  const asked = policy === null ? t.askedInForceAlone : t.askedWithInForce
  const choose = (chosen: Option | null) => {
    setAccount(chosen)
    if (chosen !== null) change({ principal: `arn:aws:iam::${chosen.value}:role/Worker` })
  }
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Form className="flex flex-col gap-4" onSubmit={(event: FormEvent) => event.preventDefault()}>
        <ComboBox
          label={t.whatIfAccount}
          hint={t.whatIfAccountHint}
          value={account}
          onChange={choose}
          searchKey={['accounts', 'combo', 'what-if']}
          search={searchAccounts}
        />
        <Field
          label={t.principal}
          hint={t.principalHint}
          name="principal"
          value={form.principal}
          onChange={(principal) => change({ principal })}
          error={faultOf('principal')}
        />
        <ActionField
          label={t.action}
          hint={t.actionHint}
          value={form.action}
          onChange={(action) => change({ action })}
          error={faultOf('action')}
        />
        <Field
          label={t.resource}
          hint={t.resourceHint}
          name="resource"
          value={form.resource}
          onChange={(resource) => change({ resource })}
          error={faultOf('resource')}
        />
        <KeysField keys={form.keys} onChange={(keys) => change({ keys })} />
        <Radios
          label={t.unlisted}
          value={form.unlisted}
          onChange={(unlisted) => change({ unlisted })}
          options={[
            { value: 'unknown', label: t.unlistedUnknown },
            { value: 'absent', label: t.unlistedAbsent },
          ]}
        />
        <Radios
          label={t.own}
          value={form.own}
          onChange={(own) => change({ own })}
          options={[
            { value: 'allow', label: t.ownAllow },
            { value: 'unknown', label: t.ownUnknown },
          ]}
        />
      </Form>
      <div className="flex min-w-0 flex-col gap-4 self-start lg:sticky lg:top-24">
        <h3 className="text-std-18B-160">{t.whatIfAnswer}</h3>
        {policy !== null ? null : (
          <Notice kind="warning" title={inForce === null ? t.whatIfNeedsDraft : t.whatIfWithoutDraft} />
        )}
        {bound.error === null || account === null ? null : (
          <ErrorView error={bound.error} onRetry={() => void bound.refetch()} />
        )}
        {inForce !== null && inForce.unread.length > 0 ? (
          <Notice kind="warning" title={t.unreadPolicies(inForce.unread.join(', '))} />
        ) : null}
        {policy === null && inForce === null ? null : (
          <>
            <p className="text-solid-gray-700">
              {inForce === null ? t.askedDraftAlone : asked(account?.label ?? '')}
            </p>
            {'decision' in answer ? (
              <DecisionView decision={answer.decision} centre={answer.centre} />
            ) : (
              <p role="status">{t.mendForm}</p>
            )}
          </>
        )}
        {account !== null && bound.isFetching ? (
          <p>
            <Button look="quiet" small isPending>
              {t.loadingInForce}
            </Button>
          </p>
        ) : null}
      </div>
    </div>
  )
})
