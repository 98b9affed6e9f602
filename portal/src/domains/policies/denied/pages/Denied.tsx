import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../../../components/Button.tsx'
import { ComboBox } from '../../../../components/ComboBox.tsx'
import { ErrorView } from '../../../../components/ErrorView.tsx'
import { Field } from '../../../../components/Field.tsx'
import type { Option } from '../../../../components/options.tsx'
import { Page, Section } from '../../../../components/Page.tsx'
import { useTexts } from '../../../../i18n/messages.ts'
import { searchAccounts } from '../../api.ts'
import { askWhy } from '../ask.ts'
import { AnswerView } from '../components/AnswerView.tsx'
import { texts } from '../i18n/texts.ts'

export function Denied() {
  const t = useTexts(texts)
  const client = useQueryClient()
  const { account: given } = useSearch({ from: '/shell/denied' })
  const [text, setText] = useState('')
  const [account, setAccount] = useState<Option | null>(
    given === undefined ? null : { value: given, label: given },
  )
  const ask = useMutation({ mutationFn: () => askWhy(text, account?.value ?? null, client) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask.mutate()
  }
  return (
    <Page title={t.title} lead={t.lead}>
      <Form className="flex max-w-4xl flex-col gap-4" onSubmit={submit}>
        <Field
          label={t.pasted}
          hint={t.pastedHint}
          name="pasted"
          value={text}
          onChange={setText}
          multiline
          required
        />
        <ComboBox
          label={t.account}
          hint={t.accountHint}
          value={account}
          onChange={setAccount}
          searchKey={['accounts', 'combo', 'denied']}
          search={searchAccounts}
          className="max-w-xl"
        />
        <div>
          <Button type="submit" isPending={ask.isPending}>
            {t.ask}
          </Button>
        </div>
      </Form>
      {ask.error === null ? null : <ErrorView error={ask.error} />}
      {ask.data === undefined ? null : (
        <Section title={t.answer}>
          <div role="status" className="flex max-w-4xl flex-col gap-4">
            <AnswerView answer={ask.data} />
          </div>
        </Section>
      )}
    </Page>
  )
}
